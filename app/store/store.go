package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/acp-bridge/acp-bridge/acp"
)

var (
	_ acp.Sessions           = (*Store)(nil)
	_ acp.Finisher           = (*Store)(nil)
	_ acp.Items              = (*Store)(nil)
	_ acp.Merchants          = (*Store)(nil)
	_ acp.PaymentBook        = (*Store)(nil)
	_ acp.AftermathBook      = (*Store)(nil)
	_ acp.MatterBook         = (*Store)(nil)
	_ acp.OrderBook          = (*Store)(nil)
	_ acp.EventBook          = (*Store)(nil)
	_ acp.CatalogBook        = (*Store)(nil)
	_ acp.InboxBook          = (*Store)(nil)
	_ acp.InstallBook        = (*Store)(nil)
	_ acp.ConnectionBook     = (*Store)(nil)
	_ acp.SalesBook          = (*Store)(nil)
	_ acp.MoneyBook          = (*Store)(nil)
	_ acp.ReconciliationBook = (*Store)(nil)
	_ acp.Claims             = (*Store)(nil)
	_ acp.Vetting            = (*Store)(nil)
)

// Config is what a Store needs; every field is required.
type Config struct {
	Database *Database
	// Enqueue hands tasks to the job engine inside a transaction. It must use
	// nothing but that transaction.
	Enqueue func(ctx context.Context, tx *sql.Tx, tasks []acp.Task) error
	Sealer  *Sealer
	NewID   func() string
	Now     func() time.Time
}

// Store implements the books of package acp.
type Store struct {
	Config
	write *gorm.DB
	read  *gorm.DB

	callers *memory[string, caller]           // by their token's hash
	grants  *memory[string, acp.Installation] // by shop
	items   *memory[itemKey, acp.Item]
}

// New checks the configuration.
func New(c Config) (*Store, error) {
	if c.Database == nil || c.Enqueue == nil || c.Sealer == nil || c.NewID == nil || c.Now == nil {
		return nil, errors.New("store: Database, Enqueue, Sealer, NewID and Now are required")
	}
	changes := c.Database.changes
	return &Store{
		Config: c, write: c.Database.write, read: c.Database.read,
		callers: newMemory[string, caller](changes, c.Now),
		grants:  newMemory[string, acp.Installation](changes, c.Now),
		items:   newMemory[itemKey, acp.Item](changes, c.Now),
	}, nil
}

// Ready reports whether both pools answer and the schema is as new as this
// program; KindUnavailable otherwise.
func (s *Store) Ready(ctx context.Context) error {
	for _, pool := range s.Database.pools {
		if err := pool.PingContext(ctx); err != nil {
			return acp.Failed(acp.KindUnavailable, "reach the database", err)
		}
	}
	var applied int
	row := s.read.WithContext(ctx).
		Raw("SELECT count(DISTINCT version_id) FROM goose_db_version WHERE is_applied = ? AND version_id IN ?", true, s.Database.versions).Row()
	if err := row.Scan(&applied); err != nil {
		return acp.Failed(acp.KindUnavailable, "read the schema's version", err)
	}
	if applied < len(s.Database.versions) {
		return acp.Failed(acp.KindUnavailable, "the database is not migrated",
			fmt.Errorf("%d of %d migrations", applied, len(s.Database.versions)))
	}
	return nil
}
