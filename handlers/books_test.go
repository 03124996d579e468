package handlers_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/app/store"
	"github.com/acp-bridge/acp-bridge/app/store/storetest"
)

// books is the real store on a file of its own, and can be told to fail.
type books struct {
	*store.Store

	mu    sync.Mutex
	fail  error      // of reading merchants by shop, sessions, carts and items
	sales *acp.Sales // reported instead of the store's

	stolen bool  // somebody else takes every claim over before its session is kept
	broken error // of keeping a session
}

// CreateSession implements acp.Sessions.
func (b *books) CreateSession(ctx context.Context, s acp.Session) error {
	if b.broken != nil {
		return b.broken
	}
	if b.stolen && s.Told != nil {
		if err := steal(ctx, b.Store, s.Told); err != nil {
			return err
		}
	}
	return b.Store.CreateSession(ctx, s)
}

// steal lets somebody else carry a request out. What is held in memory cannot
// be taken over, but another process may get to its row first.
func steal(ctx context.Context, claims acp.Claims, c *acp.Claim) error {
	if !c.Light {
		c.Owner = "somebody else"
		return nil
	}
	theirs := *c
	theirs.Light, theirs.Owner = false, "somebody else"
	_, err := claims.Claim(ctx, theirs, c.CreatedAt)
	return err
}

// SaveSession implements acp.Sessions.
func (b *books) SaveSession(ctx context.Context, s *acp.Session, tasks ...acp.Task) error {
	if b.stolen && s.Told != nil {
		s.Told.Owner = "somebody else"
	}
	return b.Store.SaveSession(ctx, s, tasks...)
}

func openBooks(t *testing.T, now func() time.Time) *books {
	t.Helper()
	return &books{Store: storetest.New(t, func(c *store.Config) { c.Now = now })}
}

// breakDown makes reading merchants by shop, sessions, carts and items fail from
// now on.
func (b *books) breakDown(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fail = err
}

// MerchantByShop implements acp.ShopDirectory.
func (b *books) MerchantByShop(ctx context.Context, domain string) (acp.Merchant, error) {
	b.mu.Lock()
	err := b.fail
	b.mu.Unlock()
	if err != nil {
		return acp.Merchant{}, err
	}
	return b.Store.MerchantByShop(ctx, domain)
}

// Session implements acp.Sessions.
func (b *books) Session(ctx context.Context, m acp.MerchantID, c acp.ConnectionID, id acp.SessionID) (acp.Session, error) {
	b.mu.Lock()
	err := b.fail
	b.mu.Unlock()
	if err != nil {
		return acp.Session{}, err
	}
	return b.Store.Session(ctx, m, c, id)
}

// Cart implements acp.CartBook.
func (b *books) Cart(ctx context.Context, m acp.MerchantID, c acp.ConnectionID, id acp.CartID) (acp.SavedCart, error) {
	b.mu.Lock()
	err := b.fail
	b.mu.Unlock()
	if err != nil {
		return acp.SavedCart{}, err
	}
	return b.Store.Cart(ctx, m, c, id)
}

// Items implements acp.Items.
func (b *books) Items(ctx context.Context, m acp.MerchantID, ids []acp.ItemID) ([]acp.Item, error) {
	b.mu.Lock()
	err := b.fail
	b.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return b.Store.Items(ctx, m, ids)
}

// Sales implements acp.SalesBook.
func (b *books) Sales(ctx context.Context, m acp.Merchant, since time.Time, latest int) (acp.Sales, error) {
	if b.sales == nil {
		return b.Store.Sales(ctx, m, since, latest)
	}
	s := *b.sales
	s.Since, s.Revenue.Currency = since, m.Currency
	return s, nil
}

// settle puts an installed shop that sells item 101 into the books.
func (b *books) settle(t *testing.T, id acp.MerchantID, domain, feed string, now time.Time) acp.Merchant {
	t.Helper()
	m := must(b.SaveMerchant(t.Context(), acp.Merchant{
		ID: id, Shop: domain, Status: acp.Installed, Profile: demoProfile, Completion: acp.HandOff, FeedToken: feed,
		InstalledAt: now, UpdatedAt: now,
	}))
	err := b.PutRecords(t.Context(), id, 1, []acp.Record{
		{Product: &acp.ProductRecord{ID: "gid://shopify/Product/1", Title: "Wool scarf", URL: "https://demo.example/scarf", UpdatedAt: now}},
		{Variant: &acp.VariantRecord{
			ID: "gid://shopify/ProductVariant/101", ProductID: "gid://shopify/Product/1", Title: "Default", Price: 1999,
			Availability: acp.InStock, Shippable: true, UpdatedAt: now,
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// watchedClaims is the real store's claims, watched and disturbed.
type watchedClaims struct {
	acp.Claims

	mu     sync.Mutex
	last   acp.ClaimState  // of whichever claim changed last
	rows   bool            // also light claims are rows, as on PostgreSQL
	stolen bool            // somebody else takes every claim over before it is answered
	broken error           // of storing an answer
	die    func(acp.Claim) // told of a claim whose process dies at once

	extendError    error
	extendFailures int
	failedToExtend chan struct{}
	extended       int
}

func (w *watchedClaims) note(state acp.ClaimState, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err == nil {
		w.last = state
	}
}

// Claim implements acp.Claims.
func (w *watchedClaims) Claim(ctx context.Context, c acp.Claim, now time.Time) (acp.Claim, error) {
	c.Light = c.Light && !w.rows
	found, err := w.Claims.Claim(ctx, c, now)
	w.note(found.State, err)
	if w.die != nil && err == nil {
		w.die(found)
		return acp.Claim{}, &acp.Error{Kind: acp.KindUnavailable, Message: "the process died"}
	}
	return found, err
}

// Answer implements acp.Claims.
func (w *watchedClaims) Answer(ctx context.Context, c acp.Claim, status int, body []byte) error {
	if w.broken != nil {
		return w.broken
	}
	if w.stolen {
		c.Owner = "somebody else"
	}
	err := w.Claims.Answer(ctx, c, status, body)
	w.note(acp.Done, err)
	return err
}

// Abandon implements acp.Claims.
func (w *watchedClaims) Abandon(ctx context.Context, c acp.Claim) error {
	err := w.Claims.Abandon(ctx, c)
	w.note(acp.Unresolved, err)
	return err
}

func (w *watchedClaims) state() acp.ClaimState {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last
}
