package app

import (
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// handedOver opens a session whose buyer finishes in the shop's checkout.
func (r *running) handedOver(t *testing.T, quantity int) checkoutSession {
	t.Helper()
	var s checkoutSession
	got := r.insistAs(t, r.HandoffBearerToken, "/checkout_sessions", r.key(), cart(r.item(t), quantity))
	if got.decode(t, &s); got.Status != http.StatusCreated || s.ContinueURL == "" {
		t.Fatalf("create: %d %s", got.Status, got.Raw)
	}
	return s
}

// follow clicks the link until it leads somewhere.
func (r *running) follow(t *testing.T, s checkoutSession) string {
	t.Helper()
	var got reply
	r.eventually(t, "the link leads to an invoice", func() bool {
		got = r.send(t, http.MethodGet, s.ContinueURL, "", "", nil)
		return got.Status == http.StatusFound
	})
	return got.Header.Get("Location")
}

// pay is the buyer in Shopify's checkout, with what the agent has not filled in.
func (r *running) pay(t *testing.T, invoice string, filledIn ...url.Values) {
	t.Helper()
	form := url.Values{}
	for _, fields := range filledIn {
		maps.Copy(form, fields)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, invoice+"/pay", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("pay: %d", resp.StatusCode)
	}
}

// asAgent reads the session as the agent that hands over.
func (r *running) asAgent(t *testing.T, id string) checkoutSession {
	t.Helper()
	var s checkoutSession
	r.send(t, http.MethodGet, r.ACPBaseURL+"/checkout_sessions/"+id, r.HandoffBearerToken, "", nil).decode(t, &s)
	return s
}

func (r *running) completes(t *testing.T, id string) checkoutSession {
	t.Helper()
	var s checkoutSession
	r.eventually(t, "the session is completed", func() bool {
		s = r.asAgent(t, id)
		return s.Status == "completed"
	})
	return s
}

// change puts another quantity into the cart.
func (r *running) change(t *testing.T, s checkoutSession, quantity int) checkoutSession {
	t.Helper()
	got := r.insistAs(t, r.HandoffBearerToken, "/checkout_sessions/"+s.ID, r.key(),
		map[string]any{"line_items": []map[string]any{{"id": r.item(t), "quantity": quantity}}})
	if got.decode(t, &s); got.Status != http.StatusOK {
		t.Fatalf("change: %d %s", got.Status, got.Raw)
	}
	return s
}

// after carries out, by a clock that is ahead, what the sweep finds then.
func (s *sandbox) after(t *testing.T, d time.Duration) {
	t.Helper()
	later := s.later(t, d)
	tasks, err := s.bridge.store.Unfinished(t.Context(), later.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		if task.Kind != acp.TaskWatchHandOff {
			continue
		}
		eventually(t, "the hand-off is looked at", func() bool {
			err := later.WatchHandOff(t.Context(), task.Merchant, acp.SessionID(task.Key))
			busy := acp.KindOf(err) == acp.KindStale || acp.KindOf(err) == acp.KindInFlight // the app looks, too
			if err != nil && !busy {
				t.Fatal(err)
			}
			return !busy
		})
	}
}

func TestManyClicksAtOnceAreOneDraft(t *testing.T) {
	inFull(t)
	t.Parallel()
	click := func(t *testing.T, r *running, origins ...string) {
		s := r.handedOver(t, 1)
		link, err := url.Parse(s.ContinueURL)
		if err != nil {
			t.Fatal(err)
		}
		const clicks = 20
		var all sync.WaitGroup
		gate, answers, failures := make(chan struct{}), make([]reply, clicks), make([]error, clicks)
		for i := range clicks {
			all.Go(func() {
				<-gate
				answers[i], failures[i] = exchange(t.Context(), http.MethodGet, origins[i%len(origins)]+link.Path, "", "", nil)
			})
		}
		close(gate)
		all.Wait()
		invoice := r.follow(t, s)
		for i, a := range answers {
			led := a.Status == http.StatusFound && a.Header.Get("Location") == invoice
			waits := a.Status == http.StatusAccepted && strings.Contains(a.Raw, `http-equiv="refresh"`)
			if failures[i] != nil || !led && !waits {
				t.Errorf("a click: %d %s %v", a.Status, a.Raw, failures[i])
			}
		}
		if books := r.shop(t); len(books.Drafts) != 1 || books.Calls["draftOrderCreate"] != 1 {
			t.Errorf("%d drafts, created %d times", len(books.Drafts), books.Calls["draftOrderCreate"])
		}
	}
	t.Run("on SQLite", func(t *testing.T) {
		r := startSandbox(t, nil)
		click(t, r, r.AppURL)
	})
	t.Run("on PostgreSQL with two instances", func(t *testing.T) {
		r, second := startTwins(t)
		click(t, r, r.AppURL, strings.TrimSuffix(second, "/acp"))
	})
}

// The buyer still has the old invoice open in a tab.
func TestAChangedCartTakesTheOldInvoiceBack(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	s := r.handedOver(t, 1)
	old := r.follow(t, s)
	r.fault(t, r.ShopifyURL, "draftOrderDelete", "http_500", 2)
	s = r.change(t, s, 2)
	r.eventually(t, "the old invoice is gone although nobody clicked", func() bool {
		return r.send(t, http.MethodGet, old, "", "", nil).Status == http.StatusNotFound
	})
	next := r.follow(t, s)
	if drafts := r.shop(t).Drafts; next == old || len(drafts) != 1 {
		t.Errorf("%d drafts, led to %s after %s", len(drafts), next, old)
	}
	r.pay(t, next)
	if done := r.completes(t, s.ID); done.total() != s.total() {
		t.Errorf("the order costs %d, the session %d", done.total(), s.total())
	}
}

// No webhook arrives; the agent changes a cart that was paid already.
func TestAnInvoiceThatWasPaidBeforeTheCartChangedIsWhatCounts(t *testing.T) {
	onEachEngine(t, func(t *testing.T, start starter) {
		r := start(t, nil)
		s := r.handedOver(t, 1)
		invoice, cost := r.follow(t, s), s.total()
		r.fault(t, r.ShopifyURL, "webhooks", "drop_before", 100)
		r.pay(t, invoice)
		r.change(t, s, 2)
		s = r.completes(t, s.ID)
		if s.total() != cost {
			t.Errorf("the session says %d, the buyer paid %d", s.total(), cost)
		}
		r.eventually(t, "the agent hears of the order", func() bool { return r.heard(t, "order_create") == 1 })
		if orders := r.shop(t).Orders; len(orders) != 1 || r.lastTotal(t) != cost {
			t.Errorf("%d orders, and the agent heard of %d", len(orders), r.lastTotal(t))
		}
		got := r.send(t, http.MethodGet, s.ContinueURL, "", "", nil)
		if to := got.Header.Get("Location"); got.Status != http.StatusFound || !strings.Contains(to, "/orders/") {
			t.Errorf("the link of a paid checkout leads to %d %s", got.Status, to)
		}
	})
}

// The agent knew no address, so that taxes and shipping are the checkout's.
func TestWhatTheBuyerAddsInTheCheckoutIsInTheSession(t *testing.T) {
	inFull(t)
	t.Parallel()
	for name, change := range map[string]func(*sandboxFlags){
		"tax added":             nil,
		"yen, tax included":     func(f *sandboxFlags) { f.Currency, f.TaxesIncluded = "jpy", true },
		"dollars, tax included": func(f *sandboxFlags) { f.TaxesIncluded = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := startSandbox(t, change)
			var s checkoutSession
			body := cart(r.item(t), 1)
			delete(body, "fulfillment_details")
			body["currency"] = r.Items[0].Currency
			got := r.send(t, http.MethodPost, r.ACPBaseURL+"/checkout_sessions", r.HandoffBearerToken, r.key(), body)
			if got.decode(t, &s); s.ContinueURL == "" {
				t.Fatalf("create: %d %s", got.Status, got.Raw)
			}
			before := s.total()
			r.pay(t, r.follow(t, s), url.Values{
				"first_name": {"Ada"}, "last_name": {"Lovelace"}, "address1": {"1 Main Street"}, "city": {"San Francisco"},
				"province": {"CA"}, "zip": {"94131"}, "country": {"US"},
			})
			s = r.completes(t, s.ID)
			if s.total() <= before || s.sum() != s.total() || s.part("fulfillment") <= 0 || s.part("tax") <= 0 {
				t.Errorf("totals %+v, %d before", s.Totals, before)
			}
			r.eventually(t, "the agent hears of it", func() bool { return r.heard(t, "order_create") == 1 })
			var event struct {
				Data struct {
					checkoutSession
					LineItems []struct {
						ID       string `json:"id"`
						Subtotal int64  `json:"subtotal"`
					} `json:"line_items"`
				}
			}
			reply{Raw: r.lastEvent(t)}.decode(t, &event)
			goods := int64(0)
			for _, l := range event.Data.LineItems {
				goods += l.Subtotal
			}
			o := event.Data.checkoutSession
			if o.sum() != o.total() || o.total() != s.total() || goods != o.part("subtotal") || o.part("tax") != s.part("tax") {
				t.Errorf("the order has %+v and goods of %d, the session %+v", o.Totals, goods, s.Totals)
			}
		})
	}
}

// part is an amount of the session by its type; sum is the protocol's identity.
func (s checkoutSession) part(kind string) int64 {
	for _, t := range s.Totals {
		if t.Type == kind {
			return t.Amount
		}
	}
	return 0
}

func (s checkoutSession) sum() int64 {
	return s.part("items_base_amount") - s.part("items_discount") - s.part("discount") + s.part("fulfillment") + s.part("tax") + s.part("fee")
}

var cartLink = regexp.MustCompile(`href="([^"]*/cart/[^"]*)"`)

// The agent canceled; the buyer still wants it.
func TestAnEndedCheckoutLeadsToTheSameGoodsInTheStorefront(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	s := r.handedOver(t, 2)
	r.follow(t, s)
	if got := r.send(t, http.MethodPost, r.ACPBaseURL+"/checkout_sessions/"+s.ID+"/cancel", r.HandoffBearerToken, r.key(), map[string]any{}); got.Status != http.StatusOK {
		t.Fatalf("cancel: %d %s", got.Status, got.Raw)
	}
	page := r.send(t, http.MethodGet, s.ContinueURL, "", "", nil)
	link := cartLink.FindStringSubmatch(page.Raw)
	if page.Status != http.StatusGone || link == nil {
		t.Fatalf("%d %s", page.Status, page.Raw)
	}
	cart := r.send(t, http.MethodGet, html.UnescapeString(link[1]), "", "", nil)
	if cart.Status != http.StatusOK || !strings.Contains(cart.Raw, s.ID) || !strings.Contains(cart.Raw, "2 ×") || !strings.Contains(link[1], "utm_medium=acp") {
		t.Errorf("%s shows %d %s", link[1], cart.Status, cart.Raw)
	}
}

// lastTotal is the total in the newest order event.
func (r *running) lastTotal(t *testing.T) int64 {
	t.Helper()
	var event struct{ Data checkoutSession }
	reply{Raw: r.lastEvent(t)}.decode(t, &event)
	return event.Data.total()
}

func TestAPaymentWhoseWebhooksAreLostIsFound(t *testing.T) {
	inFull(t)
	t.Parallel()
	opened, r := startOpened(t, nil)
	s, other := r.handedOver(t, 1), r.handedOver(t, 1)
	invoice := r.follow(t, s)
	r.follow(t, other)
	r.fault(t, r.ShopifyURL, "webhooks", "drop_before", 100)
	r.pay(t, invoice)
	before := r.shop(t).Calls["draftOrder"]
	opened.after(t, firstLookAt/2)
	if asked := r.shop(t).Calls["draftOrder"] - before; asked != 0 || r.asAgent(t, s.ID).Status == "completed" {
		t.Errorf("asked %d times within the time that webhooks take", asked)
	}
	opened.after(t, firstLookAt+time.Minute)
	if got := r.asAgent(t, s.ID); got.Status != "completed" || got.Order == nil {
		t.Errorf("the session is %s", got.Status)
	}
	if got := r.asAgent(t, other.ID); got.Status != "requires_escalation" || len(r.shop(t).Drafts) != 2 {
		t.Errorf("an unpaid one is %s", got.Status)
	}
	r.eventually(t, "the agent hears of it once", func() bool { return r.heard(t, "order_create") == 1 })
}

// firstLookAt is when an invoice that nobody told us about is first looked at.
const firstLookAt = 10 * time.Minute

func TestAnAbandonedHandOffLetsGoOfItsDraft(t *testing.T) {
	inFull(t)
	openedOnEachEngine(t, func(t *testing.T, opened *sandbox, r *running) {
		abandoned, slow := r.handedOver(t, 1), r.handedOver(t, 2)
		r.follow(t, abandoned)
		invoice := r.follow(t, slow)
		const lives = 24 * time.Hour // SESSION_TTL
		opened.after(t, lives+23*time.Hour)
		if drafts := r.shop(t).Drafts; len(drafts) != 2 {
			t.Fatalf("%d drafts: a slow buyer can no longer pay", len(drafts))
		}
		r.fault(t, r.ShopifyURL, "webhooks", "drop_before", 100)
		r.pay(t, invoice)
		opened.after(t, lives+25*time.Hour)
		if got := r.asAgent(t, slow.ID); got.Status != "completed" {
			t.Errorf("the one who paid late has a session that is %s", got.Status)
		}
		if got := r.asAgent(t, abandoned.ID); got.Status != "expired" {
			t.Errorf("the abandoned session is %s", got.Status)
		}
		gone := r.send(t, http.MethodGet, abandoned.ContinueURL, "", "", nil)
		if books := r.shop(t); gone.Status != http.StatusGone || len(books.Orders) != 1 || books.open() != 0 {
			t.Errorf("%d, %d orders, %d invoices to pay", gone.Status, len(books.Orders), books.open())
		}
		calls := r.shop(t).Calls["draftOrderDelete"]
		opened.after(t, lives+72*time.Hour)
		if again := r.shop(t).Calls["draftOrderDelete"]; again != calls {
			t.Errorf("deleted again %d times", again-calls)
		}
	})
}

// open counts the drafts that can still be paid.
func (b shopBooks) open() int {
	n := 0
	for _, d := range b.Drafts {
		if d.Status == "OPEN" {
			n++
		}
	}
	return n
}

// The agent changes or cancels the cart while the draft is being created for a
// buyer who clicked: the draft of the old cart reaches nobody.
func TestACartThatChangesUnderAClick(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(t *testing.T, r *running, s checkoutSession) int{
		"changed": func(t *testing.T, r *running, s checkoutSession) int { r.change(t, s, 2); return 1 },
		"canceled": func(t *testing.T, r *running, s checkoutSession) int {
			got := r.insistAs(t, r.HandoffBearerToken, "/checkout_sessions/"+s.ID+"/cancel", r.key(), map[string]any{})
			if got.Status != http.StatusOK {
				t.Fatalf("cancel: %d %s", got.Status, got.Raw)
			}
			return 0
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opened, r := startOpened(t, nil)
			m, err := opened.bridge.store.MerchantByShop(t.Context(), sandboxShop)
			if err != nil {
				t.Fatal(err)
			}
			s := r.handedOver(t, 1)
			before := r.shop(t).Calls["draftOrderCreate"]
			r.send(t, http.MethodPost, r.ShopifyURL+"/_sandbox/faults", "", "", // until it is mended
				map[string]any{"operation": "draftOrderCreate", "mode": "delay", "times": 1, "delay_ms": 600_000})
			clicked := make(chan reply, 1)
			go func() {
				got, err := exchange(t.Context(), http.MethodGet, s.ContinueURL, "", "", nil)
				if err != nil {
					got.Raw = err.Error()
				}
				clicked <- got
			}()
			r.eventually(t, "the draft is being created", func() bool {
				known, err := opened.bridge.store.Session(t.Context(), m.ID, "", acp.SessionID(s.ID))
				return err == nil && known.Handover.DraftRevision == 1
			})
			want := change(t, r, s)
			r.mended(t, r.ShopifyURL)
			got := <-clicked
			if made := r.shop(t).Calls["draftOrderCreate"]; made == before || got.Status == http.StatusFound {
				t.Fatalf("the click led to %d %s", got.Status, got.Header.Get("Location"))
			}
			r.eventually(t, "nothing of the old cart can be paid", func() bool { return r.shop(t).open() == 0 })
			if want == 1 {
				r.follow(t, s)
			}
			if n := r.shop(t).open(); n != want {
				t.Errorf("%d drafts", n)
			}
		})
	}
}

// The answer to creating the draft is lost, and the shop's search does not show
// it yet when the buyer clicks again.
func TestADraftThatGotLostIsFoundAndDeleted(t *testing.T) {
	inFull(t)
	t.Parallel()
	var lags atomic.Bool
	lags.Store(true)
	opened, r := startOpened(t, func(f *sandboxFlags) { f.searchLags = lags.Load })
	s := r.handedOver(t, 1)
	r.fault(t, r.ShopifyURL, "draftOrderCreate", "drop_after", 1)
	if got := r.send(t, http.MethodGet, s.ContinueURL, "", "", nil); got.Status != http.StatusServiceUnavailable {
		t.Fatalf("a click whose draft got lost: %d", got.Status)
	}
	invoice := r.follow(t, s)
	if n := r.shop(t).open(); n != 2 {
		t.Fatalf("%d drafts; the search was meant to lag", n)
	}
	lags.Store(false)
	opened.after(t, firstLookAt+time.Minute)
	if n := r.shop(t).open(); n != 1 {
		t.Errorf("%d drafts", n)
	}
	if again := r.follow(t, s); again != invoice {
		t.Errorf("led to %s after %s", again, invoice)
	}
	r.pay(t, invoice)
	r.completes(t, s.ID)
}

// The buyer pays an invoice of which nobody knew, besides the one that they were
// led to, as when staff send it to them: staff read that there are two orders,
// once, and the agent hears of the first only.
func TestACheckoutThatIsPaidTwiceIsShown(t *testing.T) {
	t.Parallel()
	onEachDatabase(t, func(t *testing.T, database func(t *testing.T) acp.Secret) {
		t.Parallel()
		var lags atomic.Bool
		lags.Store(true)
		address := database(t)
		opened, r := startOpened(t, func(f *sandboxFlags) { f.searchLags, f.databaseURL = lags.Load, address })
		s := r.handedOver(t, 1)
		r.fault(t, r.ShopifyURL, "draftOrderCreate", "drop_after", 1)
		r.send(t, http.MethodGet, s.ContinueURL, "", "", nil)
		lost := r.shop(t).Drafts[0].InvoiceURL
		r.pay(t, r.follow(t, s))
		first := r.completes(t, s.ID).Order
		r.eventually(t, "the lost draft is calculated", func() bool { return r.send(t, http.MethodGet, lost, "", "", nil).Status == http.StatusOK })
		r.pay(t, lost)
		lags.Store(false)
		opened.after(t, firstLookAt+time.Minute)
		list := opened.matters(t)
		if len(list) != 1 || list[0].Kind != acp.MatterPaidTwice || list[0].OrderID == first.ID || list[0].Amount.Amount != s.total() ||
			!strings.Contains(list[0].Problem, "order #") || strings.Contains(list[0].Problem, list[0].OrderName) {
			t.Fatalf("%d orders, staff see %+v", len(r.shop(t).Orders), list)
		}
		opened.after(t, firstLookAt+time.Hour)
		if again := opened.matters(t); len(again) != 1 {
			t.Errorf("looked again: %+v", again)
		}
		if got := r.asAgent(t, s.ID); got.Order == nil || got.Order.ID != first.ID || r.heard(t, "order_create") > 1 {
			t.Errorf("the agent knows of %+v and heard of %d", got.Order, r.heard(t, "order_create"))
		}
	})
}

// Staff make an order of a draft of which we never learned the id.
func TestAnOrderOfADraftThatGotLostCompletesTheSession(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	s := r.handedOver(t, 1)
	r.fault(t, r.ShopifyURL, "draftOrderCreate", "drop_after", 1)
	if got := r.send(t, http.MethodGet, s.ContinueURL, "", "", nil); got.Status != http.StatusServiceUnavailable {
		t.Fatalf("a click whose draft got lost: %d", got.Status)
	}
	invoice := r.shop(t).Drafts[0].InvoiceURL
	r.eventually(t, "the draft is calculated", func() bool { return r.send(t, http.MethodGet, invoice, "", "", nil).Status == http.StatusOK })
	r.pay(t, invoice)
	r.completes(t, s.ID)
	r.eventually(t, "the agent hears of it", func() bool { return r.heard(t, "order_create") == 1 })
}

// Whoever buys in the online store can set any attribute.
func TestAnAttributeAloneCompletesNoSession(t *testing.T) {
	inFull(t)
	t.Parallel()
	opened, r := startOpened(t, nil)
	s, other := r.handedOver(t, 1), r.handedOver(t, 1)
	r.follow(t, s)
	r.pay(t, r.follow(t, other))
	r.completes(t, other.ID)
	m, err := opened.bridge.store.MerchantByShop(t.Context(), sandboxShop)
	if err != nil {
		t.Fatal(err)
	}
	o, err := opened.bridge.shop.Order(t.Context(), m, r.shop(t).Orders[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	o.Session = acp.SessionID(s.ID)
	if err := opened.bridge.checkout.PaidInShop(t.Context(), m, o); err != nil {
		t.Error(err)
	}
	if got := r.asAgent(t, s.ID); got.Status != "requires_escalation" {
		t.Errorf("another session's order made it %s", got.Status)
	}
}
