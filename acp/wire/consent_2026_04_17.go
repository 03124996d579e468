package wire

import "github.com/acp-bridge/acp-bridge/acp/phrase"

type consentOptionBody struct {
	Channel    string `json:"channel"`
	Text       string `json:"display_text"`
	PrivacyURL string `json:"privacy_policy_url"`
}

// consentOptionsOf are what the buyer may be asked before completing. Whether
// they are subscribed already is not known here, so it is not said.
func consentOptionsOf(w View) []consentOptionBody {
	if !w.Session.Status.Open() {
		return nil
	}
	var options []consentOptionBody
	for _, o := range w.Session.ConsentOptions(w.Merchant) {
		if address := webAddress(o.PrivacyURL); address != "" {
			options = append(options, consentOptionBody{o.Channel, w.Language.Say(phrase.ConsentByEmail), address})
		}
	}
	return options
}
