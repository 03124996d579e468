package acp

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Request asks for a full mirror run; one that is running already goes on.
func (c *Catalog) Request(ctx context.Context, id MerchantID) error {
	mirror, err := c.Book.Mirror(ctx, id)
	if err != nil || mirror.State == MirrorRunning {
		return err
	}
	mirror.State, mirror.StartedAt, mirror.LastError = MirrorRunning, c.Now(), ""
	mirror.Generation++
	mirror.Operation = ""
	return c.Book.SaveMirror(ctx, mirror, Task{Kind: TaskMirrorCatalog, Merchant: id})
}

// Advance carries the requested mirror run one step on: it starts the export,
// looks whether it is done, or reads it in. It returns how long to wait before
// the next step, zero when there is none.
func (c *Catalog) Advance(ctx context.Context, id MerchantID) (time.Duration, error) {
	mirror, err := c.Book.Mirror(ctx, id)
	if err != nil || mirror.State != MirrorRunning {
		return 0, err
	}
	m, err := c.Merchants.Merchant(ctx, id)
	if err != nil {
		return 0, err
	}
	if mirror.Operation == "" {
		b, err := c.Source.StartBulk(ctx, m)
		if err != nil {
			return 0, c.failed(ctx, mirror, fmt.Errorf("start export: %w", err))
		}
		mirror.Operation = b.Operation
		return c.Poll, c.Book.SaveMirror(ctx, mirror)
	}
	b, err := c.Source.Bulk(ctx, m, mirror.Operation)
	switch {
	case err != nil:
		return 0, c.failed(ctx, mirror, fmt.Errorf("look at export: %w", err))
	case b.Failed != "":
		return 0, c.failed(ctx, mirror, errors.New("export failed: "+b.Failed))
	case !b.Done:
		return c.Poll, nil
	}
	return 0, c.readIn(ctx, m, mirror, b)
}

// readIn streams the export into the mirror in batches. Readers see rows get
// fresher one by one; nothing is removed before the last line is in.
func (c *Catalog) readIn(ctx context.Context, m Merchant, mirror Mirror, b Bulk) error {
	batch := make([]Record, 0, recordBatch)
	flush := func() error {
		err := c.Book.PutRecords(ctx, m.ID, mirror.Generation, batch)
		batch = batch[:0]
		return err
	}
	err := c.Source.Records(ctx, m, b, func(r Record) error {
		batch = append(batch, r)
		if len(batch) < recordBatch {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	if err != nil {
		return c.failed(ctx, mirror, fmt.Errorf("read export: %w", err))
	}
	now := c.Now()
	mirror.State, mirror.Operation, mirror.FinishedAt, mirror.ChangedAt = MirrorCurrent, "", now, now
	_, err = c.Book.FinishMirror(ctx, mirror)
	return err
}

// failed notes why a run ended; staff see it, and the next nightly run, or a
// press of the button, tries again.
func (c *Catalog) failed(ctx context.Context, mirror Mirror, why error) error {
	switch KindOf(why) {
	case KindThrottled, KindUnavailable, KindUnknown, KindStale:
		return why // the task is tried again
	}
	mirror.State, mirror.Operation, mirror.LastError = MirrorFailed, "", why.Error()
	return c.Book.SaveMirror(ctx, mirror)
}
