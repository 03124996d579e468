-- +goose Up

-- A merchant's rules about which purchases by token are taken, as JSON; empty:
-- none.
ALTER TABLE merchants ADD COLUMN acceptance TEXT NOT NULL DEFAULT '';

-- Attempts to pay, per digest of a buyer's address, card, network address or
-- device. Rows are of use for a day.
CREATE TABLE payment_tries (
    merchant_id TEXT NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    holder      TEXT NOT NULL,
    session_id  TEXT NOT NULL,
    attempt     BIGINT NOT NULL,
    tried_at    BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, holder, session_id, attempt)
);
CREATE INDEX payment_tries_old ON payment_tries (tried_at);

-- What the rules said of an attempt to pay, for staff.
CREATE TABLE assessments (
    merchant_id TEXT NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    session_id  TEXT NOT NULL,
    attempt     BIGINT NOT NULL,
    verdict     TEXT NOT NULL,
    reasons     TEXT NOT NULL,
    agent       TEXT NOT NULL,
    amount      BIGINT NOT NULL,
    currency    TEXT NOT NULL,
    assessed_at BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, session_id, attempt)
);
CREATE INDEX assessments_newest ON assessments (merchant_id, verdict, assessed_at);

-- Purchases that wait for staff.
CREATE INDEX sessions_pending ON sessions (merchant_id) WHERE status = 'pending_approval';
