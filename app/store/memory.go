package store

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
)

// changes counts what has been written beside claims and sessions. On SQLite
// every write of this process passes the two places that count, and no other
// process writes (README, limitations), so that what was read after a count
// stays true for as long as the count stays.
//
// The count goes up after a change can be seen and before whoever made it is
// answered. So a read that begins after the answer (a key was revoked, the shop
// has left, a price has changed) finds another count than what was kept before
// the change, and looks again.
//
// On PostgreSQL other instances write, and nothing is remembered.
type changes struct{ count atomic.Int64 }

func (c *changes) noted() { c.count.Add(1) }

// watch counts each statement of gorm's that is not in a transaction: gorm
// calls back when it is over, and with it its commit. Transactions are counted
// in Store.commit. Hot statements write claims and sessions only, and are not
// counted.
func (c *changes) watch(db *gorm.DB) error {
	noted := func(*gorm.DB) { c.noted() }
	const name = "count change"
	on := db.Callback()
	return errors.Join(
		on.Create().After("*").Register(name, noted),
		on.Update().After("*").Register(name, noted),
		on.Delete().After("*").Register(name, noted),
		on.Raw().After("*").Register(name, noted),
		on.Query().After("*").Register(name, noted), // it may be a change that returns rows
	)
}

const (
	// mostRemembered bounds a memory; a full one is emptied.
	mostRemembered = 4096
	// rememberedFor is how long an operator with a tool of their own, who
	// changes the file behind our back, may wait to be believed.
	rememberedFor = time.Second
)

// memory spares hot reads the database while nothing changes. Its values are
// shared: whoever gets one must not write into it.
type memory[K comparable, V any] struct {
	changes *changes // nil: nothing is remembered
	now     func() time.Time

	mu   sync.RWMutex
	kept map[K]remembered[V]
}

type remembered[V any] struct {
	value V
	count int64
	until time.Time
}

func newMemory[K comparable, V any](c *changes, now func() time.Time) *memory[K, V] {
	return &memory[K, V]{changes: c, now: now, kept: map[K]remembered[V]{}}
}

// read looks a value up unless it is known. A failure is not remembered, so
// that guessing tokens fills nothing.
func (m *memory[K, V]) read(key K, look func() (V, error)) (V, error) {
	if m.changes == nil {
		return look()
	}
	count, now := m.changes.count.Load(), m.now() // before looking: what changes meanwhile is looked up again
	m.mu.RLock()
	known, ok := m.kept[key]
	m.mu.RUnlock()
	if ok && known.count == count && now.Before(known.until) {
		return known.value, nil
	}
	value, err := look()
	if err == nil {
		m.keep(key, remembered[V]{value: value, count: count, until: now.Add(rememberedFor)})
	}
	return value, err
}

func (m *memory[K, V]) keep(key K, r remembered[V]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.kept) >= mostRemembered {
		clear(m.kept)
	}
	m.kept[key] = r
}
