package store

import (
	"context"
	"time"
)

const (
	startTries = 20
	startPause = 100 * time.Millisecond
)

// patiently repeats work at the start of the process, while another one is
// starting on the same file. It is not for requests: those have a queue.
func patiently(ctx context.Context, again func(error) bool, work func() error) error {
	for try := 1; ; try++ {
		err := work()
		if err == nil || try == startTries || !again(err) || ctx.Err() != nil {
			return err
		}
		pause := time.NewTimer(startPause)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return err
		}
	}
}
