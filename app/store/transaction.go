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

func (s *Store) enqueue(ctx context.Context, tx *gorm.DB, tasks []acp.Task) error {
	if len(tasks) == 0 {
		return nil
	}
	plain, ok := tx.Statement.ConnPool.(*sql.Tx)
	if !ok {
		return fmt.Errorf("enqueue: %T is no transaction", tx.Statement.ConnPool)
	}
	if err := s.Config.Enqueue(ctx, plain, tasks); err != nil {
		return fmt.Errorf("enqueue: %w", err)
	}
	return nil
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
