package acp

import "slices"

// ConsentByEmail is the one channel over which a shop's marketing is offered.
const ConsentByEmail = "email"

// MarketingPrefix begins the names of an order's attributes about consents:
// acp_marketing_email is yes or no, and absent when the buyer was not asked.
const MarketingPrefix = "acp_marketing_"

// ConsentOption is marketing that a buyer may agree to.
type ConsentOption struct {
	Channel    string
	PrivacyURL string // the shop's privacy policy, which the protocol requires
}

// Consent is what the buyer decided about one channel.
type Consent struct {
	Channel string
	OptedIn bool
}

// ConsentOptions are what the buyer of an open session may be asked: nothing
// without a privacy policy to point to, and nothing where the shop's own
// checkout asks by itself.
func (s Session) ConsentOptions(m Merchant) []ConsentOption {
	if s.Handover != nil {
		return nil
	}
	at := slices.IndexFunc(m.Policies, func(l Link) bool { return l.Type == "privacy_policy" && l.URL != "" })
	if at < 0 {
		return nil
	}
	return []ConsentOption{{Channel: ConsentByEmail, PrivacyURL: m.Policies[at].URL}}
}

// consented keeps the decisions about channels that were offered; others are
// ignored, as the protocol asks (MarketingConsent: "Sellers SHOULD ignore
// entries that do not correspond to a channel"). Of two about one channel the
// later one counts.
func consented(given []Consent, offered []ConsentOption) []Consent {
	var kept []Consent
	for _, c := range given {
		if !slices.ContainsFunc(offered, func(o ConsentOption) bool { return o.Channel == c.Channel }) {
			continue
		}
		at := slices.IndexFunc(kept, func(k Consent) bool { return k.Channel == c.Channel })
		if at < 0 {
			kept = append(kept, c)
			continue
		}
		kept[at] = c
	}
	return kept
}

// attribute is what the shop's order says of the decision. It is a note for
// the shop, not a subscription: subscribing is up to the shop's own tools.
func (c Consent) attribute() NamedValue {
	decision := "no"
	if c.OptedIn {
		decision = "yes"
	}
	return NamedValue{MarketingPrefix + c.Channel, decision}
}
