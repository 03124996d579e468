package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// migrate brings the schema up to date. Migrations only go forward, and each
// leaves the schema usable by the release before.
func (d *Database) migrate(ctx context.Context, log *slog.Logger) error {
	provider, err := d.migrator(log)
	if err != nil {
		return fmt.Errorf("store: read migrations: %w", err)
	}
	for _, source := range provider.ListSources() {
		d.versions = append(d.versions, source.Version)
	}
	// PostgreSQL has a lock for this. On SQLite a process may find that another
	// one has migrated the file under its hands; looking again it sees so.
	again := func(error) bool { return d.dialect == "sqlite" }
	err = patiently(ctx, again, func() error { _, err := provider.Up(ctx); return err })
	if err != nil {
		return fmt.Errorf("store: migrate: %w", err)
	}
	return nil
}

func (d *Database) migrator(log *slog.Logger) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations/"+d.dialect)
	if err != nil {
		return nil, err
	}
	// Numbers are given when work begins, and land in another order: a database
	// that has a later migration gets the earlier one all the same.
	options := []goose.ProviderOption{goose.WithSlog(log), goose.WithDisableGlobalRegistry(true), goose.WithAllowOutofOrder(true)}
	if d.dialect == "sqlite" {
		return goose.NewProvider(goose.DialectSQLite3, d.SQL(), files, options...)
	}
	// Looks every second for up to five minutes while another process migrates.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, d.SQL(), files, append(options, goose.WithSessionLocker(locker))...)
}
