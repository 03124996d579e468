package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/acp-bridge/acp-bridge/acp"
)

// maxAttempts with the waits of retryPolicy is about four days. What is still
// undone then is found by the sweep over the rows themselves.
const maxAttempts = 100

// taskArgs is a task as the engine stores it.
type taskArgs struct {
	Task     string `json:"task"`
	Merchant string `json:"merchant"`
	Key      string `json:"key"`
}

// Kind implements river.JobArgs.
func (taskArgs) Kind() string { return "acp_task" }

type worker struct {
	river.WorkerDefaults[taskArgs]
	queue *Queue
}

// Work hands the task to its handler. Work that somebody else has in hand at
// the moment comes again soon and does not count as a failure.
func (w *worker) Work(ctx context.Context, job *river.Job[taskArgs]) error {
	handle, known := w.queue.config.Handlers[acp.TaskKind(job.Args.Task)]
	if !known {
		return river.JobCancel(fmt.Errorf("no handler for task %q", job.Args.Task))
	}
	again, err := handle(ctx, acp.Task{
		Kind: acp.TaskKind(job.Args.Task), Merchant: acp.MerchantID(job.Args.Merchant), Key: job.Args.Key,
	})
	switch {
	case acp.KindOf(err) == acp.KindInFlight:
		return river.JobSnooze(max(acp.RetryAfterOf(err), 2*time.Second))
	case err != nil:
		return fmt.Errorf("%s %s: %w", job.Args.Task, job.Args.Key, err)
	case again > 0:
		return river.JobSnooze(again)
	}
	return nil
}

// retryPolicy doubles from one second up to an hour.
type retryPolicy struct{}

// NextRetry implements river.ClientRetryPolicy.
func (retryPolicy) NextRetry(job *rivertype.JobRow) time.Time {
	failures := len(job.Errors)
	wait := min(time.Second<<min(failures, 12), time.Hour)
	return time.Now().Add(wait) //nolint:forbidigo // the engine compares it with its own clock
}
