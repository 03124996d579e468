package shopify

import (
	"crypto/rand"
	"fmt"
	"slices"
	"time"
)

// order is an order in the books. Amounts are minor units of the shop's currency.
type order struct {
	ID           int64         `json:"id"`
	Number       int           `json:"number"`
	Confirmation string        `json:"confirmation"`
	Token        string        `json:"token"` // of the status page
	DraftID      int64         `json:"draft_id"`
	CreatedAt    time.Time     `json:"created_at"`
	UpdatedAt    time.Time     `json:"updated_at"`
	CancelledAt  *time.Time    `json:"cancelled_at"`
	CancelReason string        `json:"cancel_reason"`
	Input        draftInput    `json:"input"`
	Priced       priced        `json:"priced"`
	Transactions []transaction `json:"transactions"`
	Fulfillments []fulfillment `json:"fulfillments"`
	Refunds      []refund      `json:"refunds"`
	IndexedAt    time.Time     `json:"indexed_at"`
	Searches     int           `json:"searches"`
}

type transaction struct {
	ID      int64     `json:"id"`
	Kind    string    `json:"kind"` // SALE, REFUND
	Gateway string    `json:"gateway"`
	Manual  bool      `json:"manual"`
	Amount  int64     `json:"amount"`
	At      time.Time `json:"at"`
	Parent  int64     `json:"parent"`
}

type fulfillment struct {
	ID       int64           `json:"id"`
	At       time.Time       `json:"at"`
	Company  string          `json:"company"`
	Tracking string          `json:"tracking"`
	URL      string          `json:"url"`
	Lines    []fulfilledLine `json:"lines"`
}

type fulfilledLine struct {
	ID       int64 `json:"id"`
	LineID   int64 `json:"line_id"`
	Quantity int64 `json:"quantity"`
}

type refund struct {
	ID           int64          `json:"id"`
	At           time.Time      `json:"at"`
	Note         string         `json:"note"`
	Amount       int64          `json:"amount"`
	Shipping     int64          `json:"shipping"`
	Sale         int64          `json:"sale"` // the payment that it gives back; 0: the first
	Lines        []refundedLine `json:"lines"`
	Transactions []int64        `json:"transactions"`
}

type refundedLine struct {
	ID       int64  `json:"id"`
	LineID   int64  `json:"line_id"`
	Quantity int64  `json:"quantity"`
	Restock  string `json:"restock"`
	Subtotal int64  `json:"subtotal"`
	Tax      int64  `json:"tax"`
}

func (s *Server) findOrder(id int64) *order {
	i := slices.IndexFunc(s.books.Orders, func(o *order) bool { return o.ID == id })
	if i < 0 {
		return nil
	}
	return s.books.Orders[i]
}

func (o *order) name() string { return fmt.Sprintf("#%d", o.Number) }

func (o *order) sum(kind string) int64 {
	var total int64
	for _, t := range o.Transactions {
		if t.Kind == kind {
			total += t.Amount
		}
	}
	return total
}

func (o *order) received() int64 { return o.sum("SALE") }
func (o *order) refunded() int64 { return o.sum("REFUND") }

func (o *order) outstanding() int64 {
	if o.CancelledAt != nil {
		return 0
	}
	return max(o.Priced.Quote.Total-o.received(), 0)
}

// authorize is the buyer paying in a shop that takes the money later.
func (o *order) authorize(s *Server) {
	o.Transactions = append(o.Transactions, transaction{
		ID: s.books.id(), Kind: "AUTHORIZATION", Gateway: "shopify_payments", Amount: o.outstanding(), At: s.now(),
	})
	o.UpdatedAt = s.now()
}

// financialStatus is displayFinancialStatus.
func (o *order) financialStatus() string {
	received, refunded := o.received(), o.refunded()
	switch {
	case refunded > 0 && refunded >= received:
		return "REFUNDED"
	case refunded > 0:
		return "PARTIALLY_REFUNDED"
	case received >= o.Priced.Quote.Total:
		return "PAID"
	case o.CancelledAt != nil:
		return "VOIDED"
	case received > 0:
		return "PARTIALLY_PAID"
	case o.sum("AUTHORIZATION") > 0:
		return "AUTHORIZED"
	}
	return "PENDING"
}

// fulfillmentStatus is displayFulfillmentStatus.
func (o *order) fulfillmentStatus() string {
	shipped, all := int64(0), units(o.Priced.Lines)
	for _, f := range o.Fulfillments {
		for _, l := range f.Lines {
			shipped += l.Quantity
		}
	}
	switch {
	case shipped == 0:
		return "UNFULFILLED"
	case shipped < all:
		return "PARTIALLY_FULFILLED"
	}
	return "FULFILLED"
}

// pay records that the buyer paid what is outstanding.
func (o *order) pay(s *Server, gateway string, manual bool) {
	if amount := o.outstanding(); amount > 0 || len(o.Transactions) == 0 {
		o.Transactions = append(o.Transactions, transaction{
			ID: s.books.id(), Kind: "SALE", Gateway: gateway, Manual: manual, Amount: amount, At: s.now(),
		})
	}
	o.UpdatedAt = s.now()
}

// refundedUnits of a line, over all refunds.
func (o *order) refundedUnits(line int64) int64 {
	var n int64
	for _, r := range o.Refunds {
		for _, l := range r.Lines {
			if l.LineID == line {
				n += l.Quantity
			}
		}
	}
	return n
}

func (o *order) fulfilledUnits(line int64) int64 {
	var n int64
	for _, f := range o.Fulfillments {
		for _, l := range f.Lines {
			if l.LineID == line {
				n += l.Quantity
			}
		}
	}
	return n
}

func (o *order) findLine(id int64) *pricedLine {
	for i := range o.Priced.Lines {
		if o.Priced.Lines[i].ID == id {
			return &o.Priced.Lines[i]
		}
	}
	return nil
}

// confirmation is the number that a buyer is told, nine letters and digits without
// those that are mistaken for each other.
func confirmation() string {
	const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	raw := make([]byte, 9)
	_, _ = rand.Read(raw) // never fails: crypto/rand aborts the process instead
	for i := range raw {
		raw[i] = alphabet[int(raw[i])%len(alphabet)]
	}
	return string(raw)
}
