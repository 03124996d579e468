// Package jobs runs the work that must happen after a commit, on River. It is
// the only room that knows the job engine.
//
// A job is a poke: the rows that it works on are the truth. Jobs are therefore
// neither unique nor ordered here; whoever needs that takes a lease on its own
// rows.
package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Handler carries out one kind of task. A positive again asks to be called
// once more after that time, an error after the retry policy's.
type Handler func(ctx context.Context, t acp.Task) (again time.Duration, err error)

// Periodic is work done at intervals by one of all instances.
type Periodic struct {
	Name  string
	Every time.Duration
	Do    func(ctx context.Context) error
}

// Config is what a Queue needs; every field is required, Periodic may be empty.
type Config struct {
	DB       *sql.DB
	Dialect  string // "sqlite" or "postgres"
	Handlers map[acp.TaskKind]Handler
	Periodic []Periodic
	Workers  int           // how many tasks run side by side
	Poll     time.Duration // how long a new task may wait to be noticed
	Timeout  time.Duration // of one run of one task
	Log      *slog.Logger
}

// Queue enqueues tasks in transactions and works them off.
type Queue struct {
	config Config
	client *river.Client[*sql.Tx]
}

// Open brings the engine's tables up to date and prepares a queue. Tasks can
// be enqueued from now on; they are worked off after Start. The handlers may
// still be added to c.Handlers before Start.
func Open(ctx context.Context, c Config) (*Queue, error) {
	if c.DB == nil || c.Handlers == nil || c.Log == nil || c.Workers < 1 || c.Poll <= 0 || c.Timeout <= 0 {
		return nil, errors.New("jobs: a field is missing")
	}
	driver, err := driverFor(c)
	if err != nil {
		return nil, err
	}
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: c.Log})
	if err != nil {
		return nil, fmt.Errorf("prepare job tables: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, fmt.Errorf("migrate job tables: %w", err)
	}
	c.Log = slog.New(quiet{c.Log.Handler()})
	q := &Queue{config: c}
	if q.client, err = river.NewClient(driver, q.riverConfig()); err != nil {
		return nil, fmt.Errorf("prepare job engine: %w", err)
	}
	return q, nil
}

func driverFor(c Config) (riverdriver.Driver[*sql.Tx], error) {
	switch c.Dialect {
	case "sqlite":
		return riversqlite.New(c.DB), nil
	case "postgres":
		return riverdatabasesql.New(c.DB), nil
	default:
		return nil, fmt.Errorf("jobs: unknown database dialect %q", c.Dialect)
	}
}

func (q *Queue) riverConfig() *river.Config {
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{queue: q})
	return &river.Config{
		Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: q.config.Workers}},
		Workers:           workers,
		PeriodicJobs:      q.periodic(workers),
		FetchPollInterval: q.config.Poll,
		FetchCooldown:     min(q.config.Poll, 100*time.Millisecond),
		JobTimeout:        q.config.Timeout,
		MaxAttempts:       maxAttempts,
		// A job whose process died is run again when it can no longer be alive.
		RescueStuckJobsAfter: q.config.Timeout + 5*time.Minute,
		RetryPolicy:          retryPolicy{},
		Logger:               q.config.Log,
	}
}

// Enqueue inserts tasks in the caller's transaction: they exist if and only if
// it commits.
func (q *Queue) Enqueue(ctx context.Context, tx *sql.Tx, tasks []acp.Task) error {
	if len(tasks) == 0 {
		return nil
	}
	params := make([]river.InsertManyParams, len(tasks))
	for i, t := range tasks {
		params[i] = river.InsertManyParams{
			Args:       taskArgs{Task: string(t.Kind), Merchant: string(t.Merchant), Key: t.Key},
			InsertOpts: insertOpts(t),
		}
	}
	if _, err := q.client.InsertManyTx(ctx, tx, params); err != nil {
		return fmt.Errorf("enqueue tasks: %w", err)
	}
	return nil
}

func insertOpts(t acp.Task) *river.InsertOpts {
	opts := &river.InsertOpts{ScheduledAt: t.RunAt}
	if t.IfAbsent {
		opts.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
			rivertype.JobStateRunning, rivertype.JobStateScheduled,
		}}
	}
	return opts
}

// Start works tasks off until Stop. The context bounds the start only.
func (q *Queue) Start(ctx context.Context) error {
	return q.client.Start(context.WithoutCancel(ctx))
}

// Stop takes no new tasks and waits for the running ones; when the context
// ends first they are canceled, and tried again after the next start.
func (q *Queue) Stop(ctx context.Context) error {
	err := q.client.Stop(ctx)
	if err == nil || ctx.Err() == nil {
		return err
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return q.client.StopAndCancel(bounded)
}
