-- +goose Up

-- Until when one process has a shop's tokens to itself to renew them; 0 when nobody renews them.
ALTER TABLE installations ADD COLUMN renewing_until BIGINT NOT NULL DEFAULT 0;
