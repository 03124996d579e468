package wire

import "github.com/acp-bridge/acp-bridge/acp"

// challengeBody is AuthenticationMetadata: what the agent's 3DS server asks
// about the shop.
type challengeBody struct {
	Acquirer        acquirerBody `json:"acquirer_details"`
	DirectoryServer string       `json:"directory_server"`
}

type acquirerBody struct {
	BIN          string `json:"acquirer_bin"`
	Country      string `json:"acquirer_country"`
	MerchantID   string `json:"acquirer_merchant_id"`
	MerchantName string `json:"merchant_name"`
	RequestorID  string `json:"requestor_id,omitempty"`
}

// challengeOf is shown while the session asks for it, and never else.
func challengeOf(s acp.Session) *challengeBody {
	if s.Status != acp.Authenticating || s.Challenge == nil {
		return nil
	}
	return &challengeBody{Acquirer: acquirerBody(s.Challenge.Acquirer), DirectoryServer: s.Challenge.DirectoryServer}
}
