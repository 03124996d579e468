package handlers_test

import (
	"context"
	"sync"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// fakeBooks keeps the domain's rows in memory, with the same conflicts that a
// database would have.
type fakeBooks struct {
	mu          sync.Mutex
	merchants   map[string]acp.Merchant // by shop
	sessions    map[acp.SessionID]acp.Session
	leases      map[acp.SessionID]string
	items       []acp.Item
	connections map[string]acp.Connection // by token hash
	mirror      acp.Mirror
	deliveries  map[string]acp.Delivery
	sales       acp.Sales
	fail        error // of everything that reads merchants by shop
}

func newFakeBooks() *fakeBooks {
	return &fakeBooks{
		merchants: map[string]acp.Merchant{}, sessions: map[acp.SessionID]acp.Session{}, leases: map[acp.SessionID]string{},
		connections: map[string]acp.Connection{}, deliveries: map[string]acp.Delivery{},
	}
}

func (b *fakeBooks) CreateSession(_ context.Context, s acp.Session) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.sessions[s.ID]; ok {
		return &acp.Error{Kind: acp.KindStale}
	}
	b.sessions[s.ID] = copied(s)
	return nil
}

// copied keeps what is stored apart from what is being changed.
func copied(s acp.Session) acp.Session {
	if s.Handover != nil {
		h := *s.Handover
		s.Handover = &h
	}
	return s
}

func (b *fakeBooks) Session(_ context.Context, m acp.MerchantID, c acp.ConnectionID, id acp.SessionID) (acp.Session, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s, ok := b.sessions[id]
	if !ok || s.Merchant != m || (c != "" && s.Connection != c) {
		return acp.Session{}, acp.NotFound("session")
	}
	return copied(s), nil
}

func (b *fakeBooks) SessionByHandover(_ context.Context, token string) (acp.Session, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.sessions {
		if s.Handover != nil && s.Handover.Token == token {
			return copied(s), nil
		}
	}
	return acp.Session{}, acp.NotFound("checkout")
}

func (b *fakeBooks) SaveSession(_ context.Context, s *acp.Session, _ ...acp.Task) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.sessions[s.ID].Revision != s.Revision {
		return &acp.Error{Kind: acp.KindStale}
	}
	s.Revision++
	b.sessions[s.ID] = copied(*s)
	return nil
}

func (b *fakeBooks) LeaseSession(_ context.Context, _ acp.MerchantID, id acp.SessionID, owner string, _, _ time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.leases[id] != "" {
		return &acp.Error{Kind: acp.KindInFlight, Message: "somebody else has it"}
	}
	b.leases[id] = owner
	return nil
}

func (b *fakeBooks) ReleaseSession(_ context.Context, _ acp.MerchantID, id acp.SessionID, owner string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.leases[id] == owner {
		delete(b.leases, id)
	}
	return nil
}

func (b *fakeBooks) Enqueue(context.Context, ...acp.Task) error { return nil }

func (b *fakeBooks) FinishCheckout(_ context.Context, s *acp.Session, _ *acp.Payment, _ acp.OrderEvent, _ ...acp.Task) error {
	return b.SaveSession(context.Background(), s)
}

func (b *fakeBooks) Items(_ context.Context, _ acp.MerchantID, ids []acp.ItemID) ([]acp.Item, error) {
	var found []acp.Item
	for _, it := range b.items {
		for _, id := range ids {
			if it.ID == id {
				found = append(found, it)
			}
		}
	}
	return found, nil
}

func (b *fakeBooks) Merchant(_ context.Context, id acp.MerchantID) (acp.Merchant, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.merchants {
		if m.ID == id {
			return m, nil
		}
	}
	return acp.Merchant{}, acp.NotFound("merchant")
}

func (b *fakeBooks) MerchantByShop(_ context.Context, shop string) (acp.Merchant, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	m, ok := b.merchants[shop]
	if b.fail != nil {
		return acp.Merchant{}, b.fail
	}
	if !ok {
		return acp.Merchant{}, acp.NotFound("merchant")
	}
	return m, nil
}

// breakDown makes reading merchants by shop fail from now on.
func (b *fakeBooks) breakDown(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fail = err
}

func (b *fakeBooks) SaveInstallation(context.Context, acp.Installation) error { return nil }

func (b *fakeBooks) SaveMerchant(_ context.Context, m acp.Merchant) (acp.Merchant, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.merchants[m.Shop] = m
	return m, nil
}

func (b *fakeBooks) Forget(context.Context, acp.MerchantID) error { return nil }

func (b *fakeBooks) ConnectionByToken(_ context.Context, hash string) (acp.Connection, acp.Merchant, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, ok := b.connections[hash]
	if !ok || !c.RevokedAt.IsZero() {
		return acp.Connection{}, acp.Merchant{}, acp.NotFound("connection")
	}
	for _, m := range b.merchants {
		if m.ID == c.Merchant {
			return c, m, nil
		}
	}
	return acp.Connection{}, acp.Merchant{}, acp.NotFound("merchant")
}

func (b *fakeBooks) Connections(_ context.Context, m acp.MerchantID) ([]acp.Connection, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []acp.Connection
	for _, c := range b.connections {
		if c.Merchant == m {
			list = append(list, c)
		}
	}
	return list, nil
}

func (b *fakeBooks) SaveConnection(_ context.Context, c acp.Connection, tokenHash string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.connections[tokenHash] = c
	return nil
}

func (b *fakeBooks) RevokeConnection(_ context.Context, m acp.MerchantID, id acp.ConnectionID, at time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for hash, c := range b.connections {
		if c.ID == id && c.Merchant == m {
			c.RevokedAt = at
			b.connections[hash] = c
			return nil
		}
	}
	return acp.NotFound("connection")
}

func (b *fakeBooks) SetCompletion(_ context.Context, id acp.MerchantID, chosen acp.Completion) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for shop, m := range b.merchants {
		if m.ID == id {
			m.Completion = chosen
			b.merchants[shop] = m
		}
	}
	return nil
}

func (b *fakeBooks) PutDelivery(_ context.Context, d acp.Delivery, _ acp.Task) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, known := b.deliveries[d.ID]; !known {
		b.deliveries[d.ID] = d
	}
	return nil
}

func (b *fakeBooks) Delivery(context.Context, acp.MerchantID, string) (acp.Delivery, error) {
	return acp.Delivery{}, acp.NotFound("delivery")
}
func (b *fakeBooks) CloseDelivery(context.Context, acp.MerchantID, string) error { return nil }
func (b *fakeBooks) Redact(context.Context, acp.MerchantID, acp.Redaction) error { return nil }

func (b *fakeBooks) Sales(_ context.Context, m acp.Merchant, since time.Time, _ int) (acp.Sales, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.sales
	s.Since, s.Mirror, s.Revenue.Currency = since, b.mirror, m.Currency
	return s, nil
}
