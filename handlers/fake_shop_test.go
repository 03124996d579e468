package handlers_test

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// fakeShop stands in for Shopify behind the domain's ports: every item costs
// 19.99, two rates ship within the US, tax is 8 %.
type fakeShop struct {
	mu      sync.Mutex
	fail    map[string]error // by operation; nil: it works
	block   map[string]chan struct{}
	entered chan string // told when a blocked operation begins
	panics  bool        // when asked for a quote
	quotes  int
	drafts  map[string]acp.Draft // by reference
	created int
}

func newFakeShop() *fakeShop {
	return &fakeShop{
		fail: map[string]error{}, block: map[string]chan struct{}{}, entered: make(chan string, 8),
		drafts: map[string]acp.Draft{},
	}
}

func (f *fakeShop) do(ctx context.Context, operation string) error {
	f.mu.Lock()
	err, gate := f.fail[operation], f.block[operation]
	f.mu.Unlock()
	if gate == nil {
		return err
	}
	f.entered <- operation
	select {
	case <-gate:
		return err
	case <-ctx.Done():
		return &acp.Error{Kind: acp.KindUnknown, Message: operation, Err: ctx.Err()}
	}
}

func (f *fakeShop) failing(operation string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail[operation] = err
}

// blocking holds an operation up until the returned function is called.
func (f *fakeShop) blocking(operation string) (release func()) {
	gate := make(chan struct{})
	f.mu.Lock()
	f.block[operation] = gate
	f.mu.Unlock()
	return func() {
		f.mu.Lock()
		delete(f.block, operation)
		f.mu.Unlock()
		close(gate)
	}
}

func (f *fakeShop) Quote(ctx context.Context, _ acp.Merchant, c acp.Cart) (acp.Quote, error) {
	if err := f.do(ctx, "quote"); err != nil {
		return acp.Quote{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.panics {
		panic("quote of a cart nobody thought of")
	}
	f.quotes++
	q := acp.Quote{Currency: c.Currency, Rate: c.Rate}
	for _, l := range c.Lines {
		price := 1999 * l.Quantity
		q.Lines = append(q.Lines, acp.QuotedLine{
			VariantID: l.VariantID, Unit: 1999, Original: price, Discounted: price,
			Taxable: true, Shippable: true, Available: true,
		})
		q.Total += price
	}
	if c.Address != nil && c.Address.Country == "US" {
		q.Rates = []acp.ShippingRate{{Handle: "standard", Title: "Standard", Amount: 500}, {Handle: "express", Title: "Express", Amount: 1500}}
		q.Tax = q.Total * 8 / 100
	}
	for _, r := range q.Rates {
		if r.Handle == c.Rate {
			q.Shipping = r.Amount
		}
	}
	q.Total += q.Tax + q.Shipping
	return q, nil
}

func (f *fakeShop) CreateDraft(ctx context.Context, _ acp.Merchant, d acp.DraftOrder) (acp.Draft, error) {
	if err := f.do(ctx, "create draft"); err != nil {
		return acp.Draft{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.created++
	draft := acp.Draft{ID: "gid://shopify/DraftOrder/1", InvoiceURL: "https://" + shop + "/invoices/" + d.Reference, Ready: true}
	f.drafts[d.Reference] = draft
	return draft, nil
}

func (f *fakeShop) FindDraft(_ context.Context, _ acp.Merchant, reference string) (acp.Draft, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if d, ok := f.drafts[reference]; ok {
		return d, nil
	}
	return acp.Draft{}, acp.NotFound("draft")
}

func (f *fakeShop) FindDrafts(ctx context.Context, m acp.Merchant, reference string) ([]acp.Draft, error) {
	if d, err := f.FindDraft(ctx, m, reference); err == nil {
		return []acp.Draft{d}, nil
	}
	return nil, nil
}

func (*fakeShop) LeftDrafts(context.Context, acp.Merchant, time.Time) ([]acp.LeftDraft, error) {
	return nil, nil
}

func (f *fakeShop) Draft(_ context.Context, _ acp.Merchant, id string) (acp.Draft, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, d := range f.drafts {
		if d.ID == id {
			return d, nil
		}
	}
	return acp.Draft{}, acp.NotFound("draft")
}

func (f *fakeShop) AwaitDraft(ctx context.Context, m acp.Merchant, id string) (acp.Draft, error) {
	if err := f.do(ctx, "await draft"); err != nil {
		return acp.Draft{}, err
	}
	return f.Draft(ctx, m, id)
}

func (f *fakeShop) CompleteDraft(context.Context, acp.Merchant, string) (acp.Draft, error) {
	return acp.Draft{}, errors.New("not part of these tests")
}

func (f *fakeShop) DeleteDraft(context.Context, acp.Merchant, string) error { return nil }

func (f *fakeShop) Order(context.Context, acp.Merchant, string) (acp.Order, error) {
	return acp.Order{}, acp.NotFound("order")
}
func (f *fakeShop) RecordPayment(context.Context, acp.Merchant, acp.Payment) error { return nil }

func (f *fakeShop) Exchange(ctx context.Context, domain string, _ acp.Secret) (acp.Installation, error) {
	return acp.Installation{Shop: domain, AccessToken: "shpat_1"}, f.do(ctx, "exchange")
}

func (f *fakeShop) Profile(context.Context, acp.Merchant) (acp.Profile, error) {
	return demoProfile, nil
}

func (f *fakeShop) StartBulk(context.Context, acp.Merchant) (acp.Bulk, error) { return acp.Bulk{}, nil }

func (f *fakeShop) Bulk(context.Context, acp.Merchant, string) (acp.Bulk, error) {
	return acp.Bulk{}, nil
}

func (f *fakeShop) Records(context.Context, acp.Merchant, acp.Bulk, func(acp.Record) error) error {
	return nil
}

func (f *fakeShop) Refetch(context.Context, acp.Merchant, []string) ([]acp.Record, []string, error) {
	return nil, nil, nil
}

func (f *fakeShop) draftsMade() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.created
}
