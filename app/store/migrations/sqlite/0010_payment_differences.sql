-- +goose Up

-- What two books say differently about a payment: the shop's, the provider's
-- and our ledger. One that has gone is closed, never deleted.
CREATE TABLE payment_differences (
    merchant_id TEXT NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    session_id  TEXT NOT NULL,
    provider    TEXT NOT NULL,
    payment_id  TEXT NOT NULL,
    kind        TEXT NOT NULL,
    first_seen  BIGINT NOT NULL,
    order_id    TEXT NOT NULL,
    order_name  TEXT NOT NULL,
    what        TEXT NOT NULL,
    expected    TEXT NOT NULL,
    found       TEXT NOT NULL,
    last_seen   BIGINT NOT NULL,
    resolved_at BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, provider, payment_id, kind, first_seen)
);
CREATE UNIQUE INDEX payment_differences_open ON payment_differences (merchant_id, provider, payment_id, kind) WHERE resolved_at = 0;
CREATE INDEX payment_differences_session ON payment_differences (merchant_id, session_id);

-- Sessions whose payments could not be compared yet, and why.
CREATE TABLE payment_rechecks (
    merchant_id TEXT NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    session_id  TEXT NOT NULL,
    reason      TEXT NOT NULL,
    PRIMARY KEY (merchant_id, session_id)
);

-- Where each merchant's nightly comparison stands.
CREATE TABLE reconciliations (
    merchant_id TEXT NOT NULL PRIMARY KEY REFERENCES merchants (id) ON DELETE CASCADE,
    from_at     BIGINT NOT NULL DEFAULT 0,
    to_at       BIGINT NOT NULL DEFAULT 0,
    reached     TEXT NOT NULL DEFAULT '',
    started_at  BIGINT NOT NULL DEFAULT 0,
    finished_at BIGINT NOT NULL DEFAULT 0,
    next_at     BIGINT NOT NULL DEFAULT 0,
    compared    BIGINT NOT NULL DEFAULT 0,
    unread      BIGINT NOT NULL DEFAULT 0,
    last_error  TEXT NOT NULL DEFAULT '',
    lease_owner TEXT NOT NULL DEFAULT '',
    lease_until BIGINT NOT NULL DEFAULT 0
);

-- The comparison and the dashboard ask what moved when.
CREATE INDEX payment_movements_moved ON payment_movements (merchant_id, moved_at);
