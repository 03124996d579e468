-- +goose Up

-- The protocol version that a stored answer is written in: a replay is the
-- original answer, whichever version the retry asks for.
ALTER TABLE claims ADD COLUMN version TEXT NOT NULL DEFAULT '';
