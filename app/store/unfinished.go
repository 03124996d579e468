package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// unfinished finds, for each kind of work, the rows that say it is not done.
// The rows are the truth: a task that was lost or given up is made anew.
var unfinished = []struct {
	kind acp.TaskKind
	find string // selects merchant and key, given @before, the moment before which work should be done
}{
	{acp.TaskResumeCheckout, `SELECT merchant_id, id FROM sessions WHERE status = 'complete_in_progress' AND lease_until < @before`},
	{acp.TaskResumeCheckout, `SELECT merchant_id, id FROM sessions WHERE status = 'pending_approval' AND lease_until < @before`},
	{acp.TaskSettlePayment, `SELECT merchant_id, session_id FROM payments WHERE state IN ('authorized', 'captured') AND updated_at < @before`},
	{acp.TaskFollowPayment, `SELECT DISTINCT merchant_id, session_id FROM refunds WHERE carried = 'open' AND updated_at < @before`},
	{acp.TaskSendEvents, `SELECT DISTINCT merchant_id, order_id FROM order_events WHERE delivered_at = 0 AND dead_at = 0 AND created_at < @before AND lease_until < @before`},
	{acp.TaskProcessInbox, `SELECT merchant_id, id FROM deliveries WHERE closed_at = 0 AND received_at < @before`},
	{acp.TaskRefreshItems, `SELECT DISTINCT d.merchant_id, '' FROM dirty_products d JOIN merchants m ON m.id = d.merchant_id WHERE m.status = 'installed' AND m.installed_at < @before`},
	{acp.TaskWatchHandOff, `SELECT s.merchant_id, s.id FROM sessions s JOIN merchants m ON m.id = s.merchant_id WHERE m.status = 'installed' AND s.hand_off_due > 0 AND s.hand_off_due < @before AND s.lease_until < @before`},
	{acp.TaskMirrorCatalog, `SELECT r.merchant_id, '' FROM mirrors r JOIN merchants m ON m.id = r.merchant_id WHERE m.status = 'installed' AND r.state = 'running' AND r.started_at < @before`},
}

// Unfinished makes a task for whatever was begun before a moment and is not
// done.
func (s *Store) Unfinished(ctx context.Context, before time.Time) ([]acp.Task, error) {
	var tasks []acp.Task
	for _, u := range unfinished {
		found, err := s.unfinished(ctx, u.kind, u.find, before)
		if err != nil {
			return nil, failed("find unfinished work", err)
		}
		tasks = append(tasks, found...)
	}
	return tasks, nil
}

func (s *Store) unfinished(ctx context.Context, kind acp.TaskKind, query string, before time.Time) ([]acp.Task, error) {
	rows, err := s.read.WithContext(ctx).Raw(query, sql.Named("before", toMillis(before))).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var tasks []acp.Task
	for rows.Next() {
		t := acp.Task{Kind: kind, IfAbsent: true}
		if err := rows.Scan(&t.Merchant, &t.Key); err != nil {
			return nil, err
		}
		tasks = append(tasks, t)
	}
	return tasks, rows.Err()
}
