-- +goose Up

-- The ledger of payments: what happened to each buyer's money, one row per
-- movement, only ever added. reference is the provider's id of what moved.
CREATE TABLE payment_movements (
    merchant_id TEXT NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    provider    TEXT NOT NULL,
    reference   TEXT NOT NULL,
    kind        TEXT NOT NULL,
    session_id  TEXT NOT NULL,
    attempt     BIGINT NOT NULL,
    payment_id  TEXT NOT NULL,
    amount      BIGINT NOT NULL CHECK (amount >= 0),
    currency    TEXT NOT NULL,
    reason      TEXT NOT NULL,
    moved_at    BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, provider, reference, kind)
);
CREATE INDEX payment_movements_session ON payment_movements (merchant_id, session_id);

-- +goose StatementBegin
CREATE FUNCTION payment_movements_refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger of payments is append-only';
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER payment_movements_append_only BEFORE UPDATE ON payment_movements
    FOR EACH ROW EXECUTE FUNCTION payment_movements_refuse_update();
