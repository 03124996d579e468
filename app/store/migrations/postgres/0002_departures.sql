-- +goose Up
-- Why and when sessions were canceled, to be counted for the dashboard. Rows of
-- before keep zero: they were canceled without a reason.
ALTER TABLE sessions ADD COLUMN canceled_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN left_reason TEXT NOT NULL DEFAULT '';
CREATE INDEX sessions_left ON sessions (merchant_id, canceled_at) WHERE left_reason <> '';
