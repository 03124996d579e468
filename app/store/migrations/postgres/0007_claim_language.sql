-- +goose Up

-- The language that a stored answer is written in, as its Content-Language
-- said: a replay says so, too. Empty for answers from before this column.
ALTER TABLE claims ADD COLUMN language TEXT NOT NULL DEFAULT '';
