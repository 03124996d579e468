package store

import "github.com/acp-bridge/acp-bridge/acp"

const attemptCryptogramColumn = "sessions.attempt_cryptogram"

type authenticationDocument struct {
	Outcome       string `json:"outcome"`
	Cryptogram    string `json:"cryptogram,omitzero"` // sealed
	ECI           string `json:"eci,omitzero"`
	TransactionID string `json:"transaction_id,omitzero"`
	Version       string `json:"version,omitzero"`
}

func (s *Store) newAuthenticationDocument(a *acp.Authentication, owner string) *authenticationDocument {
	if a == nil {
		return nil
	}
	return &authenticationDocument{
		Outcome: a.Outcome, Cryptogram: s.Sealer.seal(a.Cryptogram, attemptCryptogramColumn, owner),
		ECI: a.ECI, TransactionID: a.TransactionID, Version: a.Version,
	}
}

func (s *Store) authentication(d *authenticationDocument, owner string) (*acp.Authentication, error) {
	if d == nil {
		return nil, nil
	}
	cryptogram, err := s.Sealer.open(d.Cryptogram, attemptCryptogramColumn, owner)
	return &acp.Authentication{
		Outcome: d.Outcome, Cryptogram: cryptogram, ECI: d.ECI, TransactionID: d.TransactionID, Version: d.Version,
	}, err
}

type challengeDocument struct {
	Acquirer        acquirerDocument `json:"acquirer"`
	DirectoryServer string           `json:"directory_server"`
}

type acquirerDocument struct {
	BIN          string `json:"bin"`
	Country      string `json:"country"`
	MerchantID   string `json:"merchant_id"`
	MerchantName string `json:"merchant_name"`
	RequestorID  string `json:"requestor_id,omitzero"`
}

func newChallengeDocument(c *acp.Challenge) *challengeDocument {
	if c == nil {
		return nil
	}
	return &challengeDocument{Acquirer: acquirerDocument(c.Acquirer), DirectoryServer: c.DirectoryServer}
}

func (d *challengeDocument) challenge() *acp.Challenge {
	if d == nil {
		return nil
	}
	return &acp.Challenge{Acquirer: acp.Acquirer(d.Acquirer), DirectoryServer: d.DirectoryServer}
}
