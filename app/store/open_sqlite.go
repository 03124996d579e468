package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	moderncsqlite "modernc.org/sqlite"
)

// readers is how many SQLite connections read beside the one that writes, and
// how many more are for hot statements alone: a feed that is read slowly keeps
// its connection for long.
const readers = 4

func connectSQLite(ctx context.Context, c OpenConfig) (*Database, error) {
	file, err := os.OpenFile(c.Path, os.O_CREATE|os.O_RDWR, 0o600) // holds buyers' addresses
	if err != nil {
		return nil, fmt.Errorf("store: open database file: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, fmt.Errorf("store: open database file: %w", err)
	}
	d := &Database{dialect: "sqlite"}
	driver := cmp.Or(c.Driver, "sqlite")
	if d.write, err = d.poolSQLite(ctx, driver, c.Path, 1, false); err == nil {
		d.read, err = d.poolSQLite(ctx, driver, c.Path, readers, true)
	}
	if err == nil {
		_, err = d.poolSQLite(ctx, driver, c.Path, readers, true)
	}
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (d *Database) poolSQLite(ctx context.Context, driver, path string, size int, readOnly bool) (*gorm.DB, error) {
	pool, err := sql.Open(driver, sqliteAddress(path, readOnly))
	if err != nil {
		return nil, fmt.Errorf("store: open database: %w", err)
	}
	d.pools = append(d.pools, pool)
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	// Turning WAL on takes the file for a moment, and SQLite does not wait for
	// that lock when several processes open a new file at once.
	err = patiently(ctx, transient, func() error { return assertPragmas(ctx, pool, readOnly) })
	if err != nil {
		return nil, err
	}
	return overPool(translating{sqlite.Dialector{DriverName: "sqlite", Conn: pool}})
}

// sqliteAddress names the file and the settings of each connection.
// _txlock=immediate takes the write lock when a transaction begins: one that
// reads first and writes then would otherwise fail at once beside another.
// synchronous=FULL keeps the last commits through a power cut.
func sqliteAddress(path string, readOnly bool) string {
	q := url.Values{"_txlock": {"immediate"}, "_time_format": {"sqlite"}, "_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
	}}
	if readOnly {
		q.Set("_txlock", "deferred")
		q.Add("_pragma", "query_only(1)")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// assertPragmas makes sure that the settings took effect: a driver ignores the
// ones that it does not know.
func assertPragmas(ctx context.Context, pool *sql.DB, readOnly bool) error {
	want := map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000"}
	if readOnly {
		want["query_only"] = "1"
	}
	for name, value := range want {
		var got string
		if err := pool.QueryRowContext(ctx, "PRAGMA "+name).Scan(&got); err != nil {
			return fmt.Errorf("store: read pragma %s: %w", name, err)
		}
		if got != value {
			return fmt.Errorf("store: pragma %s is %s instead of %s", name, got, value)
		}
	}
	return nil
}

// translating recognises the driver's errors; gorm's own translation knows
// another driver only, and a duplicate would pass as a defect.
type translating struct{ sqlite.Dialector }

// Translate implements gorm.ErrorTranslator.
// Codes: https://www.sqlite.org/rescode.html#extrc
func (t translating) Translate(err error) error {
	failure, ok := errors.AsType[*moderncsqlite.Error](err)
	if !ok {
		return err
	}
	switch failure.Code() {
	case 1555, 2067: // SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE
		return gorm.ErrDuplicatedKey
	case 787: // SQLITE_CONSTRAINT_FOREIGNKEY
		return gorm.ErrForeignKeyViolated
	}
	return err
}
