// Package store keeps everything that must outlive the process: merchants,
// sessions, orders, payments, the catalog mirror, webhooks and idempotent
// requests, in SQLite or PostgreSQL. It implements the book interfaces of
// package acp on one type, Store, and is the only package that knows gorm.
//
// Each method is one transaction, and work that must follow from it is
// enqueued inside that transaction. Every method is confined to one merchant,
// except the few that find the merchant by an unguessable token.
//
// Its errors are *acp.Error: the kinds that the interfaces name, and besides
// KindUnavailable when the database could not be asked and certainly nothing
// was written, KindUnknown when a commit's answer was lost, KindInternal for
// defects. Their messages never hold SQL or values.
//
// Out of scope: background work (it is enqueued through a function) and the
// rules of buying (they live in package acp).
package store
