-- +goose Up

-- Which side of an order follows the other, as JSON; empty: as it is by
-- default.
ALTER TABLE merchants ADD COLUMN following TEXT NOT NULL DEFAULT '';

-- Refunds of placed orders: what each side calls them, so that none is made
-- twice. counterpart is the refund's id on the side where it did not begin.
CREATE TABLE refunds (
    merchant_id TEXT NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    origin      TEXT NOT NULL,
    origin_id   TEXT NOT NULL,
    session_id  TEXT NOT NULL,
    order_id    TEXT NOT NULL,
    provider    TEXT NOT NULL,
    payment_id  TEXT NOT NULL,
    counterpart TEXT NOT NULL,
    amount      BIGINT NOT NULL CHECK (amount > 0),
    currency    TEXT NOT NULL,
    carried     TEXT NOT NULL,
    money       TEXT NOT NULL,
    problem     TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    handled_at  BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, origin, origin_id)
);
CREATE UNIQUE INDEX refunds_counterpart ON refunds (merchant_id, origin, counterpart) WHERE counterpart <> '';
CREATE INDEX refunds_session ON refunds (merchant_id, session_id);
CREATE INDEX refunds_open ON refunds (updated_at) WHERE carried = 'open';

CREATE TABLE disputes (
    merchant_id TEXT NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    provider    TEXT NOT NULL,
    id          TEXT NOT NULL,
    session_id  TEXT NOT NULL,
    order_id    TEXT NOT NULL,
    payment_id  TEXT NOT NULL,
    amount      BIGINT NOT NULL,
    currency    TEXT NOT NULL,
    state       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    answer_by   BIGINT NOT NULL,
    marked      BOOLEAN NOT NULL,
    opened_at   BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    handled_at  BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, provider, id)
);
CREATE INDEX disputes_session ON disputes (merchant_id, session_id);

-- When staff dealt with a payment that was lost.
ALTER TABLE payments ADD COLUMN handled_at BIGINT NOT NULL DEFAULT 0;
