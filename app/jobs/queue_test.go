package jobs_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/app/jobs"
)

// engines opens an empty database of each kind that is at hand.
func engines(t *testing.T, run func(t *testing.T, dialect string, db *sql.DB)) {
	t.Run("sqlite", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "jobs.db")
		db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=busy_timeout(5000)&_txlock=immediate")
		if err != nil {
			t.Fatal(err)
		}
		db.SetMaxOpenConns(1)
		t.Cleanup(func() { db.Close() })
		run(t, "sqlite", db)
	})
	t.Run("postgres", func(t *testing.T) {
		dsn := os.Getenv("TEST_POSTGRES_DSN")
		if dsn == "" {
			t.Skip("TEST_POSTGRES_DSN is not set: no PostgreSQL to test against")
		}
		run(t, "postgres", emptyPostgres(t, dsn))
	})
}

func emptyPostgres(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	admin, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	const name = "acp_bridge_jobs_test"
	for _, statement := range []string{"DROP DATABASE IF EXISTS " + name + " WITH (FORCE)", "CREATE DATABASE " + name} {
		if _, err := admin.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	db, err := sql.Open("pgx", dsn+" dbname="+name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		db.Close()
		if _, err := admin.ExecContext(context.Background(), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
		admin.Close()
	})
	return db
}

func open(t *testing.T, dialect string, db *sql.DB, handlers map[acp.TaskKind]jobs.Handler, periodic ...jobs.Periodic) *jobs.Queue {
	t.Helper()
	q, err := jobs.Open(t.Context(), jobs.Config{
		DB: db, Dialect: dialect, Handlers: handlers, Periodic: periodic, Workers: 4,
		Poll: 10 * time.Millisecond, Timeout: time.Minute, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func start(t *testing.T, q *jobs.Queue) {
	t.Helper()
	if err := q.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := q.Stop(ctx); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
}

func enqueue(t *testing.T, q *jobs.Queue, db *sql.DB, commit bool, tasks ...acp.Task) {
	t.Helper()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Enqueue(t.Context(), tx, tasks); err != nil {
		t.Fatal(err)
	}
	end := tx.Rollback
	if commit {
		end = tx.Commit
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
}

func receive[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(20 * time.Second):
		t.Fatalf("%s did not come", what)
		panic("unreachable")
	}
}

func TestATaskExistsOnlyIfItsTransactionCommits(t *testing.T) {
	engines(t, func(t *testing.T, dialect string, db *sql.DB) {
		seen := make(chan acp.Task, 10)
		q := open(t, dialect, db, map[acp.TaskKind]jobs.Handler{
			acp.TaskSendEvents: func(_ context.Context, task acp.Task) (time.Duration, error) { seen <- task; return 0, nil },
		})
		enqueue(t, q, db, false, acp.Task{Kind: acp.TaskSendEvents, Merchant: "m_1", Key: "rolled back"})
		enqueue(t, q, db, true, acp.Task{Kind: acp.TaskSendEvents, Merchant: "m_1", Key: "committed"})
		start(t, q)
		if got := receive(t, seen, "the task"); got.Key != "committed" || got.Merchant != "m_1" || got.Kind != acp.TaskSendEvents {
			t.Errorf("worked off %+v", got)
		}
	})
}

func TestATaskThatFailsIsTriedAgainAndOneInOtherHandsComesBack(t *testing.T) {
	engines(t, func(t *testing.T, dialect string, db *sql.DB) {
		runs := make(chan int, 10)
		var count atomic.Int64
		q := open(t, dialect, db, map[acp.TaskKind]jobs.Handler{
			acp.TaskSettlePayment: func(context.Context, acp.Task) (time.Duration, error) {
				run := count.Add(1)
				runs <- int(run)
				switch run {
				case 1:
					return 0, errors.New("the provider is out of reach")
				case 2:
					return 0, &acp.Error{Kind: acp.KindInFlight, RetryAfter: time.Millisecond}
				case 3:
					return time.Millisecond, nil // not done yet
				default:
					return 0, nil
				}
			},
		})
		enqueue(t, q, db, true, acp.Task{Kind: acp.TaskSettlePayment, Key: "cs_1"})
		start(t, q)
		for want := 1; want <= 4; want++ {
			if got := receive(t, runs, "the next run"); got != want {
				t.Fatalf("run %d came as %d", want, got)
			}
		}
	})
}

func TestASweepAddsNoTaskThatIsQueuedAlready(t *testing.T) {
	engines(t, func(t *testing.T, dialect string, db *sql.DB) {
		seen := make(chan string, 10)
		q := open(t, dialect, db, map[acp.TaskKind]jobs.Handler{
			acp.TaskSettlePayment: func(_ context.Context, task acp.Task) (time.Duration, error) { seen <- task.Key; return 0, nil },
		})
		for range 3 {
			enqueue(t, q, db, true, acp.Task{Kind: acp.TaskSettlePayment, Key: "cs_1", IfAbsent: true})
		}
		enqueue(t, q, db, true, acp.Task{Kind: acp.TaskSettlePayment, Key: "cs_2", IfAbsent: true})
		start(t, q)
		got := []string{receive(t, seen, "the first task"), receive(t, seen, "the second task")}
		slices.Sort(got)
		if !slices.Equal(got, []string{"cs_1", "cs_2"}) || len(seen) != 0 {
			t.Errorf("worked off %v and %d more", got, len(seen))
		}
		// Later sweeps add it again, as soon as the engine has put the first one away.
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for range 200 {
			enqueue(t, q, db, true, acp.Task{Kind: acp.TaskSettlePayment, Key: "cs_1", IfAbsent: true})
			select {
			case <-seen:
				return
			case <-tick.C:
			}
		}
		t.Error("a task that is done was never added again")
	})
}

func TestPeriodicWorkRunsAfterTheStart(t *testing.T) {
	engines(t, func(t *testing.T, dialect string, db *sql.DB) {
		ran := make(chan struct{}, 10)
		q := open(t, dialect, db, map[acp.TaskKind]jobs.Handler{}, jobs.Periodic{
			Name: "sweep", Every: time.Hour, Do: func(context.Context) error { ran <- struct{}{}; return nil },
		})
		start(t, q)
		receive(t, ran, "the periodic run")
	})
}

func TestAnUnknownDatabaseIsRefused(t *testing.T) {
	_, err := jobs.Open(t.Context(), jobs.Config{
		DB: &sql.DB{}, Dialect: "oracle", Handlers: map[acp.TaskKind]jobs.Handler{}, Workers: 1,
		Poll: time.Second, Timeout: time.Second, Log: slog.New(slog.DiscardHandler),
	})
	if err == nil {
		t.Error("opened a queue on an unknown database")
	}
}
