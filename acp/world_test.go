package acp_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"log/slog"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/app/store"
	"github.com/acp-bridge/acp-bridge/app/store/storetest"
)

const (
	delegated  = acp.Delegated
	handedOver = acp.HandOff
)

// world is the use cases over the real store, with a shop and a payment
// provider that do what a test wants. Each verb returns the session's id, so
// that they read as a story, and notes the status that the session had then.
type world struct {
	t        *testing.T
	store    *store.Store
	checkout *acp.Checkout
	shop     *onePageShop
	payments *onePagePayments
	merchant acp.Merchant
	clock    time.Time
	seen     []acp.Status

	interventions []string // that the agent can carry out
}

func openWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: storetest.Noon, interventions: []string{"biometric", "3ds"}, shop: &onePageShop{stocked: true}, payments: &onePagePayments{
		state: acp.PaymentAuthorized, abilities: acp.Capabilities{SeparateCapture: true, FindByReference: true},
	}}
	w.store = storetest.New(t, func(c *store.Config) { c.Now = w.now })
	w.merchant = storetest.Install(t, w.store, "m_1")
	w.merchant.Completion = acp.Delegated
	w.by(w.payments)
	return w
}

// by has the purchases paid by a provider.
func (w *world) by(p acp.Payments) {
	w.t.Helper()
	var err error
	w.checkout, err = acp.NewCheckout(acp.CheckoutConfig{
		Sessions: w.store, Finisher: w.store, Items: w.shop, Merchants: w.store, Vetting: w.store, Shop: w.shop, Drafts: w.shop, Orders: w.shop,
		Payments: acp.Providers{p}, SessionTTL: time.Hour, Lease: time.Minute, Budget: 10 * time.Second,
		Now: w.now, NewID: rand.Text, Log: slog.New(slog.DiscardHandler),
	})
	w.must(err)
}

func (w *world) now() time.Time { return w.clock }

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// caller is an agent with a new request.
func (w *world) caller(c acp.Completion) acp.Caller {
	return acp.Caller{
		Merchant: w.merchant, Connection: acp.Connection{ID: "con_1", Merchant: w.merchant.ID, Name: "Chatty", Completion: c},
		Claim: acp.ClaimID(rand.Text()),
	}
}

// session is what an agent reads of it.
func (w *world) session(id acp.SessionID) acp.Session {
	w.t.Helper()
	s, err := w.checkout.Get(w.t.Context(), w.caller(delegated), id)
	w.must(err)
	return s
}

func (w *world) status(id acp.SessionID) acp.Status { return w.session(id).Status }

func (w *world) note(id acp.SessionID) acp.SessionID {
	w.seen = append(w.seen, w.status(id))
	return id
}

func (w *world) create(c acp.Completion) acp.SessionID {
	w.t.Helper()
	s, err := w.checkout.Create(w.t.Context(), w.caller(c), acp.CreateRequest{
		Items: []acp.ItemRequest{{ID: "1", Quantity: 1}}, Currency: "usd", Buyer: &acp.Buyer{Email: "ada@example.com"},
		Interventions: w.interventions,
	})
	w.must(err)
	return w.note(s.ID)
}

func (w *world) createSoldOut(c acp.Completion) acp.SessionID {
	w.shop.stocked = false
	return w.create(c)
}

func (w *world) soldOut(id acp.SessionID) acp.SessionID   { w.shop.stocked = false; return id }
func (w *world) restocked(id acp.SessionID) acp.SessionID { w.shop.stocked = true; return id }

func (w *world) signInRequired(id acp.SessionID) acp.SessionID {
	w.merchant.SignInRequired = true
	return id
}

func (w *world) unreachable(id acp.SessionID) acp.SessionID {
	w.payments.fail = &acp.Error{Kind: acp.KindUnavailable, Message: "no answer"}
	return id
}

func (w *world) update(id acp.SessionID) acp.SessionID {
	w.t.Helper()
	_, err := w.checkout.Update(w.t.Context(), w.caller(delegated), id, acp.UpdateRequest{})
	w.must(err)
	return w.note(id)
}

func (w *world) cancel(id acp.SessionID) acp.SessionID {
	w.t.Helper()
	_, err := w.checkout.Cancel(w.t.Context(), w.caller(delegated), id, acp.CancelRequest{})
	w.must(err)
	return w.note(id)
}

func (w *world) wait(id acp.SessionID) acp.SessionID {
	w.clock = w.clock.Add(time.Hour)
	return w.note(id)
}

// complete pays by token; what an interrupted attempt has to say is in the
// session.
func (w *world) complete(id acp.SessionID) acp.SessionID {
	w.t.Helper()
	return w.completeWith(id, nil)
}

// completeWith is complete by an agent that can have card holders
// authenticated.
func (w *world) completeWith(id acp.SessionID, result *acp.Authentication) acp.SessionID {
	w.t.Helper()
	_, err := w.checkout.Complete(w.t.Context(), w.caller(delegated), id,
		acp.CompleteRequest{Handler: "card", Token: "spt_1", Authentication: result, Authenticates: true})
	if (err != nil) != (w.payments.fail != nil || w.shop.fail != nil) {
		w.t.Fatal(err)
	}
	return w.note(id)
}

// inProgress was interrupted before the payment was authorized.
func (w *world) inProgress() acp.SessionID { return w.complete(w.unreachable(w.create(delegated))) }

// shopUnreachable was interrupted before the cart was priced again.
func (w *world) shopUnreachable() acp.SessionID {
	id := w.create(delegated)
	w.shop.fail = &acp.Error{Kind: acp.KindUnavailable, Message: "no answer"}
	return w.complete(id)
}

// resume carries on, now that everybody answers.
func (w *world) resume(id acp.SessionID, answer acp.PaymentState) acp.SessionID {
	w.t.Helper()
	w.payments.fail, w.shop.fail, w.payments.state = nil, nil, answer
	_, err := w.checkout.Resume(w.t.Context(), w.merchant.ID, id)
	w.must(err)
	return w.note(id)
}

func (w *world) followed(id acp.SessionID) acp.SessionID {
	w.t.Helper()
	_, err := w.checkout.Follow(w.t.Context(), w.session(id).Handover.Token)
	w.must(err)
	return id
}

// paidInShop is the news that the buyer has paid the invoice.
func (w *world) paidInShop(id acp.SessionID) acp.SessionID {
	w.t.Helper()
	w.shop.order = "gid://shopify/Order/1"
	o, err := w.shop.Order(w.t.Context(), w.merchant, w.shop.order)
	w.must(err)
	o.Session = id
	w.must(w.checkout.PaidInShop(w.t.Context(), w.merchant, o))
	return w.note(id)
}

// everything is whatever an agent can try to do to a session.
func (w *world) everything(id acp.SessionID) map[string]error {
	ctx, tried := w.t.Context(), map[string]error{}
	_, tried["update"] = w.checkout.Update(ctx, w.caller(delegated), id, acp.UpdateRequest{})
	_, tried["complete"] = w.checkout.Complete(ctx, w.caller(delegated), id, acp.CompleteRequest{Handler: "card", Token: "spt_2"})
	_, tried["cancel"] = w.checkout.Cancel(ctx, w.caller(delegated), id, acp.CancelRequest{})
	return tried
}

// onePageShop sells one digital item for 5.00 and keeps one draft.
type onePageShop struct {
	stocked bool
	fail    error // of quotes
	draft   bool
	order   string          // that the draft became
	total   int64           // of the draft; zero: what was quoted
	closed  bool            // it shuts us out of its drafts
	stuck   error           // of deleting the draft
	byHand  int64           // total over which staff make the draft an order just when it is completed; zero: they do not
	crossed bool            // completing is then refused
	mute    error           // of looking at the draft
	made    acp.DraftOrder  // the last draft that it was asked for
	sales   []acp.OrderSale // that stand on the order, which is then paid
}

func (s *onePageShop) Items(_ context.Context, _ acp.MerchantID, ids []acp.ItemID) ([]acp.Item, error) {
	return []acp.Item{{ID: ids[0], VariantID: "gid://shopify/ProductVariant/1", Title: "E-book"}}, nil
}

func (s *onePageShop) Quote(_ context.Context, _ acp.Merchant, c acp.Cart) (acp.Quote, error) {
	line := acp.QuotedLine{VariantID: c.Lines[0].VariantID, Unit: 500, Original: 500, Discounted: 500, Available: s.stocked}
	return acp.Quote{Currency: c.Currency, Lines: []acp.QuotedLine{line}, Total: 500}, s.fail
}

func (s *onePageShop) known() (acp.Draft, error) {
	if !s.draft {
		return acp.Draft{}, acp.NotFound("draft")
	}
	return acp.Draft{
		ID: "gid://shopify/DraftOrder/1", InvoiceURL: "https://m_1.myshopify.com/invoices/1", Ready: true, OrderID: s.order,
		Total: acp.Money{Amount: cmp.Or(s.total, 500), Currency: "usd"},
	}, nil
}

func (s *onePageShop) CreateDraft(_ context.Context, _ acp.Merchant, d acp.DraftOrder) (acp.Draft, error) {
	s.draft, s.made = true, d
	return s.known()
}

func (s *onePageShop) FindDraft(context.Context, acp.Merchant, string) (acp.Draft, error) {
	return s.known()
}

func (s *onePageShop) FindDrafts(context.Context, acp.Merchant, string) ([]acp.Draft, error) {
	d, err := s.known()
	return []acp.Draft{d}, err
}

func (*onePageShop) LeftDrafts(context.Context, acp.Merchant, time.Time) ([]acp.LeftDraft, error) {
	return nil, nil
}

func (s *onePageShop) Draft(context.Context, acp.Merchant, string) (acp.Draft, error) {
	if s.mute != nil {
		return acp.Draft{}, s.mute
	}
	return s.known()
}

func (s *onePageShop) AwaitDraft(context.Context, acp.Merchant, string) (acp.Draft, error) {
	return s.known()
}

func (s *onePageShop) CompleteDraft(context.Context, acp.Merchant, string) (acp.Draft, error) {
	if s.closed {
		return acp.Draft{}, &acp.Error{Kind: acp.KindReauthorize, Message: "no access"}
	}
	s.order = "gid://shopify/Order/1"
	if s.total = cmp.Or(s.byHand, s.total); s.byHand > 0 && s.crossed {
		return acp.Draft{}, &acp.Error{Kind: acp.KindRefused, Message: "completed already"}
	}
	return s.known()
}

// DeleteDraft is slower than a buyer who is paying: the draft stays. One that
// has become an order cannot be deleted.
func (s *onePageShop) DeleteDraft(context.Context, acp.Merchant, string) error {
	if s.order != "" {
		return &acp.Error{Kind: acp.KindRefused, Message: "it has become an order"}
	}
	return s.stuck
}

func (s *onePageShop) Order(_ context.Context, _ acp.Merchant, id string) (acp.Order, error) {
	return acp.Order{
		ID: id, Name: "#1001", URL: "https://m_1.myshopify.com/orders/1", Status: acp.OrderCreated, Currency: "usd",
		Totals: acp.Totals{Total: 500}, PlacedAt: storetest.Noon, UpdatedAt: storetest.Noon, Sales: s.sales, Paid: len(s.sales) > 0 && !s.sales[0].Pending,
	}, nil
}
func (s *onePageShop) RecordPayment(context.Context, acp.Merchant, acp.Payment) error { return nil }

// onePagePayments answers every authorization alike.
type onePagePayments struct {
	acp.Payments // what no test here asks for
	state        acp.PaymentState
	fail         error
	abilities    acp.Capabilities
	acquirer     *acp.Acquirer
	brand        string // of the card behind every token
	voided       int
	asked        acp.Authorization // the last one
	meanwhile    func()            // happens while a payment is read, once
	lapses       time.Time         // what it reserves; zero: it does not say
}

func (p *onePagePayments) Name() string { return "Demo" }

func (p *onePagePayments) Capabilities() acp.Capabilities {
	return p.abilities
}

func (p *onePagePayments) Handlers(acp.Merchant) []acp.PaymentHandler {
	return []acp.PaymentHandler{{ID: "card", DisplayName: "Card", PSP: "demo", Acquirer: p.acquirer}}
}

func (p *onePagePayments) Inspect(context.Context, acp.Merchant, acp.Secret) (acp.Grant, error) {
	return acp.Grant{Card: acp.Card{Brand: p.brand}}, nil
}

func (p *onePagePayments) Authorize(_ context.Context, _ acp.Merchant, a acp.Authorization) (acp.Payment, error) {
	p.asked = a
	return acp.Payment{ProviderID: "pay_1", Amount: a.Amount, State: p.state, CaptureBefore: p.lapses}, p.fail
}

func (p *onePagePayments) Find(context.Context, acp.Merchant, string) (acp.Payment, error) {
	return acp.Payment{}, acp.NotFound("payment")
}

func (p *onePagePayments) Capture(_ context.Context, _ acp.Merchant, pay acp.Payment) (acp.Payment, error) {
	pay.State = acp.PaymentCaptured
	return pay, nil
}

// Read shows the payment in the state that a test has put it into.
func (p *onePagePayments) Read(_ context.Context, _ acp.Merchant, id string) (acp.Payment, error) {
	if now := p.meanwhile; now != nil {
		p.meanwhile = nil
		now()
	}
	return acp.Payment{ProviderID: id, Amount: acp.Money{Amount: 500, Currency: "usd"}, State: p.state}, p.fail
}

func (p *onePagePayments) Void(_ context.Context, _ acp.Merchant, pay acp.Payment) (acp.Payment, error) {
	if p.fail != nil {
		return acp.Payment{}, p.fail
	}
	p.voided++
	pay.State = acp.PaymentVoided
	return pay, nil
}
