package store

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/acp-bridge/acp-bridge/acp"
)

type installationRow struct {
	Shop             string `gorm:"primaryKey"`
	AccessToken      string // sealed
	ExpiresAt        int64
	RefreshToken     string // sealed
	RefreshExpiresAt int64
	Scopes           string // separated by commas
	Revision         int64
	RenewingUntil    int64 // 0: nobody renews it
}

// TableName implements gorm's Tabler.
func (installationRow) TableName() string { return "installations" }

const (
	accessTokenColumn  = "installations.access_token"
	refreshTokenColumn = "installations.refresh_token"
)

func (s *Store) newInstallationRow(i acp.Installation) installationRow {
	return installationRow{
		Shop:         i.Shop,
		AccessToken:  s.Sealer.seal(i.AccessToken, accessTokenColumn, i.Shop),
		RefreshToken: s.Sealer.seal(i.RefreshToken, refreshTokenColumn, i.Shop),
		ExpiresAt:    toMillis(i.ExpiresAt), RefreshExpiresAt: toMillis(i.RefreshExpiresAt),
		Scopes: strings.Join(i.Scopes, ","),
	}
}

func (s *Store) installation(r installationRow) (acp.Installation, error) {
	access, err := s.Sealer.open(r.AccessToken, accessTokenColumn, r.Shop)
	if err != nil {
		return acp.Installation{}, err
	}
	refresh, err := s.Sealer.open(r.RefreshToken, refreshTokenColumn, r.Shop)
	if err != nil {
		return acp.Installation{}, err
	}
	return acp.Installation{
		Shop: r.Shop, AccessToken: access, RefreshToken: refresh, Revision: r.Revision,
		ExpiresAt: fromMillis(r.ExpiresAt), RefreshExpiresAt: fromMillis(r.RefreshExpiresAt),
		Scopes: strings.FieldsFunc(r.Scopes, func(c rune) bool { return c == ',' }),
	}, nil
}

// SaveInstallation implements acp.InstallBook: a new grant replaces whatever
// was there.
func (s *Store) SaveInstallation(ctx context.Context, i acp.Installation) error {
	row := s.newInstallationRow(i)
	row.Revision = 1
	replace := clause.AssignmentColumns([]string{"access_token", "expires_at", "refresh_token", "refresh_expires_at", "scopes", "renewing_until"})
	replace = append(replace, clause.Assignment{
		Column: clause.Column{Name: "revision"}, Value: gorm.Expr("installations.revision + 1"),
	})
	err := s.write.WithContext(ctx).Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "shop"}}, DoUpdates: replace,
	}).Create(&row).Error
	return failed("save installation", err)
}

// Tokens keeps shops' tokens for whoever renews them. Its SaveInstallation
// differs from the Store's: it is a compare-and-swap.
type Tokens struct{ store *Store }

// Tokens is the store as the keeper of tokens.
func (s *Store) Tokens() *Tokens { return &Tokens{store: s} }

// Installation reads a shop's grant; KindNotFound when the shop never
// installed the app or has left.
func (t *Tokens) Installation(ctx context.Context, shop string) (acp.Installation, error) {
	return t.store.grants.read(shop, func() (acp.Installation, error) { return t.readInstallation(ctx, shop) })
}

func (t *Tokens) readInstallation(ctx context.Context, shop string) (acp.Installation, error) {
	h := &t.store.Database.hot
	row, err := h.installations.scan(h.findInstallation.QueryRowContext(t.store.Database.promptly(ctx), shop))
	if err != nil {
		return acp.Installation{}, found("installation", err)
	}
	i, err := t.store.installation(row)
	return i, failed("read installation", err)
}

// BeginRenewal implements shopify's Installations. Raising the revision shuts
// out whoever began before and took too long.
func (t *Tokens) BeginRenewal(ctx context.Context, i acp.Installation, until time.Time) (acp.Installation, error) {
	begun := t.store.write.WithContext(ctx).Model(&installationRow{}).
		Where("shop = ? AND revision = ? AND renewing_until <= ?", i.Shop, i.Revision, toMillis(t.store.Now())).
		Updates(map[string]any{"renewing_until": toMillis(until), "revision": i.Revision + 1})
	if begun.Error == nil && begun.RowsAffected == 0 {
		return acp.Installation{}, stale("installation")
	}
	i.Revision++
	return i, failed("begin renewal", begun.Error)
}

// EndRenewal implements shopify's Installations.
func (t *Tokens) EndRenewal(ctx context.Context, i acp.Installation) error {
	err := t.store.write.WithContext(ctx).Model(&installationRow{}).
		Where("shop = ? AND revision = ?", i.Shop, i.Revision).Update("renewing_until", 0).Error
	return failed("end renewal", err)
}

// AwaitStaff implements shopify's Installations: the shop can be served again
// once staff have opened the app. A shop that has left stays so.
func (t *Tokens) AwaitStaff(ctx context.Context, i acp.Installation) error {
	return t.store.commit(ctx, "note that staff must open the app", nil, func(tx *gorm.DB) error {
		// The merchant first, as in Forget; whoever installs now waits here, and
		// has saved the new grant before.
		var m merchantRow
		err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("shop = ?", i.Shop).Take(&m).Error
		if err != nil {
			return found("merchant", err)
		}
		ended := tx.Model(&installationRow{}).Where("shop = ? AND revision = ?", i.Shop, i.Revision).Update("renewing_until", 0)
		switch {
		case ended.Error != nil:
			return ended.Error
		case ended.RowsAffected == 0:
			return stale("installation")
		case m.Status != acp.Installed:
			return nil
		}
		return tx.Model(&merchantRow{}).Where("id = ?", m.ID).Update("status", acp.NeedsStaff).Error
	})
}

// SaveInstallation writes both tokens if Revision is still the stored one, and
// raises it, which ends a renewal; KindStale when somebody else saved or began
// to renew first, or the shop has left.
func (t *Tokens) SaveInstallation(ctx context.Context, i acp.Installation) error {
	row := t.store.newInstallationRow(i)
	row.Revision = i.Revision + 1
	saved := t.store.write.WithContext(ctx).Model(&installationRow{}).
		Where("shop = ? AND revision = ?", i.Shop, i.Revision).Select("*").Omit("shop").Updates(row)
	if saved.Error == nil && saved.RowsAffected == 0 {
		return stale("installation")
	}
	return failed("save installation", saved.Error)
}
