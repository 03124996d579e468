-- +goose Up

-- When the shop is asked next what became of the draft orders of a session
-- that was handed over; 0: it has none of ours.
ALTER TABLE sessions ADD COLUMN hand_off_due BIGINT NOT NULL DEFAULT 0;
CREATE INDEX sessions_hand_off_due ON sessions (hand_off_due) WHERE hand_off_due > 0;

-- Drafts made before this release are looked at, too. The key draft_id stands
-- in documents of attempts as well; looking at one of those finds nothing to do.
UPDATE sessions SET hand_off_due = created_at
WHERE handover_token IS NOT NULL AND status <> 'completed' AND document LIKE '%"draft_id":%';
