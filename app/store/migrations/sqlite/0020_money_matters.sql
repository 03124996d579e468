-- +goose Up

-- What staff must do about the money of an order and no other table tells. The
-- id names it among its kind, so that it is noted once, whoever finds it how
-- often; handled_at is when staff dealt with it, 0 before.
CREATE TABLE money_matters (
    merchant_id TEXT NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL,
    id          TEXT NOT NULL,
    session_id  TEXT NOT NULL,
    order_id    TEXT NOT NULL,
    order_name  TEXT NOT NULL,
    provider    TEXT NOT NULL,
    payment_id  TEXT NOT NULL,
    amount      BIGINT NOT NULL,
    currency    TEXT NOT NULL,
    problem     TEXT NOT NULL,
    noticed_at  BIGINT NOT NULL,
    handled_at  BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, kind, id)
);
CREATE INDEX money_matters_open ON money_matters (merchant_id, kind, noticed_at) WHERE handled_at = 0;
