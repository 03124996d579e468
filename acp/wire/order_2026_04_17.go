package wire

import (
	"cmp"
	"fmt"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/phrase"
)

type orderBody struct {
	Type         string            `json:"type"`
	ID           string            `json:"id"`
	SessionID    acp.SessionID     `json:"checkout_session_id"`
	Number       string            `json:"order_number,omitempty"`
	PermalinkURL string            `json:"permalink_url"`
	Status       string            `json:"status"`
	Confirmation *confirmationBody `json:"confirmation,omitempty"`
	LineItems    []orderLineBody   `json:"line_items"`
	Fulfillments []parcelBody      `json:"fulfillments"`
	Adjustments  []adjustmentBody  `json:"adjustments"`
	Totals       []totalBody       `json:"totals"`
}

type confirmationBody struct {
	Number string `json:"confirmation_number"`
}

type orderLineBody struct {
	ID       string            `json:"id"`
	Title    string            `json:"title"`
	Quantity orderQuantityBody `json:"quantity"`
	Unit     int64             `json:"unit_price"`
	Subtotal int64             `json:"subtotal"`
	Status   string            `json:"status"`
}

type orderQuantityBody struct {
	Ordered   int64 `json:"ordered"`
	Current   int64 `json:"current"`
	Fulfilled int64 `json:"fulfilled"`
}

// EncodeOrderEvent writes an order event of the newest version: its type and
// the whole order, never a delta. It fails with KindInternal when the order has
// no page that a buyer can open, which the protocol requires.
func EncodeOrderEvent(e acp.OrderEvent) ([]byte, error) {
	o := e.Order
	o.Session = cmp.Or(o.Session, e.Session)
	order, err := orderBodyOf(LanguageFor("", o.Locale), o, "")
	if err != nil {
		return nil, err
	}
	return encode(struct {
		Type acp.EventType `json:"type"`
		Data *orderBody    `json:"data"`
	}{e.Type, order})
}

// orderOf is the order of a completed session, and of one that the shop's staff
// look at; nil of any other: a declined payment leaves a session without one.
func orderOf(w View) (*orderBody, error) {
	s := w.Session
	if (s.Status != acp.Completed && s.Status != acp.PendingApproval) || s.Order == nil {
		return nil, nil
	}
	o := *s.Order
	o.Session = cmp.Or(o.Session, s.ID)
	return orderBodyOf(w.Language, o, w.Merchant.StorefrontURL)
}

func orderBodyOf(l phrase.Language, o acp.Order, fallback string) (*orderBody, error) {
	permalink := cmp.Or(webAddress(o.URL), webAddress(fallback))
	if permalink == "" {
		return nil, &acp.Error{Kind: acp.KindInternal, Message: fmt.Sprintf("order %s has no page to link to", o.ID)}
	}
	body := &orderBody{
		Type: "order", ID: cmp.Or(o.PublicID, o.ID), SessionID: o.Session, Number: o.Name, PermalinkURL: permalink, Status: orderStatusOf(o),
		LineItems: orderLinesOf(o), Fulfillments: parcelsOf(o), Adjustments: adjustmentsOf(o), Totals: totalsOf(l, o.Totals, true),
	}
	if o.Confirmation != "" {
		body.Confirmation = &confirmationBody{o.Confirmation}
	}
	if o.Refunded != 0 {
		body.Totals = append(body.Totals, totalBody{Type: "amount_refunded", DisplayText: l.Say(phrase.TitleRefunded), Amount: o.Refunded})
	}
	return body, nil
}

// orderStatusOf puts the status into the defined values of the protocol:
// completed means that everything has arrived, which Shopify's "fulfilled"
// does not say.
func orderStatusOf(o acp.Order) string {
	if o.Status != acp.OrderFulfilled {
		return string(o.Status)
	}
	for _, f := range o.Fulfillments {
		if f.Kind != acp.Digital && f.Status != "delivered" && f.Status != "canceled" {
			return string(acp.OrderShipped)
		}
	}
	return "completed"
}

// orderLinesOf leaves out lines that nothing was ordered of.
func orderLinesOf(o acp.Order) []orderLineBody {
	lines := []orderLineBody{}
	for _, l := range o.Lines {
		if l.Ordered < 1 {
			continue
		}
		lines = append(lines, orderLineBody{
			ID: l.ID, Title: l.Title, Unit: l.Unit, Subtotal: l.Subtotal, Status: l.Status(),
			Quantity: orderQuantityBody{Ordered: l.Ordered, Current: max(l.Current, 0), Fulfilled: max(l.Fulfilled, 0)},
		})
	}
	return lines
}
