package acp

import (
	"slices"
	"strings"
	"time"
)

// refundMatch brings together what Shopify, the provider and our books say of
// the refunds of one payment. Both sides end with the same sum. Where it is not
// clear whether two refunds of one amount are one refund, they are taken for
// one, however far apart in time: staff who refund on both sides by hand must
// not give the money back twice, and may do so days later. Where that keeps
// money from the buyer that would else be sent, staff are told.
//
// Shopify must have been read before the provider: a refund that was recorded
// there because of the provider's is then sure to be known of the provider, and
// not taken for a new one.
type refundMatch struct {
	payment   Payment
	following Following
	now       time.Time
	entries   []*RefundEntry
	shop      []ShopRefund // that no entry has
	seen      []Refund     // that no entry has
	moved     []Movement
}

// matchRefunds returns all entries as they should be, and the movements that
// the provider tells of.
func matchRefunds(p Payment, f Following, shop []ShopRefund, seen []Refund, known []RefundEntry, now time.Time) ([]RefundEntry, []Movement) {
	m := refundMatch{payment: p, following: f, now: now}
	for _, e := range known {
		m.entries = append(m.entries, &e)
	}
	m.findNoted(shop, seen)
	m.findReferenced(seen)
	m.pairByAmount()
	m.enterRest()
	m.hear(seen)
	all := make([]RefundEntry, len(m.entries))
	for i, e := range m.entries {
		all[i] = *e
	}
	return all, m.moved
}

// findNoted matches refunds in Shopify whose note names the provider's.
func (m *refundMatch) findNoted(shop []ShopRefund, seen []Refund) {
	for _, s := range shop {
		if m.find(func(e *RefundEntry) bool { return e.InShop() == s.ID }) != nil || s.Amount.Amount <= 0 {
			continue
		}
		at := slices.IndexFunc(seen, func(r Refund) bool { return strings.Contains(s.Note, r.ID) })
		if at < 0 {
			m.shop = append(m.shop, s)
			continue
		}
		e := m.find(func(e *RefundEntry) bool { return e.AtProvider() == seen[at].ID })
		switch {
		case e == nil:
			e = m.enter(SideProvider, seen[at].ID, seen[at].Amount, seen[at].At)
		case e.Origin != SideProvider || e.Counterpart != "":
			m.shop = append(m.shop, s) // a second refund whose note speaks of the first
			continue
		}
		e.meet(s.ID)
	}
}

// findReferenced matches the provider's refunds that we have asked for. They
// are ours, whatever our books say, and never carried to Shopify.
func (m *refundMatch) findReferenced(seen []Refund) {
	for _, r := range seen {
		if m.find(func(e *RefundEntry) bool { return e.AtProvider() == r.ID }) != nil {
			continue
		}
		if r.Reference == "" {
			if r.State != RefundFailed {
				m.seen = append(m.seen, r)
			}
			continue
		}
		e := m.find(func(e *RefundEntry) bool { return e.Origin != SideProvider && e.reference() == r.Reference })
		if at := slices.IndexFunc(m.shop, func(s ShopRefund) bool { return shopRefundReference(s.ID) == r.Reference }); e == nil && at >= 0 {
			e = m.enter(SideShop, m.shop[at].ID, m.shop[at].Amount, m.shop[at].At)
			m.shop = slices.Delete(m.shop, at, at+1)
		}
		if e != nil && e.wants() {
			e.meet(r.ID)
		}
	}
}

// pairByAmount takes what staff did on both sides by hand for one refund.
func (m *refundMatch) pairByAmount() {
	for _, e := range m.entries {
		switch {
		case e.Origin != SideProvider && e.wants():
			open := e.Carried == CarryOpen
			if r, ok := takeRefund(&m.seen, e.Amount); ok {
				e.meet(r.ID)
				e.doubt(open && e.Origin == SideShop)
			}
		case e.Origin == SideProvider && e.Counterpart == "" && e.Money != RefundFailed:
			if s, ok := takeShopRefund(&m.shop, e.Amount); ok {
				e.meet(s.ID)
				e.doubt(m.following.ShopRefunds)
			}
		}
	}
	for _, s := range slices.Clone(m.shop) {
		if r, ok := takeRefund(&m.seen, s.Amount); ok {
			e := m.enter(SideShop, s.ID, s.Amount, s.At)
			e.meet(r.ID)
			e.doubt(m.following.ShopRefunds)
			m.shop = slices.DeleteFunc(m.shop, func(other ShopRefund) bool { return other.ID == s.ID })
		}
	}
}

// enterRest notes what only one side has.
func (m *refundMatch) enterRest() {
	for _, s := range m.shop {
		m.enter(SideShop, s.ID, s.Amount, s.At).Carried = carry(m.following.ShopRefunds)
	}
	for _, r := range m.seen {
		m.enter(SideProvider, r.ID, r.Amount, r.At).Carried = carry(m.following.ProviderRefunds)
	}
}

func carry(allowed bool) CarryState {
	if allowed {
		return CarryOpen
	}
	return CarryLeft
}

// hear notes what became of the money.
func (m *refundMatch) hear(seen []Refund) {
	for _, r := range seen {
		e := m.find(func(e *RefundEntry) bool { return e.AtProvider() == r.ID })
		if e == nil {
			continue
		}
		m.moved = append(m.moved, e.learn(m.payment, r, m.now)...)
	}
}

// learn takes over the provider's word on a refund, and returns what it did
// with the money.
func (e *RefundEntry) learn(p Payment, r Refund, now time.Time) []Movement {
	before := e.Money
	e.Money = r.State
	switch {
	case r.State != RefundFailed:
		return []Movement{p.movement(MoveRefund, r.Amount, r.ID, r.Reason, r.At)}
	case before == RefundFailed:
		return nil
	}
	e.Problem, e.HandledAt = ProblemRefundFailed, time.Time{}
	if before == "" {
		return nil // it failed before anybody counted on it
	}
	return []Movement{
		p.movement(MoveRefund, r.Amount, r.ID, r.Reason, r.At),
		p.movement(MoveReinstate, r.Amount, r.ID, "the refund failed", now),
	}
}

// wants reports whether an entry that began in Shopify or here still needs a
// refund at the provider. One that failed there is not tried again by itself,
// but taken up when staff have made it by hand.
func (e *RefundEntry) wants() bool { return e.Counterpart == "" || e.Money == RefundFailed }

// meet joins the entry with its counterpart.
func (e *RefundEntry) meet(counterpart string) {
	e.Counterpart, e.Carried, e.Problem = counterpart, CarryDone, ""
	if e.Origin != SideProvider {
		e.Money = ""
	}
}

// doubt tells staff that a refund in Shopify, which would have given the money
// back, was taken for one that somebody made at the provider.
func (e *RefundEntry) doubt(would bool) {
	if would {
		e.Problem, e.HandledAt = ProblemTakenForOne, time.Time{}
	}
}

func (m *refundMatch) find(is func(*RefundEntry) bool) *RefundEntry {
	if at := slices.IndexFunc(m.entries, is); at >= 0 {
		return m.entries[at]
	}
	return nil
}

func (m *refundMatch) enter(origin Side, id string, amount Money, at time.Time) *RefundEntry {
	e := &RefundEntry{
		Merchant: m.payment.Merchant, Session: m.payment.Session, OrderID: m.payment.OrderID, Provider: m.payment.Provider,
		PaymentID: m.payment.ProviderID, Origin: origin, OriginID: id, Amount: amount, Carried: CarryOpen, CreatedAt: at, UpdatedAt: m.now,
	}
	m.entries = append(m.entries, e)
	return e
}

func takeRefund(from *[]Refund, amount Money) (Refund, bool) {
	at := slices.IndexFunc(*from, func(r Refund) bool { return r.Amount == amount })
	if at < 0 {
		return Refund{}, false
	}
	r := (*from)[at]
	*from = slices.Delete(*from, at, at+1)
	return r, true
}

func takeShopRefund(from *[]ShopRefund, amount Money) (ShopRefund, bool) {
	at := slices.IndexFunc(*from, func(s ShopRefund) bool { return s.Amount == amount })
	if at < 0 {
		return ShopRefund{}, false
	}
	s := (*from)[at]
	*from = slices.Delete(*from, at, at+1)
	return s, true
}
