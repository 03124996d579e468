// Package storetest opens stores for tests.
package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/app/store"
)

// Noon is what a store's clock says unless a test sets another.
var Noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// Tasks records what a store enqueues.
type Tasks struct {
	mu   sync.Mutex
	list []acp.Task
}

// Enqueue is a store's Enqueue. It records tasks of transactions that are
// rolled back, too.
func (k *Tasks) Enqueue(_ context.Context, _ *sql.Tx, tasks []acp.Task) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.list = append(k.list, tasks...)
	return nil
}

// All returns what was enqueued so far.
func (k *Tasks) All() []acp.Task {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.list)
}

// New opens a store on an SQLite file of its own. Changes may replace any field
// of the configuration; without one tasks are recorded and forgotten.
func New(t testing.TB, changes ...func(*store.Config)) *store.Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	Migrated(t, path)
	database, err := store.Open(context.Background(), store.OpenConfig{Path: path, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return Over(t, database, changes...)
}

// Over makes a store over an open database, which is closed when the test ends.
func Over(t testing.TB, database *store.Database, changes ...func(*store.Config)) *store.Store {
	t.Helper()
	t.Cleanup(func() {
		if err := database.Close(); err != nil {
			t.Error(err)
		}
	})
	sealer, err := store.NewSealer(store.Key{ID: "test", Bytes: acp.Secret(strings.Repeat("k", 32))})
	if err != nil {
		t.Fatal(err)
	}
	c := store.Config{
		Database: database, Sealer: sealer, NewID: rand.Text, Enqueue: new(Tasks).Enqueue,
		Now: func() time.Time { return Noon },
	}
	for _, change := range changes {
		change(&c)
	}
	s, err := store.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Install inserts an installed shop that sells in US dollars. Rows of a
// merchant that does not exist are refused.
func Install(t testing.TB, s *store.Store, id acp.MerchantID) acp.Merchant {
	t.Helper()
	m, err := s.SaveMerchant(context.Background(), acp.Merchant{
		ID: id, Shop: string(id) + ".myshopify.com", Status: acp.Installed, Completion: acp.HandOff,
		FeedToken: "feed-" + string(id), InstalledAt: Noon, UpdatedAt: Noon,
		Profile: acp.Profile{Name: "Shop " + string(id), Currency: "usd", Country: "US"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}
