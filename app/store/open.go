package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/acp-bridge/acp-bridge/acp"
)

// OpenConfig says where the database is: exactly one of Path and URL.
type OpenConfig struct {
	Path string // an SQLite file; it is created, readable by its owner only
	URL  string // PostgreSQL: postgres://… or a keyword string
	Log  *slog.Logger
	// Driver is the name of the database/sql driver to use; empty: the engine's
	// own. A driver that wraps it can watch every commit.
	Driver string
}

// Database is an open, migrated database.
type Database struct {
	dialect  string
	versions []int64 // of the migrations that this program knows
	write    *gorm.DB
	read     *gorm.DB // SQLite: a pool of readers; PostgreSQL: the same pool
	pools    []*sql.DB
	hot      hotStatements
	shared   *shared  // nil on PostgreSQL
	changes  *changes // nil on PostgreSQL, as the next
	reserved *reservations
}

// Open connects, checks the settings that durability depends on, and runs the
// migrations that are missing. Several processes may do so at once.
func Open(ctx context.Context, c OpenConfig) (*Database, error) {
	if (c.Path == "") == (c.URL == "") || c.Log == nil {
		return nil, errors.New("store: either Path or URL, and Log, are required")
	}
	connect := connectSQLite
	if c.URL != "" {
		connect = connectPostgres
	}
	d, err := connect(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := d.migrate(ctx, c.Log); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	if err := d.prepare(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	if d.dialect != "sqlite" {
		return d, nil
	}
	d.shared, d.changes, d.reserved = &shared{pool: d.SQL()}, &changes{}, &reservations{held: map[claimKey]acp.Claim{}}
	if err := d.changes.watch(d.write); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// SQL is the pool that writes; the job engine shares it. On SQLite it has one
// connection: whoever holds a transaction must not ask the pool for another.
func (d *Database) SQL() *sql.DB { return d.pools[0] }

// Dialect is "sqlite" or "postgres".
func (d *Database) Dialect() string { return d.dialect }

// Close closes all connections.
func (d *Database) Close() error {
	var errs []error
	for _, pool := range d.pools {
		errs = append(errs, pool.Close())
	}
	return errors.Join(errs...)
}

// overPool lays gorm over a pool. Its logger is off: it would print values of
// buyers and tokens; errors are returned anyway.
func overPool(dialector gorm.Dialector) (*gorm.DB, error) {
	db, err := gorm.Open(dialector, &gorm.Config{
		Logger: logger.Discard, SkipDefaultTransaction: true, TranslateError: true, DisableAutomaticPing: true,
	})
	if err != nil {
		return nil, fmt.Errorf("store: open database: %w", err)
	}
	return db, nil
}
