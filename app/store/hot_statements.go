package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

// hotStatements are what every checkout request runs, prepared once per
// connection.
type hotStatements struct {
	claims        columns[claimRow]
	insertClaim   *sql.Stmt
	findClaim     *sql.Stmt
	readClaim     *sql.Stmt // findClaim where nobody writes
	knowsClaim    *sql.Stmt
	takeOverClaim *sql.Stmt
	answerClaim   *sql.Stmt

	savepoint *sql.Stmt // of a shared transaction; nil on PostgreSQL, as the next two
	undo      *sql.Stmt
	release   *sql.Stmt

	sessions      columns[sessionRow]
	insertSession *sql.Stmt
	swapSession   *sql.Stmt
	findSession   *sql.Stmt // of any connection
	mySession     *sql.Stmt // of one connection

	connections  columns[connectionRow]
	merchants    columns[merchantRow]
	findCaller   *sql.Stmt // connection and merchant
	findMerchant *sql.Stmt

	installations    columns[installationRow]
	findInstallation *sql.Stmt
	findItem         *sql.Stmt
	findItems        *sql.Stmt // by a JSON list of their ids
}

// hotStatement says where a statement is prepared.
type hotStatement struct {
	into **sql.Stmt
	pool *sql.DB
	text string
}

// Conditions under which claims are found and changed.
const (
	whereClaim = " WHERE merchant_id = ? AND connection_id = ? AND operation = ? AND idempotency_key = ?"
	whereOwned = whereClaim + " AND id = ? AND owner = ? AND state = ?"
)

// keptBySwap are a session's columns that saving it leaves alone.
var keptBySwap = []string{"merchant_id", "id", "connection_id", "created_at", "lease_owner", "lease_until"}

func (d *Database) prepare(ctx context.Context) error {
	h := &d.hot
	var errs [5]error
	h.claims, errs[0] = columnsOf[claimRow]()
	h.sessions, errs[1] = columnsOf[sessionRow]()
	h.connections, errs[2] = columnsOf[connectionRow]()
	h.merchants, errs[3] = columnsOf[merchantRow]()
	h.installations, errs[4] = columnsOf[installationRow]()
	if err := errors.Join(errs[:]...); err != nil {
		return err
	}
	write, read := d.pools[0], d.pools[len(d.pools)-1] // see promptly
	statements := []hotStatement{
		{&h.insertClaim, write, h.claims.insert() + " ON CONFLICT DO NOTHING"},
		{&h.findClaim, write, h.claims.selectRow() + whereClaim},
		{&h.readClaim, read, h.claims.selectRow() + whereClaim},
		{&h.knowsClaim, read, "SELECT 1 FROM claims" + whereClaim},
		{&h.takeOverClaim, write, h.claims.update() + whereOwned + " AND lease_until = ?"},
		{&h.answerClaim, write, "UPDATE claims SET state = ?, status = ?, body = ?, language = ?, expires_at = ?" + whereOwned},
		{&h.insertSession, write, h.sessions.insert()},
		{&h.swapSession, write, h.sessions.update(keptBySwap...) + " WHERE merchant_id = ? AND id = ? AND revision = ?"},
		{&h.findSession, read, h.sessions.selectRow() + " WHERE merchant_id = ? AND id = ?"},
		{&h.mySession, read, h.sessions.selectRow() + " WHERE merchant_id = ? AND id = ? AND connection_id = ?"},
		{&h.findCaller, read, "SELECT " + h.connections.of("c") + ", " + h.merchants.of("m") +
			" FROM connections c JOIN merchants m ON m.id = c.merchant_id WHERE c.token_hash = ? AND c.revoked_at = 0"},
		{&h.findMerchant, read, h.merchants.selectRow() + " WHERE id = ?"},
		{&h.findInstallation, read, h.installations.selectRow() + " WHERE shop = ? AND access_token <> ''"},
		{&h.findItem, read, selectItems + "WHERE v.merchant_id = ? AND v.item_id = ?"},
		{&h.findItems, read, selectItems + "WHERE v.merchant_id = ? AND v.item_id IN (" + d.listed() + ")"},
	}
	if d.dialect == "sqlite" {
		statements = append(statements,
			hotStatement{&h.savepoint, write, "SAVEPOINT one_request"},
			hotStatement{&h.undo, write, "ROLLBACK TO one_request"},
			hotStatement{&h.release, write, "RELEASE one_request"})
	}
	for _, s := range statements {
		if d.dialect == "postgres" {
			s.text = numbered(s.text)
		}
		var err error
		if *s.into, err = s.pool.PrepareContext(ctx, s.text); err != nil { //nolint:sqlclosecheck // they last as long as their pools
			return fmt.Errorf("store: prepare %q: %w", s.text, err)
		}
	}
	return nil
}

// translated is the error as gorm would give it back.
func (d *Database) translated(err error) error {
	if translator, ok := d.write.Dialector.(gorm.ErrorTranslator); ok && err != nil {
		return translator.Translate(err)
	}
	return err
}

// promptly is the context for a read of hot statements. On SQLite a context that
// can end costs each query two goroutines and a handler, together about what
// the query takes. Hot reads take microseconds, on a local file and on
// connections of their own, for which nobody waits long; so one that has begun
// is not interrupted.
func (d *Database) promptly(ctx context.Context) context.Context {
	if d.dialect != "sqlite" || ctx.Err() != nil {
		return ctx
	}
	return context.WithoutCancel(ctx)
}

// listed are the texts of a JSON list, so that one statement does for lists of
// any length.
func (d *Database) listed() string {
	if d.dialect == "postgres" {
		return "SELECT json_array_elements_text(CAST(? AS json))"
	}
	return "SELECT value FROM json_each(?)"
}
