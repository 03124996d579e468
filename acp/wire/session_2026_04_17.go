package wire

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// sessionBody is CheckoutSession of 2026-04-17, with the fields that this app
// fills.
type sessionBody struct {
	ID                 string              `json:"id"`
	Protocol           protocolBody        `json:"protocol"`
	Capabilities       capabilitiesBody    `json:"capabilities"`
	Buyer              *buyerBody          `json:"buyer,omitempty"`
	Status             acp.Status          `json:"status"`
	Currency           acp.Currency        `json:"currency"`
	Locale             string              `json:"locale,omitempty"`
	Timezone           string              `json:"timezone,omitempty"`
	LineItems          []lineItemBody      `json:"line_items"`
	FulfillmentDetails *fulfillmentBody    `json:"fulfillment_details,omitempty"`
	Options            []optionBody        `json:"fulfillment_options"`
	Selected           []selectionBody     `json:"selected_fulfillment_options,omitempty"`
	Totals             []totalBody         `json:"totals"`
	Messages           []messageBody       `json:"messages"`
	Links              []linkBody          `json:"links"`
	CreatedAt          string              `json:"created_at,omitempty"`
	UpdatedAt          string              `json:"updated_at,omitempty"`
	ExpiresAt          string              `json:"expires_at,omitempty"`
	ContinueURL        string              `json:"continue_url,omitempty"`
	Metadata           json.RawMessage     `json:"metadata,omitempty"`
	Discounts          *discountsBody      `json:"discounts,omitempty"`
	Consents           []consentOptionBody `json:"marketing_consent_options,omitempty"`
	Authentication     *challengeBody      `json:"authentication_metadata,omitempty"`
	Order              *orderBody          `json:"order,omitempty"`
}

type protocolBody struct {
	Version Version `json:"version"`
}

func session20260417(w View) (sessionBody, error) {
	s := lapsed(w.Session)
	if err := sayable20260417(s.Status); err != nil {
		return sessionBody{}, err
	}
	if s.Status == acp.Authenticating && s.Challenge == nil {
		return sessionBody{}, &acp.Error{Kind: acp.KindInternal, Message: "the session asks for an authentication and does not say how"}
	}
	order, err := orderOf(w)
	if err != nil {
		return sessionBody{}, err
	}
	return sessionBody{
		ID: string(s.ID), Protocol: protocolBody{V20260417}, Capabilities: capabilitiesOf(w),
		Buyer: buyerOf(s.Buyer), Status: s.Status, Currency: s.Currency, Locale: s.Locale, Timezone: s.Timezone,
		LineItems: lineItemsOf(w.Language, s), FulfillmentDetails: fulfillmentOf(s.Fulfillment),
		Options: optionsOf(w.Language, s), Selected: selectedOf(s),
		Totals: totalsOf(w.Language, s.Totals, shipped(s)), Messages: messagesOf(w.Language, s.Messages), Links: linksOf(w.Merchant.Policies),
		CreatedAt: at(s.CreatedAt), UpdatedAt: at(s.UpdatedAt), ExpiresAt: at(s.ExpiresAt),
		ContinueURL: webAddress(w.ContinueURL), Metadata: json.RawMessage(s.Metadata),
		Discounts: discountsOf(w.Language, s), Order: order,
		Consents: consentOptionsOf(w), Authentication: challengeOf(s),
	}, nil
}

// lapsed is a session that, once it has expired, says that and nothing of what
// could have been done about it before.
func lapsed(s acp.Session) acp.Session {
	if s.Status == acp.Expired {
		s.Messages = []acp.Message{{Type: acp.Info, Text: acp.TextExpired}}
	}
	return s
}

// sayable20260417 makes sure that the version has a word for a status: the
// domain speaks the newest version's words, which are this one's.
func sayable20260417(s acp.Status) error {
	switch s {
	case acp.NotReady, acp.Ready, acp.Escalated, acp.Authenticating, acp.InProgress, acp.PendingApproval,
		acp.Completed, acp.Canceled, acp.Expired:
		return nil
	default:
		return &acp.Error{Kind: acp.KindInternal, Message: fmt.Sprintf("session status %q has no word in %s", s, V20260417)}
	}
}

// at writes a moment as RFC 3339 in UTC, "" for none.
func at(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return moment(t)
}

// moment writes a time that the schema requires.
func moment(t time.Time) string { return t.UTC().Format(time.RFC3339) }

type linkBody struct {
	Type  string `json:"type"`
	Title string `json:"title,omitempty"`
	URL   string `json:"url"`
}

// linksOf keeps the policies that the protocol has a type for.
func linksOf(policies []acp.Link) []linkBody {
	links := []linkBody{}
	for _, p := range policies {
		switch p.Type {
		case "terms_of_use", "privacy_policy", "return_policy", "shipping_policy", "contact_us", "about_us", "faq", "support":
			if address := webAddress(p.URL); address != "" {
				links = append(links, linkBody{Type: p.Type, Title: p.Title, URL: address})
			}
		}
	}
	return links
}
