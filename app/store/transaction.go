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
