-- +goose Up

-- Counts what has been written of an order. Shopify's own time of a change has
-- whole seconds, in which an order can be read before and after it.
ALTER TABLE orders ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
