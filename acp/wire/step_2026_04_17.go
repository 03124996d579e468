package wire

import (
	"slices"

	"github.com/acp-bridge/acp-bridge/acp"
)

// What 2026-04-17 changed: orders became whole ones, messages tell how to
// resolve them, 3DS needs no browser's data, addresses have a company, handlers a place in the list, and
// requests take order notes and marketing consents.

// readComplete20260130 reads a request whose agent cannot be asked for 3DS:
// before 2026-04-17 authentication_metadata has to hold what the buyer's
// browser is and can do, which a shop behind an agent never sees.
func readComplete20260130(body *node) acp.CompleteRequest {
	r := readComplete20260417(body)
	r.Authenticates = false
	return r
}

// without3DS shows a session that waits for the agent to have the card holder
// authenticated, which an agent of a newer version was asked for, as one that
// needs another way to pay.
func without3DS(w View) View {
	if w.Session.Status == acp.Authenticating {
		w.Session.Status = acp.NotReady
		w.Session.Messages = append(slices.Clone(w.Session.Messages), acp.Message{
			Type: acp.Problem, Code: acp.CodeRequires3DS, Text: acp.TextConfirmationNeeded,
		})
	}
	return w
}

// lowerError20260417 shows an error in the words of 2026-01-30, and of every
// version before it.
func lowerError20260417(e Error) Error {
	e.SupportedVersions = nil
	if e.Code == CodeIdempotencyConflict {
		e.Type = typeNotIdempotent
	}
	return e
}

type session20260130 struct {
	sessionBody
	Order *order20260130 `json:"order,omitempty"`
}

type order20260130 struct {
	ID           string            `json:"id"`
	SessionID    acp.SessionID     `json:"checkout_session_id"`
	Number       string            `json:"order_number,omitempty"`
	PermalinkURL string            `json:"permalink_url"`
	Status       string            `json:"status,omitempty"`
	Confirmation *confirmationBody `json:"confirmation,omitempty"`
}

// orderStatuses20260130 are the words for a status that the version has; about
// any other it says nothing.
var orderStatuses20260130 = map[string]string{
	"created": "processing", "confirmed": "confirmed", "processing": "processing",
	"shipped": "shipped", "completed": "delivered", "delivered": "delivered",
}

// lower20260417 shows a session in the words of 2026-01-30.
func lower20260417(s sessionBody) session20260130 {
	s.Protocol.Version = V20260130
	for i := range s.Messages {
		s.Messages[i].Resolution = ""
	}
	s.Consents = nil
	s.Capabilities = lowerCapabilities20260417(s.Capabilities)
	if s.FulfillmentDetails != nil {
		withoutCompany(s.FulfillmentDetails.Address)
	}
	for _, o := range s.Options {
		if o.Location != nil {
			withoutCompany(o.Location.Address)
		}
	}
	return session20260130{sessionBody: s, Order: lowerOrder20260417(s.Order)}
}

// lowerCapabilities20260417 promises no 3DS: the version's agents are never
// asked for it (readComplete20260130).
func lowerCapabilities20260417(c capabilitiesBody) capabilitiesBody {
	c.Interventions.Supported = slices.DeleteFunc(c.Interventions.Supported, func(name string) bool {
		return name == acp.Intervention3DS
	})
	handlers := c.Payment.Handlers
	for i := range handlers {
		handlers[i].DisplayName, handlers[i].DisplayOrder, handlers[i].Config.Supports3DS = "", nil, false
	}
	return c
}

func withoutCompany(a *addressBody) {
	if a != nil {
		a.Company = ""
	}
}

func lowerOrder20260417(o *orderBody) *order20260130 {
	if o == nil {
		return nil
	}
	return &order20260130{
		ID: o.ID, SessionID: o.SessionID, Number: o.Number, PermalinkURL: o.PermalinkURL,
		Status: orderStatuses20260130[o.Status], Confirmation: o.Confirmation,
	}
}
