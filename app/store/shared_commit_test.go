package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"gorm.io/gorm"

	"github.com/acp-bridge/acp-bridge/acp"
)

// gathering is a shared writer on a file of its own, with a table of numbers.
type gathering struct {
	*shared
	t      *testing.T
	path   string
	insert *sql.Stmt
	reader *sql.DB
	over   func(error) error
	twice  func(context.Context, on, func(context.Context, on) error) error // undoable
}

func gather(t *testing.T) *gathering {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	d, err := Open(t.Context(), OpenConfig{Path: path, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if _, err := d.SQL().ExecContext(t.Context(), "CREATE TABLE numbers (n BIGINT PRIMARY KEY)"); err != nil {
		t.Fatal(err)
	}
	g := &gathering{shared: d.shared, t: t, path: path, reader: d.pools[1], over: d.translated, twice: d.undoable}
	if g.insert, err = d.SQL().PrepareContext(t.Context(), "INSERT INTO numbers VALUES (?)"); err != nil {
		t.Fatal(err)
	}
	return g
}

// write is a request that writes a number; then runs inside its transaction.
func (g *gathering) write(ctx context.Context, n int, then func() error) error {
	return g.do(ctx, func(ctx context.Context, at on) error {
		if _, err := at.exec(ctx, g.insert, n); err != nil {
			return g.over(err)
		}
		return then()
	})
}

func nothing() error { return nil }

// kept is what another connection sees: the committed numbers.
func (g *gathering) kept() string {
	rows, err := g.reader.QueryContext(context.Background(), "SELECT n FROM numbers ORDER BY n")
	if err != nil {
		g.t.Error(err)
		return ""
	}
	defer rows.Close()
	var kept []string
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			g.t.Error(err)
		}
		kept = append(kept, fmt.Sprint(n))
	}
	if err := rows.Err(); err != nil {
		g.t.Error(err)
	}
	return strings.Join(kept, " ")
}

// behind holds up the writer with number 0 until every request has come and
// waits, so that all of them are one batch; it returns what became of each.
func (g *gathering) behind(requests ...func() error) []error {
	g.t.Helper()
	return g.behindUntil(func() {}, requests...)
}

// behindUntil lets something happen while all of them wait.
func (g *gathering) behindUntil(happens func(), requests ...func() error) []error {
	g.t.Helper()
	began, release := make(chan struct{}), make(chan struct{})
	first := make(chan error, 1)
	go func() {
		first <- g.write(context.Background(), 0, func() error { close(began); <-release; return nil })
	}()
	<-began
	results := make([]chan error, len(requests))
	for i, request := range requests {
		results[i] = make(chan error, 1)
		go func() {
			defer func() {
				if value := recover(); value != nil {
					results[i] <- fmt.Errorf("panicked: %v", value)
				}
			}()
			results[i] <- request()
		}()
		g.await(i + 1)
	}
	happens()
	close(release)
	if err := <-first; err != nil {
		g.t.Error(err)
	}
	outcome := make([]error, len(requests))
	for i := range results {
		outcome[i] = <-results[i]
	}
	return outcome
}

// await returns when so many wait.
func (g *gathering) await(count int) {
	for waiting := -1; waiting != count; {
		g.mu.Lock()
		waiting = len(g.waiting)
		g.mu.Unlock()
		runtime.Gosched()
	}
}

func TestWritesThatWaitTogetherAreCommittedTogether(t *testing.T) {
	g := gather(t)
	var seen string
	requests := make([]func() error, 20)
	for i := range requests {
		requests[i] = func() error {
			return g.write(t.Context(), i+1, func() error { seen = g.kept(); return nil })
		}
	}
	for i, err := range g.behind(requests...) {
		if err != nil {
			t.Errorf("request %d: %v", i+1, err)
		}
	}
	if seen != "0" {
		t.Errorf("before the last of them was done, %q had been committed already", seen)
	}
	if got := len(strings.Fields(g.kept())); got != 21 {
		t.Errorf("%d rows are kept instead of 21", got)
	}
}

func TestAnAnsweredWriteIsInTheFiles(t *testing.T) {
	g := gather(t)
	g.behind(func() error { return g.write(t.Context(), 1, nothing) }, func() error { return g.write(t.Context(), 2, nothing) })
	after := filepath.Join(t.TempDir(), "store.db") // as a crash would leave it
	for _, suffix := range []string{"", "-wal"} {
		raw, err := os.ReadFile(g.path + suffix)
		if err == nil {
			err = os.WriteFile(after+suffix, raw, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	d, err := Open(t.Context(), OpenConfig{Path: after, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	g.reader = d.pools[1]
	if got := g.kept(); got != "0 1 2" {
		t.Errorf("after the crash: %q", got)
	}
}

func TestOneRequestsConflictDoesNotTouchTheOthers(t *testing.T) {
	g := gather(t)
	refused := &acp.Error{Kind: acp.KindReused}
	got := g.behind(
		func() error { return g.write(t.Context(), 1, nothing) },
		func() error { return g.write(t.Context(), 1, nothing) },
		func() error { return g.do(t.Context(), func(context.Context, on) error { return refused }) },
		func() error { return g.write(t.Context(), 2, nothing) },
	)
	if got[0] != nil || !errors.Is(got[1], gorm.ErrDuplicatedKey) || !errors.Is(got[2], refused) || got[3] != nil {
		t.Errorf("answers: %v", got)
	}
	if kept := g.kept(); kept != "0 1 2" {
		t.Errorf("kept %q", kept)
	}
}

func TestEveryWriteIsFlushed(t *testing.T) {
	g := gather(t)
	var synchronous string
	err := g.do(t.Context(), func(ctx context.Context, at on) error {
		return at.tx.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&synchronous)
	})
	if err != nil || synchronous != "2" {
		t.Errorf("synchronous = %s instead of 2 (FULL): %v", synchronous, err)
	}
}

func TestWhatFailsHalfWayIsUndoneAlone(t *testing.T) {
	g := gather(t)
	refused := &acp.Error{Kind: acp.KindStale}
	got := g.behind(
		func() error { return g.write(t.Context(), 1, nothing) },
		func() error {
			return g.do(t.Context(), func(ctx context.Context, at on) error {
				return g.twice(ctx, at, func(ctx context.Context, at on) error {
					if _, err := at.exec(ctx, g.insert, 2); err != nil {
						return err
					}
					return refused
				})
			})
		},
		func() error { return g.write(t.Context(), 3, nothing) },
	)
	if got[0] != nil || !errors.Is(got[1], refused) || got[2] != nil {
		t.Errorf("answers: %v", got)
	}
	if kept := g.kept(); kept != "0 1 3" {
		t.Errorf("kept %q", kept)
	}
}

func TestAFailureOfTheFileFailsEverybodyAndKeepsNothing(t *testing.T) {
	broken := errors.New("disk I/O error")
	for name, fail := range map[string]func(g *gathering) error{
		"reported": func(g *gathering) error { return g.write(t.Context(), 2, func() error { return broken }) },
		"panic":    func(g *gathering) error { return g.write(t.Context(), 2, func() error { panic(broken) }) },
	} {
		t.Run(name, func(t *testing.T) {
			g := gather(t)
			got := g.behind(
				func() error { return g.write(t.Context(), 1, nothing) },
				func() error { return fail(g) },
				func() error { return g.write(t.Context(), 3, nothing) },
			)
			for i, err := range got {
				if err == nil {
					t.Errorf("request %d was told that it is kept", i+1)
				}
			}
			if kept := g.kept(); kept != "0" {
				t.Errorf("kept %q", kept)
			}
			if err := g.write(t.Context(), 4, nothing); err != nil || g.kept() != "0 4" {
				t.Errorf("afterwards: %v, kept %q", err, g.kept())
			}
		})
	}
}

func TestALostCommitIsUnknownToEverybody(t *testing.T) {
	g := gather(t)
	end, err := g.pool.PrepareContext(t.Context(), "ROLLBACK") // under everybody's hands
	if err != nil {
		t.Fatal(err)
	}
	got := g.behind(
		func() error { return g.write(t.Context(), 1, nothing) },
		func() error {
			return g.do(t.Context(), func(ctx context.Context, at on) error { _, err := at.exec(ctx, end); return err })
		},
	)
	for i, err := range got {
		if acp.KindOf(err) != acp.KindUnknown {
			t.Errorf("request %d: %v", i+1, err)
		}
	}
	if err := g.write(t.Context(), 4, nothing); err != nil || g.kept() != "0 4" {
		t.Errorf("afterwards: %v, kept %q", err, g.kept())
	}
}

func TestARequestThatGivesUpWhileItWaitsWritesNothing(t *testing.T) {
	g := gather(t)
	ctx, giveUp := context.WithCancel(t.Context())
	got := g.behindUntil(func() { giveUp(); g.await(1) },
		func() error { return g.write(ctx, 1, nothing) },
		func() error { return g.write(t.Context(), 2, nothing) },
		func() error { return g.write(ctx, 3, nothing) },
	)
	if !errors.Is(got[0], context.Canceled) || got[1] != nil || !errors.Is(got[2], context.Canceled) {
		t.Errorf("answers: %v", got)
	}
	if kept := g.kept(); kept != "0 2" {
		t.Errorf("kept %q", kept)
	}
}
