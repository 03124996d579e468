-- +goose Up

-- Every table but merchants and installations belongs to a tenant: its key
-- starts with the merchant, and it goes when the merchant goes. Times are
-- milliseconds since 1970 in UTC, 0 for never. Amounts are minor units.

CREATE TABLE merchants (
    id           TEXT PRIMARY KEY,
    shop         TEXT NOT NULL UNIQUE,
    status       TEXT NOT NULL,
    completion   TEXT NOT NULL,
    feed_token   TEXT NOT NULL UNIQUE,
    profile      TEXT NOT NULL,
    installed_at BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);

-- Named by the shop, because access is granted before the merchant is known.
CREATE TABLE installations (
    shop               TEXT PRIMARY KEY,
    access_token       TEXT NOT NULL,
    expires_at         BIGINT NOT NULL,
    refresh_token      TEXT NOT NULL,
    refresh_expires_at BIGINT NOT NULL,
    scopes             TEXT NOT NULL,
    revision           BIGINT NOT NULL
);

CREATE TABLE connections (
    merchant_id  TEXT NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    id           TEXT NOT NULL,
    name         TEXT NOT NULL,
    completion   TEXT NOT NULL,
    token_hash   TEXT NOT NULL UNIQUE,
    token_hint   TEXT NOT NULL,
    event_url    TEXT NOT NULL,
    event_secret TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    revoked_at   BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, id)
);

CREATE TABLE sessions (
    merchant_id     TEXT NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    id              TEXT NOT NULL,
    connection_id   TEXT NOT NULL,
    revision        BIGINT NOT NULL,
    status          TEXT NOT NULL,
    currency        TEXT NOT NULL,
    total           BIGINT NOT NULL,
    handover_token  TEXT,
    buyer_email     TEXT NOT NULL,
    recipient_email TEXT NOT NULL,
    document        TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    completed_at    BIGINT NOT NULL,
    lease_owner     TEXT NOT NULL,
    lease_until     BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, id)
);
CREATE UNIQUE INDEX sessions_handover ON sessions (handover_token);
CREATE INDEX sessions_created ON sessions (merchant_id, created_at);
CREATE INDEX sessions_buyer ON sessions (merchant_id, buyer_email) WHERE buyer_email <> '';
CREATE INDEX sessions_recipient ON sessions (merchant_id, recipient_email) WHERE recipient_email <> '';

CREATE TABLE orders (
    merchant_id   TEXT NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    id            TEXT NOT NULL,
    session_id    TEXT NOT NULL,
    connection_id TEXT NOT NULL,
    name          TEXT NOT NULL,
    status        TEXT NOT NULL,
    paid          BOOLEAN NOT NULL,
    hand_off      BOOLEAN NOT NULL,
    currency      TEXT NOT NULL,
    total         BIGINT NOT NULL,
    refunded      BIGINT NOT NULL,
    email         TEXT NOT NULL,
    document      TEXT NOT NULL,
    placed_at     BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, id)
);
-- The last wall against selling a session twice.
CREATE UNIQUE INDEX orders_session ON orders (merchant_id, session_id);
CREATE INDEX orders_placed ON orders (merchant_id, placed_at);
CREATE INDEX orders_email ON orders (merchant_id, email) WHERE email <> '';

CREATE TABLE order_events (
    merchant_id   TEXT NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    id            TEXT NOT NULL,
    order_id      TEXT NOT NULL,
    sequence      BIGINT NOT NULL,
    connection_id TEXT NOT NULL,
    session_id    TEXT NOT NULL,
    type          TEXT NOT NULL,
    document      TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    delivered_at  BIGINT NOT NULL,
    attempts      BIGINT NOT NULL,
    last_error    TEXT NOT NULL,
    dead_at       BIGINT NOT NULL,
    lease_until   BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, id)
);
CREATE UNIQUE INDEX order_events_sequence ON order_events (merchant_id, order_id, sequence);
CREATE INDEX order_events_dead ON order_events (merchant_id) WHERE dead_at > 0;

CREATE TABLE payments (
    merchant_id TEXT NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    session_id  TEXT NOT NULL,
    attempt     BIGINT NOT NULL,
    reference   TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    provider    TEXT NOT NULL,
    order_id    TEXT NOT NULL,
    amount      BIGINT NOT NULL,
    currency    TEXT NOT NULL,
    state       TEXT NOT NULL,
    decline     TEXT NOT NULL,
    retryable   BOOLEAN NOT NULL,
    last_error  TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, session_id)
);
CREATE INDEX payments_state ON payments (merchant_id, state);

CREATE TABLE claims (
    merchant_id     TEXT NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    connection_id   TEXT NOT NULL,
    operation       TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    id              TEXT NOT NULL,
    fingerprint     TEXT NOT NULL,
    state           TEXT NOT NULL,
    owner           TEXT NOT NULL,
    lease_until     BIGINT NOT NULL,
    status          BIGINT NOT NULL,
    body            BYTEA,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, connection_id, operation, idempotency_key)
);
CREATE INDEX claims_expiry ON claims (expires_at);

CREATE TABLE deliveries (
    merchant_id  TEXT NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    id           TEXT NOT NULL,
    topic        TEXT NOT NULL,
    body         BYTEA,
    triggered_at BIGINT NOT NULL,
    received_at  BIGINT NOT NULL,
    closed_at    BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, id)
);

-- generation: the mirror run that saw the row last. refetched: the run during
-- which it was read by itself, which makes it fresher than what that run's
-- export says. gone_at: when it stopped being for sale; 0 while it is, 1 when
-- it never was.
CREATE TABLE products (
    merchant_id    TEXT NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    id             TEXT NOT NULL,
    title          TEXT NOT NULL,
    description    TEXT NOT NULL,
    brand          TEXT NOT NULL,
    category       TEXT NOT NULL,
    url            TEXT NOT NULL,
    image_url      TEXT NOT NULL,
    single_variant BOOLEAN NOT NULL,
    hidden         TEXT NOT NULL,
    updated_at     BIGINT NOT NULL,
    generation     BIGINT NOT NULL,
    refetched      BIGINT NOT NULL,
    removed_at     BIGINT NOT NULL,
    gone_at        BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, id)
);

CREATE TABLE variants (
    merchant_id    TEXT NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    id             TEXT COLLATE "C" NOT NULL, -- paged through in byte order
    item_id        TEXT NOT NULL,
    product_id     TEXT NOT NULL,
    inventory_item TEXT NOT NULL,
    title          TEXT NOT NULL,
    sku            TEXT NOT NULL,
    gtin           TEXT NOT NULL,
    image_url      TEXT NOT NULL,
    options        TEXT NOT NULL,
    price          BIGINT NOT NULL,
    compare_at     BIGINT NOT NULL,
    availability   TEXT NOT NULL,
    stock          BIGINT,
    shippable      BOOLEAN NOT NULL,
    weight_grams   BIGINT NOT NULL,
    hidden         TEXT NOT NULL,
    updated_at     BIGINT NOT NULL,
    generation     BIGINT NOT NULL,
    refetched      BIGINT NOT NULL,
    removed_at     BIGINT NOT NULL,
    gone_at        BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, id)
);
CREATE UNIQUE INDEX variants_item ON variants (merchant_id, item_id);
CREATE INDEX variants_product ON variants (merchant_id, product_id);
CREATE INDEX variants_inventory ON variants (merchant_id, inventory_item);

CREATE TABLE product_media (
    merchant_id TEXT NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    product_id  TEXT NOT NULL,
    pictures    TEXT NOT NULL,
    generation  BIGINT NOT NULL,
    refetched   BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, product_id)
);

CREATE TABLE dirty_products (
    merchant_id TEXT NOT NULL REFERENCES merchants (id) ON DELETE CASCADE,
    product_id  TEXT NOT NULL,
    mark        BIGINT NOT NULL,
    marked_at   BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, product_id)
);
CREATE INDEX dirty_products_oldest ON dirty_products (merchant_id, marked_at);

CREATE TABLE mirrors (
    merchant_id TEXT PRIMARY KEY REFERENCES merchants (id) ON DELETE CASCADE,
    state       TEXT NOT NULL,
    operation   TEXT NOT NULL,
    generation  BIGINT NOT NULL,
    started_at  BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    products    BIGINT NOT NULL,
    items       BIGINT NOT NULL,
    last_error  TEXT NOT NULL
);
