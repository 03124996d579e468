-- +goose Up

-- What an agent and the shop agreed on about signed requests. request_secret
-- is sealed; empty until signatures are first checked.
ALTER TABLE connections ADD COLUMN signature_mode TEXT NOT NULL DEFAULT 'off';
ALTER TABLE connections ADD COLUMN request_secret TEXT NOT NULL DEFAULT '';
ALTER TABLE connections ADD COLUMN signature_failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE connections ADD COLUMN signature_failed_at BIGINT NOT NULL DEFAULT 0;
