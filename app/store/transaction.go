package store

import (
	"context"
	"database/sql"
	"fmt"

	"gorm.io/gorm"

	"github.com/acp-bridge/acp-bridge/acp"
)

// commit runs work in one transaction and enqueues the tasks in it, last, so
// that the job engine's rows are locked as briefly as possible. Whatever fails
// leaves nothing behind; only a lost answer to the commit itself is unknown.
func (s *Store) commit(ctx context.Context, verb string, tasks []acp.Task, work func(tx *gorm.DB) error) error {
	tx := s.write.WithContext(ctx).Begin()
	if tx.Error != nil {
		return failed(verb, tx.Error)
	}
	defer s.Database.noted()
	defer tx.Rollback() // after a commit it does nothing
	if err := work(tx); err != nil {
		return failed(verb, err)
	}
	if err := s.enqueue(ctx, tx, tasks); err != nil {
		return failed(verb, err)
	}
	if err := tx.Commit().Error; err != nil {
		return acp.Failed(acp.KindUnknown, verb, err)
	}
	return nil
}

// noted counts a transaction that is over, see changes.
func (d *Database) noted() {
	if d.changes != nil {
		d.changes.noted()
	}
}

func (s *Store) enqueue(ctx context.Context, tx *gorm.DB, tasks []acp.Task) error {
	if len(tasks) == 0 {
		return nil
	}
	plain, err := plainTx(tx)
	if err != nil {
		return err
	}
	if err := s.Config.Enqueue(ctx, plain, tasks); err != nil {
		return fmt.Errorf("enqueue: %w", err)
	}
	return nil
}

// plainTx is gorm's transaction as database/sql knows it.
func plainTx(tx *gorm.DB) (*sql.Tx, error) {
	plain, ok := tx.Statement.ConnPool.(*sql.Tx)
	if !ok {
		return nil, fmt.Errorf("%T is no transaction", tx.Statement.ConnPool)
	}
	return plain, nil
}

// Enqueue implements acp.Sessions.
func (s *Store) Enqueue(ctx context.Context, tasks ...acp.Task) error {
	if len(tasks) == 0 {
		return nil
	}
	return s.commit(ctx, "enqueue", tasks, func(*gorm.DB) error { return nil })
}

// change commits one change of a hot path: together with those of other
// requests where that saves waiting for the disk, in a statement of its own
// elsewhere.
func (s *Store) change(ctx context.Context, verb string, work func(context.Context, on) error) error {
	if together := s.Database.shared; together != nil {
		return failed(verb, together.do(ctx, work))
	}
	return failed(verb, work(ctx, on{}))
}

// changeBoth commits two changes, both or neither.
func (s *Store) changeBoth(ctx context.Context, verb string, one, other func(context.Context, on) error) error {
	both := func(ctx context.Context, at on) error {
		if err := one(ctx, at); err != nil {
			return err
		}
		return other(ctx, at)
	}
	if s.Database.shared != nil {
		return s.change(ctx, verb, func(ctx context.Context, at on) error { return s.Database.undoable(ctx, at, both) })
	}
	tx, err := s.Database.SQL().BeginTx(ctx, nil)
	if err != nil {
		return failed(verb, err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it does nothing
	if err := both(ctx, on{tx}); err != nil {
		return failed(verb, err)
	}
	if err := tx.Commit(); err != nil {
		return acp.Failed(acp.KindUnknown, verb, err)
	}
	return nil
}

// undoable keeps to itself what fails half-way: a shared transaction is not
// its own to roll back.
func (d *Database) undoable(ctx context.Context, at on, work func(context.Context, on) error) error {
	h := &d.hot
	if _, err := at.exec(ctx, h.savepoint); err != nil {
		return err
	}
	err := work(ctx, at)
	if err != nil {
		if _, undone := at.exec(ctx, h.undo); undone != nil {
			return fmt.Errorf("undo: %w", undone) // the shared transaction ends with it
		}
	}
	if _, released := at.exec(ctx, h.release); released != nil {
		return fmt.Errorf("release: %w", released)
	}
	return err
}

// affected is how many rows a statement changed.
func (s *Store) affected(result sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, s.Database.translated(err)
	}
	return result.RowsAffected()
}

// on is where a hot statement runs: in a transaction, or by itself.
type on struct{ tx *sql.Tx }

func (o on) exec(ctx context.Context, statement *sql.Stmt, values ...any) (sql.Result, error) {
	return o.of(ctx, statement).ExecContext(ctx, values...) //nolint:sqlclosecheck // it ends with its transaction
}

func (o on) row(ctx context.Context, statement *sql.Stmt, values ...any) *sql.Row {
	return o.of(ctx, statement).QueryRowContext(ctx, values...) //nolint:sqlclosecheck // as above
}

func (o on) of(ctx context.Context, statement *sql.Stmt) *sql.Stmt {
	if o.tx == nil {
		return statement
	}
	return o.tx.StmtContext(ctx, statement)
}
