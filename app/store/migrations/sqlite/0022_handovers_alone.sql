-- +goose Up

-- Sessions that are not handed over have no token to be found by.
DROP INDEX sessions_handover;
CREATE UNIQUE INDEX sessions_handover ON sessions (handover_token) WHERE handover_token IS NOT NULL;
