package pay_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/sandbox/till/pay"
)

func TestASaleTakesTheMoneyAtOnce(t *testing.T) {
	b := open(t)
	p := b.paid()
	if made := b.one(); made.ID != p.ProviderID || made.Taken != 4900 {
		t.Fatalf("the till has %+v", made)
	}
	if p.Provider != "Till" || p.Reference != "acp-cs_1-1" || p.Session != "cs_1" || p.Attempt != 1 {
		t.Fatalf("payment: %+v", p)
	}
	got, err := b.payments.Capture(t.Context(), merchant, p)
	if err != nil || got.State != acp.PaymentCaptured {
		t.Fatalf("a capture of what is taken: %+v %v", got, err)
	}
	got, err = b.payments.Void(t.Context(), merchant, p)
	if err != nil || got.State != acp.PaymentCaptured {
		t.Fatalf("a void of what is taken: %+v %v", got, err)
	}
	if made := b.one(); made.Taken != 4900 || made.Refunded != 0 {
		t.Fatalf("the till has %+v", made)
	}
}

func TestAmountsGoInTheDecimalsOfTheirCurrency(t *testing.T) {
	b := open(t)
	for currency, amount := range map[acp.Currency]int64{"jpy": 4900, "kwd": 4905, "eur": 5} {
		a := ask(b.mint(`{"max_amount":5000,"currency":"` + string(currency) + `"}`))
		a.Amount, a.Key = acp.Money{Amount: amount, Currency: currency}, "key-"+string(currency)
		p, err := b.payments.Authorize(t.Context(), merchant, a)
		if err != nil || p.Amount != a.Amount || p.State != acp.PaymentCaptured {
			t.Errorf("%s: %+v %v", a.Amount, p, err)
		}
	}
}

func TestWhatATokenCannotPayIsADeclineForGood(t *testing.T) {
	for name, c := range map[string]struct {
		mint, reason string
		prepare      func(b *bench, token acp.Secret)
		retryable    bool
	}{
		"the bank declines": {mint: `{"card":"declined"}`, reason: "declined_by_bank", retryable: true},
		"no money":          {mint: `{"card":"no_money"}`, reason: "no_money", retryable: true},
		"stolen":            {mint: `{"card":"stolen"}`, reason: "stolen"},
		"over the limit":    {mint: `{"max_amount":4899}`, reason: "token_limit", retryable: true},
		"another currency":  {mint: `{"currency":"eur"}`, reason: "token_currency", retryable: true},
		"expired": {mint: `{"expires_in":60}`, reason: "token_expired", retryable: true, prepare: func(b *bench, _ acp.Secret) {
			b.wait(time.Minute)
		}},
		"revoked": {mint: `{}`, reason: "token_revoked", retryable: true, prepare: func(b *bench, token acp.Secret) {
			b.post("/_sandbox/tokens/"+token.Reveal()+"/revoke", "", nil)
		}},
		"spent": {mint: `{}`, reason: "token_spent", retryable: true, prepare: func(b *bench, token acp.Secret) {
			other := ask(token)
			other.Key = "another sale"
			if p, err := b.payments.Authorize(b.t.Context(), merchant, other); err != nil || p.State != acp.PaymentCaptured {
				b.t.Fatal(p, err)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t)
			token := b.mint(c.mint)
			taken := int64(0)
			if c.prepare != nil {
				c.prepare(b, token)
				for _, s := range b.sales() {
					taken += s.Taken
				}
			}
			for range 2 {
				p, err := b.payments.Authorize(t.Context(), merchant, ask(token))
				if err != nil || p.State != acp.PaymentDeclined || p.Decline != c.reason || p.Retryable != c.retryable || p.BadToken != strings.HasPrefix(c.reason, "token_") {
					t.Fatalf("%+v %v", p, err)
				}
			}
			for _, s := range b.sales() {
				taken -= s.Taken
			}
			if taken != 0 {
				t.Fatalf("took %d", -taken)
			}
		})
	}
	b := open(t)
	_, err := b.payments.Authorize(t.Context(), merchant, ask("TILL-NOBODYS"))
	wantKind(t, err, acp.KindInvalid)
}

func TestARequestIsRememberedForGood(t *testing.T) {
	b := open(t)
	a := ask(b.mint(`{}`))
	first, err := b.payments.Authorize(t.Context(), merchant, a)
	if err != nil {
		t.Fatal(err)
	}
	b.wait(400 * 24 * time.Hour)
	again, err := b.payments.Authorize(t.Context(), merchant, a)
	if err != nil || again.ProviderID != first.ProviderID || again.State != acp.PaymentCaptured {
		t.Fatalf("a year later: %+v %v", again, err)
	}
	a.Amount.Amount++
	_, err = b.payments.Authorize(t.Context(), merchant, a)
	wantKind(t, err, acp.KindInternal)
	b.one()
}

// Every way to fail, with what the call itself may come to (empty: success)
// and, told separately, what it comes to when asking again fails alike.
var ways = []struct {
	mode         string
	once, always acp.Kind
	took         bool
}{
	{"drop_before", "", acp.KindUnknown, false},
	{"drop_after", "", acp.KindUnknown, true},
	{"http_500", "", acp.KindUnknown, false},
	{"http_500_after", "", acp.KindUnknown, true},
	{"garbage", "", acp.KindUnknown, false},
	{"throttle", acp.KindThrottled, acp.KindThrottled, false},
	{"user_error", acp.KindRefused, acp.KindRefused, false},
	{"delay", "", acp.KindUnknown, false}, // longer than the adapter waits
}

// impatient stops waiting for a delayed answer soon; nothing else makes it
// wait.
func (b *bench) impatient(mode string) *pay.Payments {
	return b.adapter(func(c *pay.Config) {
		if mode == "delay" {
			c.Timeout = 30 * time.Millisecond
		}
	})
}

func TestASaleHappensOnceHoweverItsAnswerFails(t *testing.T) {
	for _, way := range ways {
		t.Run(way.mode, func(t *testing.T) {
			b := open(t)
			a := ask(b.mint(`{}`))
			p := b.impatient(way.mode)
			b.fault("sales.put", way.mode, 2)
			_, err := p.Authorize(t.Context(), merchant, a)
			wantKind(t, err, way.always)
			if n := len(b.sales()); way.took && n != 1 {
				t.Fatalf("%d sales behind lost answers", n)
			}
			if way.once != "" {
				_, err = p.Authorize(t.Context(), merchant, a)
				wantKind(t, err, way.once)
			}
			got, err := b.payments.Authorize(t.Context(), merchant, a)
			if err != nil || got.State != acp.PaymentCaptured || b.one().ID != got.ProviderID {
				t.Fatalf("again: %+v %v", got, err)
			}
			if way.once == "" { // one lost answer is mended on the spot
				other := ask(b.mint(`{}`))
				other.Key = "another"
				b.fault("sales.put", way.mode, 1)
				if got, err := p.Authorize(t.Context(), merchant, other); err != nil || got.State != acp.PaymentCaptured {
					t.Fatalf("on the spot: %+v %v", got, err)
				}
			}
		})
	}
}

func TestARefundHappensOnceHoweverItsAnswerFails(t *testing.T) {
	for _, way := range ways {
		t.Run(way.mode, func(t *testing.T) {
			b := open(t)
			sale := b.paid()
			b.fault("refunds.put", way.mode, 2)
			_, err := b.impatient(way.mode).Refund(t.Context(), merchant, sale, back("r1", 4900))
			wantKind(t, err, way.always)
			if way.once != "" {
				_, err = b.payments.Refund(t.Context(), merchant, sale, back("r1", 4900))
				wantKind(t, err, way.once)
			}
			for _, anotherKey := range []string{"", "later"} {
				r := back("r1", 4900)
				r.Key += anotherKey
				got, err := b.payments.Refund(t.Context(), merchant, sale, r)
				if err != nil || got.State != acp.RefundSucceeded || got.Amount != dollars(4900) || got.Reference != "r1" || got.ID == "" {
					t.Fatalf("again: %+v %v", got, err)
				}
			}
			if made := b.one(); made.Refunded != 4900 || made.Refunds != 1 {
				t.Fatalf("the till has %+v", made)
			}
		})
	}
}

func TestAReadFailsWithoutSayingAnything(t *testing.T) {
	for mode, kind := range map[string]acp.Kind{
		"drop_before": acp.KindUnavailable, "drop_after": acp.KindUnavailable, "http_500": acp.KindUnavailable,
		"garbage": acp.KindUnavailable, "throttle": acp.KindThrottled, "user_error": acp.KindRefused, "delay": acp.KindUnavailable,
	} {
		b := open(t)
		sale := b.paid()
		b.fault("sales.get", mode, 1)
		_, err := b.impatient(mode).Read(t.Context(), merchant, sale.ProviderID)
		wantKind(t, err, kind)
		if got, err := b.payments.Read(t.Context(), merchant, sale.ProviderID); err != nil || got.State != acp.PaymentCaptured {
			t.Fatalf("%s: %+v %v", mode, got, err)
		}
	}
}

func TestNoMoreIsGivenBackThanWasTaken(t *testing.T) {
	b := open(t)
	sale := b.paid()
	for _, step := range []struct {
		reference string
		cents     int64
		kind      acp.Kind
	}{{"r1", 1000, ""}, {"r1", 1000, ""}, {"r1", 900, acp.KindInternal}, {"r2", 3901, acp.KindRefused}, {"r3", 3900, ""}, {"r4", 1, acp.KindRefused}} {
		_, err := b.payments.Refund(t.Context(), merchant, sale, back(step.reference, step.cents))
		wantKind(t, err, step.kind)
	}
	if made := b.one(); made.Refunded != 4900 || made.Refunds != 2 {
		t.Fatalf("the till has %+v", made)
	}
	got, err := b.payments.Read(t.Context(), merchant, sale.ProviderID)
	if err != nil || len(got.Refunds) != 2 || got.Refunds[0].Reference != "r1" || got.Refunds[0].Amount != dollars(1000) ||
		got.Refunds[0].Reason != "no order came of it" || !got.Refunds[0].At.Equal(noon) {
		t.Fatalf("read: %+v %v", got.Refunds, err)
	}
}

func TestADisputeIsSeenAndStopsRefunds(t *testing.T) {
	b := open(t)
	sale := b.paid()
	for status, want := range map[string]acp.DisputeState{"open": acp.DisputeOpen, "lost": acp.DisputeLost} {
		b.post("/_sandbox/sales/"+sale.ProviderID+"/dispute", `{"status":"`+status+`"}`, nil)
		got, err := b.payments.Read(t.Context(), merchant, sale.ProviderID)
		if err != nil || len(got.Disputes) != 1 || got.Disputes[0].State != want || got.Disputes[0].Amount != dollars(4900) {
			t.Fatalf("%s: %+v %v", status, got.Disputes, err)
		}
		_, err = b.payments.Refund(t.Context(), merchant, sale, back("r1", 100))
		wantKind(t, err, acp.KindRefused)
	}
	b.post("/_sandbox/sales/"+sale.ProviderID+"/dispute", `{"status":"won"}`, nil)
	_, err := b.payments.Refund(t.Context(), merchant, sale, back("r1", 100))
	wantKind(t, err, "")
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	b := open(t)
	gone := acp.Payment{ProviderID: "S-NONE", Amount: dollars(100)}
	_, err := b.payments.Read(t.Context(), merchant, "S-NONE")
	wantKind(t, err, acp.KindNotFound)
	_, err = b.payments.Refund(t.Context(), merchant, gone, back("r1", 100))
	wantKind(t, err, acp.KindNotFound)
	_, err = b.payments.Capture(t.Context(), merchant, gone)
	wantKind(t, err, acp.KindNotFound)
	declined, err := b.payments.Authorize(t.Context(), merchant, ask(b.mint(`{"card":"declined"}`)))
	wantKind(t, err, "")
	_, err = b.payments.Capture(t.Context(), merchant, declined)
	wantKind(t, err, acp.KindRefused)
	_, err = b.payments.Refund(t.Context(), merchant, declined, back("r1", 100))
	wantKind(t, err, acp.KindRefused)
}

func TestWhatTheTillCannotDoIsADefectToAskFor(t *testing.T) {
	b := open(t)
	if b.payments.Capabilities() != (acp.Capabilities{}) {
		t.Fatal("it claims to do something")
	}
	_, err := b.payments.Inspect(t.Context(), merchant, "TILL-1")
	wantKind(t, err, acp.KindInternal)
	_, err = b.payments.Find(t.Context(), merchant, "acp-cs_1-1")
	wantKind(t, err, acp.KindInternal)
	b.paid()
	if held, err := b.payments.Reserved(t.Context(), merchant, noon.Add(-time.Hour), noon.Add(time.Hour)); err != nil || len(held) != 0 {
		t.Fatalf("reserved: %+v %v", held, err)
	}
}

func TestAnotherMerchantIsNotServed(t *testing.T) {
	b := open(t)
	sale := b.paid()
	for name, call := range map[string]func() error{
		"authorize": func() error { _, err := b.payments.Authorize(t.Context(), stranger, ask("TILL-1")); return err },
		"read":      func() error { _, err := b.payments.Read(t.Context(), stranger, sale.ProviderID); return err },
		"capture":   func() error { _, err := b.payments.Capture(t.Context(), stranger, sale); return err },
		"void":      func() error { _, err := b.payments.Void(t.Context(), stranger, sale); return err },
		"refund":    func() error { _, err := b.payments.Refund(t.Context(), stranger, sale, back("r1", 1)); return err },
		"reserved":  func() error { _, err := b.payments.Reserved(t.Context(), stranger, noon, noon); return err },
	} {
		if acp.KindOf(call()) != acp.KindInvalid {
			t.Errorf("%s: %v", name, call())
		}
	}
	if len(b.payments.Handlers(stranger)) != 0 || len(b.payments.Handlers(merchant)) != 1 {
		t.Error("handlers for the wrong one")
	}
}

func TestATillThatIsNotThereDidNothing(t *testing.T) {
	b := open(t)
	gone := httptest.NewServer(nil)
	gone.Close()
	p := b.adapter(func(c *pay.Config) { c.BaseURL = gone.URL })
	_, err := p.Authorize(t.Context(), merchant, ask("TILL-1"))
	wantKind(t, err, acp.KindUnavailable)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = b.payments.Authorize(ended, merchant, ask("TILL-1"))
	wantKind(t, err, acp.KindUnavailable)
	p = b.adapter(func(c *pay.Config) { c.Key = "wrong" })
	_, err = p.Authorize(t.Context(), merchant, ask("TILL-1"))
	wantKind(t, err, acp.KindUnavailable)
	if strings.Contains(err.Error(), "TILL-1") {
		t.Errorf("the token is in %v", err)
	}
	if _, err := pay.New(pay.Config{}); err == nil {
		t.Error("an empty configuration was taken")
	}
}

func TestATillThatWasStartedAgainKnowsItsRequests(t *testing.T) {
	dir := t.TempDir()
	b := openIn(t, dir)
	a := ask(b.mint(`{}`))
	first, err := b.payments.Authorize(t.Context(), merchant, a)
	wantKind(t, err, "")
	again, err := openIn(t, dir).payments.Authorize(t.Context(), merchant, a)
	if err != nil || again.ProviderID != first.ProviderID || again.State != acp.PaymentCaptured {
		t.Fatalf("%+v %v", again, err)
	}
}
