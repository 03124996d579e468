package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

// sold is an order that was paid by token, with everything that hears of it.
type sold struct {
	*running
	t       *testing.T
	order   string // Shopify's number
	payment string // Stripe's id
	key     string // Stripe's secret key
	total   int64
	session acp.SessionID
}

// sell plays a purchase and waits until it is paid and told.
func sell(t *testing.T, r *running, stripeKey string) sold {
	t.Helper()
	return sellBy(t, r, stripeKey, "pm_card_visa")
}

func sellBy(t *testing.T, r *running, stripeKey, card string) sold {
	t.Helper()
	s := r.payable(t)
	r.insist(t, "/checkout_sessions/"+s.ID+"/complete", r.key(), payment(r.token(t, s.total(), card))).decode(t, &s)
	r.soldOnce(t, s)
	r.eventually(t, "the agent hears that it is paid", func() bool { return strings.Contains(r.lastEvent(t), `"confirmed"`) })
	return sold{running: r, t: t, order: numericTail(r.shop(t).Orders[0].ID), payment: r.aftermath(t).Payments[0].ID, key: stripeKey, total: s.total(), session: acp.SessionID(s.ID)}
}

// aftermath is what the stand-ins remember of refunds.
type aftermathBooks struct {
	Payments []struct {
		ID       string `json:"id"`
		Refunded int64  `json:"amount_refunded"`
		Status   string `json:"status"`
	} `json:"payments"`
	Refunds []struct {
		ID       string            `json:"id"`
		Amount   int64             `json:"amount"`
		Status   string            `json:"status"`
		Metadata map[string]string `json:"metadata"`
	} `json:"refunds"`
	Events struct{ Due int } `json:"events"`
}

func (r *running) aftermath(t *testing.T) (books aftermathBooks) {
	t.Helper()
	r.send(t, http.MethodGet, r.StripeURL+"/_sandbox/state", "", "", nil).decode(t, &books)
	return books
}

// inShop is what Shopify shows of the order.
type shopOrder struct {
	Financial string   `json:"displayFinancialStatus"`
	Canceled  *string  `json:"cancelledAt"`
	Tags      []string `json:"tags"`
	Refunds   []struct {
		ID    string `json:"id"`
		Note  string `json:"note"`
		Total struct {
			Presentment struct{ Amount string } `json:"presentmentMoney"`
		} `json:"totalRefundedSet"`
	} `json:"refunds"`
}

func (s sold) inShop() shopOrder {
	s.t.Helper()
	var books struct {
		Orders []shopOrder `json:"orders"`
	}
	s.send(s.t, http.MethodGet, s.ShopifyURL+"/_sandbox/state", "", "", nil).decode(s.t, &books)
	if len(books.Orders) != 1 {
		s.t.Fatalf("%d orders", len(books.Orders))
	}
	return books.Orders[0]
}

// staff do something to the order in Shopify.
func (s sold) staff(deed string, how map[string]any) {
	s.t.Helper()
	got := s.send(s.t, http.MethodPost, s.ShopifyURL+"/_sandbox/orders/"+s.order+"/"+deed, "", "", how)
	if got.Status != http.StatusOK {
		s.t.Fatalf("%s: %d %s", deed, got.Status, got.Raw)
	}
}

// atStripe calls Stripe as staff do in its dashboard.
func (s sold) atStripe(path string, form url.Values) reply {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.StripeURL+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+s.key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %d", path, resp.StatusCode)
	}
	return reply{Status: resp.StatusCode}
}

func (s sold) refundAtStripe(amount int64) {
	s.t.Helper()
	s.atStripe("/v1/refunds", url.Values{"payment_intent": {s.payment}, "amount": {fmt.Sprint(amount)}})
}

// adjustments are what the agent last heard.
type adjustment struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	Status string `json:"status"`
	Amount int64  `json:"amount"`
}

func (s sold) adjustments() (list []adjustment, refunded int64) {
	s.t.Helper()
	var event struct {
		Data struct {
			Adjustments []adjustment `json:"adjustments"`
			Totals      []struct {
				Type   string `json:"type"`
				Amount int64  `json:"amount"`
			} `json:"totals"`
		} `json:"data"`
	}
	last := s.lastEvent(s.t)
	if last == "" {
		return nil, 0
	}
	reply{Raw: last}.decode(s.t, &event)
	for _, total := range event.Data.Totals {
		if total.Type == "amount_refunded" {
			refunded = total.Amount
		}
	}
	return event.Data.Adjustments, refunded
}

// comesTo waits until both sides and the agent say that so much was refunded,
// in so many refunds, and checks that it stays so.
func (s sold) comesTo(refunded int64, refunds int) {
	s.t.Helper()
	s.eventually(s.t, fmt.Sprintf("%d is refunded everywhere", refunded), func() bool {
		list, told := s.adjustments()
		done := 0
		for _, a := range list {
			if a.Type == "refund" && a.Status == "completed" {
				done++
			}
		}
		return s.aftermath(s.t).Payments[0].Refunded == refunded && told == refunded && done == refunds && len(s.inShop().Refunds) == refunds
	})
	s.allHeard(s.t)
	s.quiet()
	if books := s.aftermath(s.t); len(books.Refunds) != refunds || books.Payments[0].Refunded != refunded {
		s.t.Errorf("Stripe has %+v, want %d refunds of %d in all", books.Refunds, refunds, refunded)
	}
	if got := s.inShop(); len(got.Refunds) != refunds {
		s.t.Errorf("Shopify has %+v, want %d refunds", got.Refunds, refunds)
	}
	if list, told := s.adjustments(); told != refunded || len(list) != refunds {
		s.t.Errorf("the agent was told %+v, %d in all", list, told)
	}
}

// quiet waits until Shopify has delivered what it owes.
func (s sold) quiet() {
	s.t.Helper()
	s.eventually(s.t, "Shopify's webhooks are delivered", func() bool {
		var books struct {
			Webhooks struct{ Due int } `json:"webhooks"`
		}
		s.send(s.t, http.MethodGet, s.ShopifyURL+"/_sandbox/state", "", "", nil).decode(s.t, &books)
		return books.Webhooks.Due == 0
	})
}

// opened starts a sandbox and sells something in it.
func opened(t *testing.T, choose func(*acp.Following)) (*sandbox, sold) {
	t.Helper()
	box, r := startOpened(t, nil)
	if choose != nil {
		box.choose(t, choose)
	}
	return box, sell(t, r, box.keys.StripeKey)
}

// choose changes what the merchant lets the sides do.
func (s *sandbox) choose(t *testing.T, change func(*acp.Following)) {
	t.Helper()
	m, err := s.bridge.store.MerchantByShop(context.Background(), sandboxShop)
	if err != nil {
		t.Fatal(err)
	}
	change(&m.Following)
	if err := s.bridge.store.SetFollowing(context.Background(), m.ID, m.Following); err != nil {
		t.Fatal(err)
	}
}

func TestRefundsReachTheOtherSideOnce(t *testing.T) {
	inFull(t)
	t.Parallel()
	for _, test := range []struct {
		name string
		do   func(s sold) (refunded int64, refunds int)
	}{
		{"all of it in Shopify", func(s sold) (int64, int) { s.staff("refund", nil); return s.total, 1 }},
		{"parts in Shopify", func(s sold) (int64, int) {
			s.staff("refund", map[string]any{"amount": "1.00"})
			s.staff("refund", map[string]any{"amount": "2.50"})
			s.staff("refund", map[string]any{"amount": "1.00"})
			return 450, 3
		}},
		{"all of it at Stripe", func(s sold) (int64, int) { s.refundAtStripe(s.total); return s.total, 1 }},
		{"parts on both sides", func(s sold) (int64, int) {
			s.refundAtStripe(100)
			s.comesTo(100, 1)
			s.staff("refund", map[string]any{"amount": "2.00"})
			s.comesTo(300, 2)
			s.refundAtStripe(100) // the same amount again is another refund
			return 400, 3
		}},
		{"canceled with its money", func(s sold) (int64, int) {
			s.staff("cancel", nil)
			s.eventually(s.t, "the money is back", func() bool { return s.aftermath(s.t).Payments[0].Refunded == s.total })
			s.hears("cancellation", "completed")
			s.hears("refund", "completed")
			return 0, 0
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, s := opened(t, nil)
			if refunded, refunds := test.do(s); refunds > 0 {
				s.comesTo(refunded, refunds)
			}
		})
	}
}

// TestAFaultyRemoteNeitherLosesNorDoublesARefund fails each remote call that
// carries a refund over, in each way.
func TestAFaultyRemoteNeitherLosesNorDoublesARefund(t *testing.T) {
	t.Parallel()
	for _, f := range []struct {
		at, operation, mode string
		times               int
		began               string // where the refund began
	}{
		{"stripe", "refunds.create", "drop_after", 2, "shopify"},
		{"stripe", "refunds.create", "drop_before", 2, "shopify"},
		{"stripe", "refunds.create", "http_500", 1, "shopify"},
		{"stripe", "refunds.create", "throttle", 2, "shopify"},
		{"stripe", "refunds.list", "drop_after", 2, "shopify"},
		{"stripe", "payment_intents.retrieve", "http_500", 2, "shopify"},
		{"shopify", "order", "drop_before", 3, "shopify"},
		{"shopify", "refundCreate", "drop_after", 2, "stripe"},
		{"shopify", "refundCreate", "drop_before", 2, "stripe"},
		{"shopify", "refundCreate", "http_500", 1, "stripe"},
		{"shopify", "refundCreate", "garbage", 1, "stripe"},
		{"shopify", "refundCreate", "throttle", 2, "stripe"},
		{"shopify", "order", "http_500", 3, "stripe"},
	} {
		t.Run(f.at+"/"+f.operation+"/"+f.mode, func(t *testing.T) {
			if testing.Short() && f.mode != "drop_after" {
				t.Skip("only lost answers in short mode; the full run has every fault")
			}
			t.Parallel()
			_, s := opened(t, nil)
			remote := map[string]string{"stripe": s.StripeURL, "shopify": s.ShopifyURL}[f.at]
			s.fault(t, remote, f.operation, f.mode, f.times)
			if f.began == "shopify" {
				s.staff("refund", map[string]any{"amount": "3.00"})
			} else {
				s.refundAtStripe(300)
			}
			s.comesTo(300, 1)
		})
	}
}

// TestAProcessKilledWhileItRefundsRefundsOnce kills the app while the remote
// works on its call, so that it never learns of the answer.
func TestAProcessKilledWhileItRefundsRefundsOnce(t *testing.T) {
	t.Parallel()
	for _, k := range []struct{ at, operation, began string }{
		{"stripe", "refunds.create", "shopify"},
		{"shopify", "refundCreate", "stripe"},
	} {
		t.Run("killed during "+k.operation, func(t *testing.T) {
			t.Parallel()
			p := buildSandbox(t)
			r := p.start(t)
			s := sell(t, r, p.stripeKey(t))
			remote := map[string]string{"stripe": s.StripeURL, "shopify": s.ShopifyURL}[k.at]
			r.send(t, http.MethodPost, remote+"/_sandbox/faults", "", "",
				map[string]any{"operation": k.operation, "mode": "delay", "times": 1, "delay_ms": 60000})
			if k.began == "shopify" {
				s.staff("refund", map[string]any{"amount": "3.00"})
			} else {
				s.refundAtStripe(300)
			}
			r.eventually(t, "the call is under way", func() bool { return p.notes(t, "carried", "open") })
			p.kill(t)
			s.running = p.start(t)
			s.comesTo(300, 1)
		})
	}
}
