package handlers_test

import (
	"context"
	"sync"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// fakeCatalog keeps the state of one mirror.
type fakeCatalog struct{ *fakeBooks }

func (b fakeCatalog) Mirror(_ context.Context, m acp.MerchantID) (acp.Mirror, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.mirror.State == "" {
		return acp.Mirror{Merchant: m, State: acp.MirrorEmpty}, nil
	}
	return b.mirror, nil
}

func (b fakeCatalog) SaveMirror(_ context.Context, mirror acp.Mirror, _ ...acp.Task) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mirror = mirror
	return nil
}

func (b fakeCatalog) PutRecords(context.Context, acp.MerchantID, int64, []acp.Record) error {
	return nil
}

func (b fakeCatalog) ReplaceProducts(context.Context, acp.MerchantID, int64, []acp.Record, []string) error {
	return nil
}

func (b fakeCatalog) FinishMirror(_ context.Context, m acp.Mirror) (acp.Mirror, error) { return m, nil }

func (b fakeCatalog) MarkDirty(context.Context, acp.MerchantID, []string, ...acp.Task) error {
	return nil
}

func (b fakeCatalog) DirtyProducts(context.Context, acp.MerchantID, int) (map[string]int64, error) {
	return nil, nil
}

func (b fakeCatalog) ClearDirty(context.Context, acp.MerchantID, map[string]int64) error { return nil }

func (b fakeCatalog) ProductOfInventory(context.Context, acp.MerchantID, string) (string, error) {
	return "", acp.NotFound("product")
}

// fakeOrders knows no order.
type fakeOrders struct{}

func (fakeOrders) Order(context.Context, acp.MerchantID, string) (acp.Order, acp.ConnectionID, error) {
	return acp.Order{}, "", acp.NotFound("order")
}

func (fakeOrders) SaveOrder(context.Context, acp.Order, acp.OrderEvent, ...acp.Task) error {
	return nil
}

// fakeClaims keeps idempotency keys as acp.Claims describes.
type fakeClaims struct {
	mu     sync.Mutex
	rows   map[string]acp.Claim
	stolen bool // somebody else takes every claim over before it is answered
	broken error
}

func newFakeClaims() *fakeClaims { return &fakeClaims{rows: map[string]acp.Claim{}} }

func place(c acp.Claim) string {
	return string(c.Merchant) + " " + string(c.Connection) + " " + c.Operation + " " + c.Key
}

func (f *fakeClaims) Claim(_ context.Context, c acp.Claim, now time.Time) (acp.Claim, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	known, ok := f.rows[place(c)]
	switch {
	case !ok || !now.Before(known.ExpiresAt):
		f.rows[place(c)] = c
		return c, nil
	case known.Fingerprint != c.Fingerprint:
		return acp.Claim{}, &acp.Error{Kind: acp.KindReused, Message: "another request"}
	case known.State == acp.Unresolved || (known.State == acp.Claimed && !now.Before(known.LeaseUntil)):
		known.State, known.Owner, known.LeaseUntil = acp.Claimed, c.Owner, c.LeaseUntil
		f.rows[place(c)] = known
	}
	return known, nil
}

func (f *fakeClaims) Answer(_ context.Context, c acp.Claim, status int, body []byte) error {
	return f.settle(c, func(known *acp.Claim) { known.State, known.Status, known.Body = acp.Done, status, body })
}

func (f *fakeClaims) Abandon(_ context.Context, c acp.Claim) error {
	return f.settle(c, func(known *acp.Claim) { known.State = acp.Unresolved })
}

func (f *fakeClaims) settle(c acp.Claim, change func(*acp.Claim)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	known := f.rows[place(c)]
	if f.stolen || known.Owner != c.Owner {
		return &acp.Error{Kind: acp.KindStale, Message: "taken over"}
	}
	if f.broken != nil {
		return f.broken
	}
	change(&known)
	f.rows[place(c)] = known
	return nil
}

// state is what is known of the one claim.
func (f *fakeClaims) state() acp.ClaimState {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.rows {
		return c.State
	}
	return ""
}
