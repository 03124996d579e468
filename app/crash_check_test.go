package app

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// crashBooks are what the stand-ins know of the checkouts of a batch.
type crashBooks struct {
	Orders []struct {
		ID         string                        `json:"id"`
		CanceledAt *string                       `json:"cancelledAt"`
		Financial  string                        `json:"displayFinancialStatus"`
		Attributes []struct{ Key, Value string } `json:"customAttributes"`
		Tags       []string                      `json:"tags"`
		Total      shopMoney                     `json:"totalPriceSet"`
		Refunds    []struct {
			Total shopMoney `json:"totalRefundedSet"`
		} `json:"refunds"`
	} `json:"orders"`
	Drafts []struct {
		ID         string                        `json:"id"`
		Status     string                        `json:"status"`
		Attributes []struct{ Key, Value string } `json:"customAttributes"`
	} `json:"draft_orders"`
	Payments []struct {
		ID         string            `json:"id"`
		Status     string            `json:"status"`
		Received   int64             `json:"amount_received"`
		Refunded   int64             `json:"amount_refunded"`
		Capturable int64             `json:"amount_capturable"`
		Metadata   map[string]string `json:"metadata"`
	} `json:"payments"`
	Refunds []struct {
		Payment string `json:"payment_intent"`
		Status  string `json:"status"`
	} `json:"refunds"`
	Sales []struct {
		Taken    int64             `json:"taken"`
		Refunded int64             `json:"refunded"`
		Refunds  int               `json:"refunds"`
		Labels   map[string]string `json:"labels"`
	} `json:"sales"`
}

type shopMoney struct {
	Shop struct {
		Amount string `json:"amount"`
	} `json:"shopMoney"`
}

func (w *crashWorld) books(since int64) (b crashBooks) {
	w.t.Helper()
	for _, at := range []string{w.around.shopifyURL(), w.around.stripeURL(), w.around.tillURL()} {
		refunds := b.Refunds
		w.must(w.request(w.t.Context(), http.MethodGet, fmt.Sprintf("%s/_sandbox/state?since=%d", at, since), "", nil)).decode(w.t, &b)
		if b.Refunds == nil {
			b.Refunds = refunds
		}
	}
	return b
}

// tally is a checkout as the outside sees it.
type tally struct {
	status          string
	orders, drafts  int
	unpaid          int // orders that are not marked paid
	total           int64
	captured        int64 // net of what was given back
	captures        int
	held, undecided int64

	canceled     int   // orders, beside those above
	noted, backs int   // refunds that the shop and the provider have
	notedSum     int64 // of those that the shop has
	tagged       bool  // as disputed
}

func (w *crashWorld) tally(s *schedule, b crashBooks) (y tally) {
	w.t.Helper()
	y.status = fmt.Sprint(w.must(w.request(w.t.Context(), http.MethodGet, w.app+"/checkout_sessions/"+s.session.ID, "", nil)).Body["status"])
	for _, o := range b.Orders {
		if !mine(s, o.Attributes) {
			continue
		}
		for _, r := range o.Refunds {
			y.noted++
			y.notedSum += minor(w, r.Total.Shop.Amount)
		}
		y.tagged = slices.Contains(o.Tags, disputeTagged)
		if o.CanceledAt != nil {
			y.canceled++
			continue
		}
		y.orders++
		y.total += minor(w, o.Total.Shop.Amount)
		if o.Financial != "PAID" && o.Financial != "PARTIALLY_REFUNDED" {
			y.unpaid++
		}
	}
	for _, d := range b.Drafts {
		if mine(s, d.Attributes) && d.Status != "COMPLETED" {
			y.drafts++
		}
	}
	for _, p := range b.Payments {
		if p.Metadata["acp_session"] != s.session.ID {
			continue
		}
		y.captured += p.Received - p.Refunded
		y.held += p.Capturable
		for _, r := range b.Refunds {
			if r.Payment == p.ID && r.Status == "succeeded" {
				y.backs++
			}
		}
		if p.Received > p.Refunded {
			y.captures++
		}
		if p.Status == "requires_action" || p.Status == "processing" {
			y.undecided++
		}
	}
	for _, v := range b.Sales {
		if v.Labels["session"] != s.session.ID {
			continue
		}
		y.captured += v.Taken - v.Refunded
		y.backs += v.Refunds
		if v.Taken > v.Refunded {
			y.captures++
		}
	}
	return y
}

func mine(s *schedule, attributes []struct{ Key, Value string }) bool {
	for _, a := range attributes {
		if a.Key == "acp_session_id" {
			return a.Value == s.session.ID
		}
	}
	return false
}

// minor reads an amount in dollars as cents.
func minor(w *crashWorld, amount string) (cents int64) {
	whole, part, _ := strings.Cut(amount, ".")
	if _, err := fmt.Sscanf(whole+(part + "00")[:2], "%d", &cents); err != nil {
		w.t.Fatalf("amount %q: %v", amount, err)
	}
	return cents
}

// wrong says what is wrong with a checkout that has come to rest: there must be
// one order and one capture of the quoted amount, or no order and nothing held.
func (y tally) wrong(s *schedule, told bool) string {
	quoted := s.session.total()
	if y.held != 0 || y.undecided != 0 {
		return "money is still held"
	}
	if y.orders+y.canceled == 0 && y.captured == 0 {
		switch {
		case y.status == "completed" || y.status == "complete_in_progress":
			return "nothing was sold, but the session does not say so"
		case told:
			return "the agent was told of a sale that is none"
		}
		return ""
	}
	switch {
	case y.orders+y.canceled != 1:
		return "not one order"
	case (y.canceled == 1) != s.canceled:
		return "an order was canceled, or was not"
	case s.deeds > 0 && (y.noted != s.refunds || y.backs != s.refunds || y.notedSum != s.refunded):
		return "not each refund once on both sides"
	case y.tagged != s.disputed:
		return "an order was tagged as disputed, or was not"
	case s.canceled && y.captured != 0:
		return "the money of a canceled order was kept"
	case s.canceled:
		return ""
	case y.captures != 1 || y.captured != quoted-s.refunded:
		return "not one capture of the quoted amount"
	case y.total != quoted:
		return "the order has another total than was quoted"
	case y.status != "completed":
		return "sold, but the session does not say so"
	case y.unpaid != 0:
		return "the order is not marked paid"
	}
	return ""
}
