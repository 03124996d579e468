package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	moderncsqlite "modernc.org/sqlite"

	"github.com/acp-bridge/acp-bridge/acp"
)

// failed gives an error of the database a kind and the verb that failed. It is
// for work that certainly left nothing behind: reads, single statements that
// were refused, transactions that were rolled back.
func failed(verb string, err error) error {
	if err == nil {
		return nil
	}
	if known, ok := errors.AsType[*acp.Error](err); ok {
		return known
	}
	switch {
	case errors.Is(err, gorm.ErrForeignKeyViolated):
		return &acp.Error{Kind: acp.KindNotFound, Code: "not_found", Message: "merchant does not exist", Err: err}
	case transient(err):
		return acp.Failed(acp.KindUnavailable, verb, err)
	default:
		return acp.Failed(acp.KindInternal, verb, err)
	}
}

// found is failed for reading one row.
func found(what string, err error) error {
	if errors.Is(err, gorm.ErrRecordNotFound) || errors.Is(err, sql.ErrNoRows) {
		return acp.NotFound(what)
	}
	return failed("read "+what, err)
}

func stale(what string) error {
	return &acp.Error{Kind: acp.KindStale, Code: string(acp.KindStale), Message: what + " was changed by somebody else"}
}

// transient reports whether the same thing may work a moment later.
func transient(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, driver.ErrBadConn) {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	if lite, ok := errors.AsType[*moderncsqlite.Error](err); ok {
		switch lite.Code() & 0xff {
		case 5, 6, 9: // SQLITE_BUSY, SQLITE_LOCKED, SQLITE_INTERRUPT
			return true
		}
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && len(pg.Code) == 5 {
		switch pg.Code[:2] {
		case "08", "40", "53", "55", "57": // connection, rollback, resources, lock, shutdown
			return true
		}
	}
	return false
}
