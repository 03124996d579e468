-- +goose Up

-- Until when a reservation can be taken; 0 when the provider does not say.
ALTER TABLE payments ADD COLUMN capture_before BIGINT NOT NULL DEFAULT 0;
