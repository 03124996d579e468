package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"

	"gorm.io/gorm"

	"github.com/acp-bridge/acp-bridge/acp"
)

// mostShared bounds how many writes wait for one another.
const mostShared = 64

// shared lets the writes of concurrent requests wait for the disk together. On
// SQLite each commit takes one flush and there is one writer; alone, sixteen
// requests would queue for sixteen flushes. Whoever finds nobody at work leads:
// it runs what has gathered in one transaction and commits once, and everybody
// is answered after that commit. What gathers meanwhile is led by one of its
// own. There is no goroutine to start or stop, and a lonely write waits for
// nobody.
//
// A write is at most one changing statement, which SQLite undoes by itself when
// it fails, or undoable, so that one request's conflict does not touch the
// others. A failure of the file itself (a full disk) may have ended the whole
// transaction, so then nobody's write is kept and everybody is told.
//
// PostgreSQL needs none of this: it has many writers and groups their flushes.
type shared struct {
	pool *sql.DB

	mu      sync.Mutex
	waiting []*write
	led     bool
}

type write struct {
	ctx      context.Context
	work     func(context.Context, on) error
	err      error
	panicked any
	leads    bool          // guarded by shared.mu
	wake     chan struct{} // told to lead, or done
}

// do runs work, which makes at most one change or is undoable, and returns
// after its commit. Work has not run when the context ends before its turn.
func (s *shared) do(ctx context.Context, work func(context.Context, on) error) error {
	w := &write{ctx: ctx, work: work, wake: make(chan struct{}, 1)}
	s.join(w)
	select {
	case <-w.wake:
	case <-ctx.Done():
		if s.withdraw(w) {
			return ctx.Err()
		}
		<-w.wake // its turn has come: what became of it must be known
	}
	if w.leads {
		s.lead(w)
	}
	if w.panicked != nil {
		panic(w.panicked)
	}
	return w.err
}

func (s *shared) join(w *write) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = append(s.waiting, w)
	if !s.led {
		s.appoint()
	}
}

// appoint makes the first who waits the leader; the caller holds mu.
func (s *shared) appoint() {
	if s.led = len(s.waiting) > 0; s.led {
		s.waiting[0].leads = true
		s.waiting[0].wake <- struct{}{}
	}
}

func (s *shared) withdraw(w *write) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := slices.Index(s.waiting, w)
	if at < 0 || w.leads {
		return false
	}
	s.waiting = slices.Delete(s.waiting, at, at+1)
	return true
}

// lead runs a batch, in which the leader is the first, and hands over. The
// connection is waited for first, so that those who come meanwhile are in it.
func (s *shared) lead(leader *write) {
	conn, err := s.pool.Conn(leader.ctx)
	most := mostShared
	if err != nil {
		most = 1 // that it would not wait is the leader's own affair
	}
	batch := s.take(most)
	if err == nil {
		err = errors.Join(s.commit(context.WithoutCancel(leader.ctx), conn, batch), conn.Close())
	}
	for _, w := range batch {
		if err != nil {
			w.err = err
		}
		if w != leader {
			w.wake <- struct{}{}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.appoint()
}

func (s *shared) take(most int) []*write {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := min(most, len(s.waiting))
	batch := slices.Clone(s.waiting[:n])
	s.waiting = slices.Delete(s.waiting, 0, n)
	return batch
}

// commit carries out a batch in one transaction. Its error is everybody's: nothing
// was kept, or, with KindUnknown, the answer to the commit was lost. The
// context has no end: a statement that is interrupted would take the whole
// transaction with it.
func (s *shared) commit(ctx context.Context, conn *sql.Conn, batch []*write) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it does nothing
	for _, w := range batch {
		if w.err = w.ctx.Err(); w.err == nil {
			w.carryOut(ctx, on{tx})
		}
		if !harmless(w.err) {
			return fmt.Errorf("shared transaction: %w", w.err)
		}
	}
	if err := tx.Commit(); err != nil {
		// SQLite may have kept the transaction open, and the next one needs the connection.
		conn.ExecContext(ctx, "ROLLBACK") //nolint:errcheck // it fails when there is nothing to roll back
		return acp.Failed(acp.KindUnknown, "commit", err)
	}
	return nil
}

// carryOut keeps a panic for the request whose work it is.
func (w *write) carryOut(ctx context.Context, in on) {
	defer func() {
		if w.panicked = recover(); w.panicked != nil {
			w.err = errors.New("panic")
		}
	}()
	w.err = w.work(ctx, in)
}

// harmless reports whether an error leaves the transaction as it was before
// the statement: what the domain refuses, and what a constraint does.
func harmless(err error) bool {
	_, refused := errors.AsType[*acp.Error](err)
	return err == nil || refused || errors.Is(err, gorm.ErrDuplicatedKey) || errors.Is(err, gorm.ErrForeignKeyViolated) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
