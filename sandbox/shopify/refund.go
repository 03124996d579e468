package shopify

import (
	"fmt"
	"slices"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify/pricing"
)

// createRefund needs @idempotent since 2026-04: Shopify fails without it although the
// schema does not show that. The same key answers with the refund it made.
func (s *Server) createRefund(c rootCall) (any, error) {
	directive := c.field.Directives.ForName("idempotent")
	if directive == nil {
		return nil, coded("BAD_REQUEST", "The @idempotent directive is required for this mutation but was not provided.")
	}
	in := fields(c.args["input"])
	o := s.findOrder(idOf("Order", in["orderId"]))
	if o == nil {
		return refused("Order does not exist", "", "orderId"), nil
	}
	key := fmt.Sprintf("%d/%s", o.ID, text(directive.ArgumentMap(c.vars)["key"]))
	if id, made := s.books.Refunds[key]; made {
		i := slices.IndexFunc(o.Refunds, func(r refund) bool { return r.ID == id })
		return done(object{"order": s.order(o), "refund": s.refund(o, &o.Refunds[i])}), nil
	}
	r, err := s.readRefund(o, in)
	if err != nil {
		return asRefusal(err)
	}
	made := s.addRefund(o, r)
	s.books.Refunds[key] = made.ID
	s.notify("orders/updated", s.orderPayload(o))
	return done(object{"order": s.order(o), "refund": s.refund(o, made)}), nil
}

func (s *Server) readRefund(o *order, in map[string]any) (refund, error) {
	r := refund{Note: text(in["note"])}
	for _, t := range objects(in["transactions"]) {
		amount, err := pricing.Parse(text(t["amount"]), s.decimal)
		if err != nil || amount < 0 || text(t["kind"]) != "REFUND" {
			return r, wrong("Transaction is invalid", "transactions")
		}
		r.Amount += amount
		r.Sale = idOf("OrderTransaction", t["parentId"])
	}
	if left := o.received() - o.refunded(); r.Amount > left && !flag(in["allowOverRefunding"]) {
		return r, wrong("Refund amount cannot be greater than the amount available to refund", "transactions")
	}
	for _, item := range objects(in["refundLineItems"]) {
		line, err := s.refundLine(o, item)
		if err != nil {
			return r, err
		}
		r.Lines = append(r.Lines, line)
	}
	shipping := fields(in["shipping"])
	if flag(shipping["fullRefund"]) {
		r.Shipping = o.Priced.Quote.ShippingTotal
	} else if shipping["amount"] != nil {
		amount, err := pricing.Parse(text(shipping["amount"]), s.decimal)
		if err != nil || amount < 0 || amount > o.Priced.Quote.ShippingTotal {
			return r, wrong("Shipping amount is invalid", "shipping")
		}
		r.Shipping = amount
	}
	return r, nil
}

func (s *Server) refundLine(o *order, item map[string]any) (refundedLine, error) {
	l := o.findLine(idOf("LineItem", item["lineItemId"]))
	quantity := whole(item["quantity"])
	if l == nil || quantity < 1 || quantity > l.Quantity-o.refundedUnits(l.ID) {
		return refundedLine{}, wrong("Quantity cannot refund more items than were purchased", "refundLineItems")
	}
	restock := text(item["restockType"])
	if restock == "" {
		restock = "NO_RESTOCK"
	}
	return refundOf(*l, quantity, restock), nil
}

// refundOf is the share of a line that so many units make up.
func refundOf(l pricedLine, quantity int64, restock string) refundedLine {
	var tax int64
	for _, t := range l.Amounts.Taxes {
		tax += t.Amount
	}
	rest := l.Quantity - quantity
	return refundedLine{
		LineID: l.ID, Quantity: quantity, Restock: restock,
		Subtotal: pricing.Apportion(l.Amounts.Net(), []int64{quantity, rest})[0], Tax: pricing.Apportion(tax, []int64{quantity, rest})[0],
	}
}

// addRefund writes a refund down, moves its money back and restocks what it says.
func (s *Server) addRefund(o *order, r refund) *refund {
	r.ID, r.At = s.books.id(), s.now()
	o.UpdatedAt = r.At
	if r.Amount > 0 {
		t := transaction{ID: s.books.id(), Kind: "REFUND", Gateway: "manual", Manual: true, Amount: r.Amount, At: r.At}
		sale := slices.IndexFunc(o.Transactions, func(t transaction) bool {
			return t.Kind == "SALE" && (r.Sale == 0 || t.ID == r.Sale)
		})
		if sale >= 0 {
			t.Parent, t.Gateway, t.Manual = o.Transactions[sale].ID, o.Transactions[sale].Gateway, o.Transactions[sale].Manual
		}
		o.Transactions = append(o.Transactions, t)
		r.Transactions = append(r.Transactions, t.ID)
	}
	for i := range r.Lines {
		r.Lines[i].ID = s.books.id()
		if l := o.findLine(r.Lines[i].LineID); l != nil && r.Lines[i].Restock != "NO_RESTOCK" {
			back := *l
			back.Quantity = r.Lines[i].Quantity
			s.move([]pricedLine{back}, 1)
		}
	}
	o.Refunds = append(o.Refunds, r)
	s.notify("refunds/create", s.refundPayload(o, &o.Refunds[len(o.Refunds)-1]))
	return &o.Refunds[len(o.Refunds)-1]
}
