package app

import (
	"context"
	"fmt"
	"net/http"
)

// deed is what is done to an order that was paid: by staff in Shopify or at the
// provider, or by the buyer's bank.
type deed struct {
	at     string // shop, provider, or bank
	refund int64  // minor units
	cancel bool   // with the money
}

var (
	shopRefund     = deed{at: "shop", refund: 125}
	secondRefund   = deed{at: "shop", refund: 30}
	providerRefund = deed{at: "provider", refund: 70}
	shopCancel     = deed{at: "shop", cancel: true}
	bankDispute    = deed{at: "bank"}
)

// act does the next deed, or all of them at once; one that cannot be done yet
// is tried again later.
func (s *schedule) act(ctx context.Context, w *crashWorld) (acted bool) {
	for s.deeds < len(s.after) {
		d := s.after[s.deeds]
		a, err := w.do(ctx, s, d)
		s.note("%s: %d %v", d, a.Status, err)
		if err != nil || a.Status != http.StatusOK {
			return acted
		}
		s.did(d)
		if acted = true; !s.hasty {
			return acted
		}
	}
	return acted
}

// did writes down what must be found on both sides in the end.
func (s *schedule) did(d deed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.deeds == 0 {
		s.sale = s.calls
	}
	s.deeds++
	switch {
	case d.cancel:
		s.canceled, s.refunds, s.refunded = true, s.refunds+1, s.session.total()
	case d.refund > 0:
		s.refunds, s.refunded = s.refunds+1, s.refunded+d.refund
	default:
		s.disputed = true
	}
}

func (d deed) String() string {
	switch {
	case d.cancel:
		return "canceled in the shop"
	case d.refund > 0:
		return fmt.Sprintf("%d refunded, %s", d.refund, d.at)
	default:
		return "disputed"
	}
}

// do finds the order and its payment in the stand-ins' books.
func (w *crashWorld) do(ctx context.Context, s *schedule, d deed) (reply, error) {
	b := w.books(w.page)
	if d.at == "shop" {
		for _, o := range b.Orders {
			if !mine(s, o.Attributes) {
				continue
			}
			how, what := map[string]any{"amount": fmt.Sprintf("%d.%02d", d.refund/100, d.refund%100)}, "/refund"
			if d.cancel {
				how, what = map[string]any{}, "/cancel"
			}
			if o.Financial == "PENDING" {
				return reply{Status: http.StatusConflict}, nil // staff wait until it is paid
			}
			return w.request(ctx, http.MethodPost, w.around.shopifyURL()+"/_sandbox/orders/"+numericTail(o.ID)+what, "", how)
		}
	}
	for _, p := range b.Payments {
		if p.Metadata["acp_session"] != s.session.ID || p.Received == 0 {
			continue
		}
		at := w.around.stripeURL() + "/_sandbox/payments/" + p.ID
		if d.at == "bank" {
			return w.request(ctx, http.MethodPost, at+"/dispute", "", map[string]any{})
		}
		return w.request(ctx, http.MethodPost, at+"/refund", "", map[string]any{"amount": d.refund})
	}
	return reply{Status: http.StatusNotFound}, nil
}
