package store_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/app/store"
	"github.com/acp-bridge/acp-bridge/app/store/storetest"
)

var noon = storetest.Noon

// books is a store on one engine with what a test turns and looks at.
type books struct {
	*store.Store
	config store.OpenConfig
	tasks  storetest.Tasks
	clock  atomic.Pointer[time.Time]
	broken atomic.Bool // the job engine refuses everything
	m      acp.Merchant
}

func (b *books) enqueue(ctx context.Context, tx *sql.Tx, tasks []acp.Task) error {
	if b.broken.Load() {
		return errors.New("the job engine is broken")
	}
	return b.tasks.Enqueue(ctx, tx, tasks)
}

func (b *books) now() time.Time { return *b.clock.Load() }

func (b *books) set(at time.Time) { b.clock.Store(&at) }

// open opens the store, with one shop installed.
func (b *books) open(t *testing.T) {
	t.Helper()
	b.set(noon)
	b.Store = storetest.Over(t, open(t, b.config), func(c *store.Config) { c.Enqueue, c.Now = b.enqueue, b.now })
	b.m = storetest.Install(t, b.Store, "m_1")
}

// onEachEngine runs a test on an empty SQLite file and, when the variable says
// where a server is, on an empty PostgreSQL database.
func onEachEngine(t *testing.T, test func(t *testing.T, b *books)) {
	t.Helper()
	configs := map[string]func(*testing.T) store.OpenConfig{"sqlite": migratedFile, "postgres": postgresDatabase}
	for engine, config := range configs {
		t.Run(engine, func(t *testing.T) {
			b := &books{config: config(t)}
			b.open(t)
			test(t, b)
		})
	}
}

func open(t *testing.T, c store.OpenConfig) *store.Database {
	t.Helper()
	d, err := store.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func migratedFile(t *testing.T) store.OpenConfig {
	c := sqliteFile(t)
	storetest.Migrated(t, c.Path)
	return c
}

func sqliteFile(t *testing.T) store.OpenConfig {
	// A folder that an address must escape.
	dir := filepath.Join(t.TempDir(), "a b?c#d%20")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return store.OpenConfig{Path: filepath.Join(dir, "store.db"), Log: slog.New(slog.DiscardHandler)}
}

func postgresDatabase(t *testing.T) store.OpenConfig {
	return store.OpenConfig{URL: storetest.Postgres(t), Log: slog.New(slog.DiscardHandler)}
}

func wantKind(t *testing.T, err error, want acp.Kind) {
	t.Helper()
	if got := acp.KindOf(err); got != want {
		t.Fatalf("kind %q instead of %q: %v", got, want, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
