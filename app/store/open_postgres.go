package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"gorm.io/driver/postgres"
)

const (
	poolSize     = 20
	connLifetime = 30 * time.Minute // so that a fail-over is noticed
)

func connectPostgres(ctx context.Context, c OpenConfig) (*Database, error) {
	pool, err := sql.Open(cmp.Or(c.Driver, "pgx"), c.URL)
	if err != nil {
		return nil, errors.New("store: the database address cannot be read") // the cause repeats the password
	}
	pool.SetMaxOpenConns(poolSize)
	pool.SetMaxIdleConns(poolSize)
	pool.SetConnMaxLifetime(connLifetime)
	d := &Database{dialect: "postgres", pools: []*sql.DB{pool}}
	if err := assertDurable(ctx, pool); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	d.write, err = overPool(postgres.New(postgres.Config{Conn: pool}))
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	d.read = d.write
	return d, nil
}

// assertDurable refuses a server that answers before a commit is on disk, and
// an encoding that cannot hold every name.
func assertDurable(ctx context.Context, pool *sql.DB) error {
	var commit, encoding string
	query := "SELECT current_setting('synchronous_commit'), current_setting('server_encoding')"
	if err := pool.QueryRowContext(ctx, query).Scan(&commit, &encoding); err != nil {
		return fmt.Errorf("store: connect to database: %w", err)
	}
	if commit == "off" {
		return errors.New("store: synchronous_commit is off; a power cut would lose orders")
	}
	if encoding != "UTF8" {
		return fmt.Errorf("store: the database's encoding is %s instead of UTF8", encoding)
	}
	return nil
}
