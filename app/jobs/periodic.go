package jobs

import (
	"context"
	"fmt"

	"github.com/riverqueue/river"
)

// periodicArgs asks for one run of periodic work.
type periodicArgs struct {
	Name string `json:"name"`
}

// Kind implements river.JobArgs.
func (periodicArgs) Kind() string { return "acp_periodic" }

type periodicWorker struct {
	river.WorkerDefaults[periodicArgs]
	work map[string]Periodic
}

// Work runs it once.
func (w *periodicWorker) Work(ctx context.Context, job *river.Job[periodicArgs]) error {
	p, known := w.work[job.Args.Name]
	if !known {
		return river.JobCancel(fmt.Errorf("no periodic work %q", job.Args.Name))
	}
	if err := p.Do(ctx); err != nil {
		return fmt.Errorf("%s: %w", p.Name, err)
	}
	return nil
}

// periodic registers the periodic work; the engine's elected leader inserts
// the jobs, so that several instances do it once.
func (q *Queue) periodic(workers *river.Workers) []*river.PeriodicJob {
	work := make(map[string]Periodic, len(q.config.Periodic))
	list := make([]*river.PeriodicJob, 0, len(q.config.Periodic))
	for _, p := range q.config.Periodic {
		work[p.Name] = p
		list = append(list, river.NewPeriodicJob(river.PeriodicInterval(p.Every),
			func() (river.JobArgs, *river.InsertOpts) {
				// A run that was missed is not worth repeating: the next one comes.
				return periodicArgs{Name: p.Name}, &river.InsertOpts{MaxAttempts: 3}
			}, &river.PeriodicJobOpts{RunOnStart: true}))
	}
	river.AddWorker(workers, &periodicWorker{work: work})
	return list
}
