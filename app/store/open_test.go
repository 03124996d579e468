package store_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/app/store"
	"github.com/acp-bridge/acp-bridge/app/store/storetest"
)

func TestThreeInstancesMigrateAtOnce(t *testing.T) {
	for engine, config := range map[string]func(*testing.T) store.OpenConfig{"sqlite": sqliteFile, "postgres": postgresDatabase} {
		t.Run(engine, func(t *testing.T) {
			c := config(t)
			var opened [3]*store.Database
			together(len(opened), func(i int) {
				var err error
				if opened[i], err = store.Open(t.Context(), c); err != nil {
					t.Error(err)
				}
			})
			if t.Failed() {
				return
			}
			for _, d := range append(opened[:], open(t, c)) { // the last one finds nothing to do
				must(t, storetest.Over(t, d).Ready(t.Context()))
			}
		})
	}
}

func TestTheSchemaHasWhatTheRowsHave(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		for _, row := range store.Rows() {
			db := b.Database.Gorm()
			parsed := &gorm.Statement{DB: db}
			must(t, parsed.Parse(row))
			live, err := db.Migrator().ColumnTypes(row)
			must(t, err)
			columns := make([]string, len(live))
			for i, column := range live {
				columns[i] = column.Name()
			}
			want := slices.Sorted(slices.Values(parsed.Schema.DBNames))
			if slices.Sort(columns); !slices.Equal(columns, want) {
				t.Errorf("%s has %v, its rows %v", parsed.Table, columns, want)
			}
		}
	})
}

func TestADatabaseThatIsNotMigratedIsNotReady(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		must(t, b.Ready(t.Context()))
		_, err := b.Database.SQL().ExecContext(t.Context(), "DELETE FROM goose_db_version WHERE version_id > 0")
		must(t, err)
		wantKind(t, b.Ready(t.Context()), acp.KindUnavailable)
	})
}

// Migrations land in another order than they were numbered in.
func TestAnEarlierMigrationIsMadeUpFor(t *testing.T) {
	for engine, config := range map[string]func(*testing.T) store.OpenConfig{"sqlite": sqliteFile, "postgres": postgresDatabase} {
		t.Run(engine, func(t *testing.T) {
			c := config(t)
			d := open(t, c)
			for _, without := range []string{
				"ALTER TABLE claims DROP COLUMN language", "DELETE FROM goose_db_version WHERE version_id = 7",
			} {
				_, err := d.SQL().ExecContext(t.Context(), without)
				must(t, err)
			}
			wantKind(t, storetest.Over(t, d).Ready(t.Context()), acp.KindUnavailable)
			must(t, storetest.Over(t, open(t, c)).Ready(t.Context()))
		})
	}
}

func TestACanceledRequestIsAnsweredAsUnavailable(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s := sessionOf(t, b.m, "cs_1")
		must(t, b.CreateSession(t.Context(), s))
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		wantKind(t, b.SaveSession(gone, &s), acp.KindUnavailable)
		_, err := b.Session(gone, b.m.ID, "", s.ID)
		wantKind(t, err, acp.KindUnavailable)
		must(t, b.SaveSession(t.Context(), &s))
	})
}

func TestAnErrorShowsNothingOfTheDatabase(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		_, err := b.Database.SQL().ExecContext(t.Context(), "DROP TABLE sessions")
		must(t, err)
		_, err = b.Session(t.Context(), b.m.ID, "", "cs_secret")
		wantKind(t, err, acp.KindInternal)
		failure, ok := errors.AsType[*acp.Error](err)
		if !ok || strings.Contains(failure.Message, "sessions") || strings.Contains(failure.Message, "cs_secret") {
			t.Fatalf("message: %q", failure.Message)
		}
	})
}

func TestADocumentOfAnotherReleaseIsRefused(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		for i, change := range []string{
			`replace(document, '{"v":1', '{"v":2')`,
			`replace(document, '{"v":1', '{"v":1,"unheard_of":true')`,
			`document || '{}'`,
		} {
			id := acp.SessionID(fmt.Sprint("cs_", i))
			must(t, b.CreateSession(t.Context(), sessionOf(t, b.m, id)))
			_, err := b.Session(t.Context(), b.m.ID, "", id)
			must(t, err)
			_, err = b.Database.SQL().ExecContext(t.Context(), "UPDATE sessions SET document = "+change)
			must(t, err)
			_, err = b.Session(t.Context(), b.m.ID, "", id)
			wantKind(t, err, acp.KindInternal)
		}
	})
}

func TestTheFileIsReadableByItsOwnerOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	storetest.Over(t, open(t, store.OpenConfig{Path: path, Log: slog.New(slog.DiscardHandler)}))
	for _, name := range []string{path, path + "-wal"} {
		info, err := os.Stat(name)
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s is %s", name, info.Mode())
		}
	}
}

func TestOpeningSaysWhatIsWrong(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	for name, c := range map[string]store.OpenConfig{
		"neither":          {Log: log},
		"both":             {Path: "x", URL: "postgres://x", Log: log},
		"no log":           {Path: "x"},
		"no such folder":   {Path: filepath.Join(t.TempDir(), "none", "store.db"), Log: log},
		"not a database":   {Path: textFile(t), Log: log},
		"nobody listens":   {URL: "postgres://postgres:hunter2@127.0.0.1:1/postgres?connect_timeout=2", Log: log},
		"a broken address": {URL: "postgres://postgres:hunter2@127.0.0.1:x/", Log: log},
	} {
		_, err := store.Open(t.Context(), c)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := store.New(store.Config{}); err == nil {
		t.Error("an empty configuration is accepted")
	}
}

func textFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	must(t, os.WriteFile(path, []byte(strings.Repeat("no database at all\n", 100)), 0o600))
	return path
}
