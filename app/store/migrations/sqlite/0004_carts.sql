-- +goose Up

-- gone_at: when the cart was canceled or else expires; some time after it, the
-- row is deleted.
CREATE TABLE carts (
    merchant_id   TEXT NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    id            TEXT NOT NULL,
    connection_id TEXT NOT NULL,
    revision      BIGINT NOT NULL,
    currency      TEXT NOT NULL,
    total         BIGINT NOT NULL,
    buyer_email   TEXT NOT NULL,
    document      TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    gone_at       BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, id)
);
CREATE INDEX carts_gone ON carts (gone_at);
CREATE INDEX carts_buyer ON carts (merchant_id, buyer_email) WHERE buyer_email <> '';
