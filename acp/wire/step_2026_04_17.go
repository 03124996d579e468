package wire

import "github.com/acp-bridge/acp-bridge/acp"

// What 2026-04-17 changed: orders became whole ones, messages tell how to
// resolve them, addresses have a company, handlers a place in the list, and
// requests take order notes and marketing consents.

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
	handlers := s.Capabilities.Payment.Handlers
	for i := range handlers {
		handlers[i].DisplayName, handlers[i].DisplayOrder = "", nil
	}
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
