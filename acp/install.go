package acp

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ShopDirectory finds installed shops.
type ShopDirectory interface {
	// MerchantByShop reads one by its permanent domain, KindNotFound.
	// Uninstalled shops are found, too; look at Status.
	MerchantByShop(ctx context.Context, shop string) (Merchant, error)
}

// InstallBook keeps merchants and their grants.
type InstallBook interface {
	ShopDirectory
	Merchants
	// SaveInstallation writes the shop's tokens whatever was there before.
	SaveInstallation(ctx context.Context, i Installation) error
	// SaveMerchant inserts or updates by Shop, keeps the ID, Completion and
	// FeedToken that a known shop has, and returns the row.
	SaveMerchant(ctx context.Context, m Merchant) (Merchant, error)
	// Forget deletes the shop's tokens and marks it uninstalled.
	Forget(ctx context.Context, m MerchantID) error
}

// Grants turns a session token into an installation.
type Grants interface {
	// Exchange trades a staff member's session token for the shop's offline
	// access. KindUnauthorized when the token is not accepted.
	Exchange(ctx context.Context, shop string, sessionToken Secret) (Installation, error)
}

// Profiles reads what a shop says of itself.
type Profiles interface {
	// Profile asks the shop.
	Profile(ctx context.Context, m Merchant) (Profile, error)
}

// Install brings shops in and out.
type Install struct {
	Book     InstallBook
	Grants   Grants
	Profiles Profiles
	Catalog  *Catalog
	NewID    func() string
	Now      func() time.Time
}

// NewInstall checks that nothing is missing.
func NewInstall(i Install) (*Install, error) {
	if i.Book == nil || i.Grants == nil || i.Profiles == nil || i.Catalog == nil || i.NewID == nil || i.Now == nil {
		return nil, errors.New("install: a field is missing")
	}
	return &i, nil
}

// Open is called whenever staff open the app. A shop that is installed is
// returned as it is; one that is new, came back, or lost its access is
// installed by token exchange and its catalog mirrored.
func (i *Install) Open(ctx context.Context, shop string, sessionToken Secret) (Merchant, error) {
	m, err := i.Book.MerchantByShop(ctx, shop)
	if err == nil && m.Status == Installed {
		return m, nil
	}
	if err != nil && KindOf(err) != KindNotFound {
		return Merchant{}, err
	}
	grant, err := i.Grants.Exchange(ctx, shop, sessionToken)
	if err != nil {
		return Merchant{}, fmt.Errorf("exchange session token: %w", err)
	}
	if err := i.Book.SaveInstallation(ctx, grant); err != nil {
		return Merchant{}, err
	}
	return i.welcome(ctx, m, shop)
}

func (i *Install) welcome(ctx context.Context, m Merchant, shop string) (Merchant, error) {
	if m.ID == "" {
		m = Merchant{ID: MerchantID("m_" + i.NewID()), Shop: shop, Completion: HandOff, Following: DefaultFollowing(), FeedToken: i.NewID()}
	}
	profile, err := i.Profiles.Profile(ctx, m)
	if err != nil {
		return Merchant{}, fmt.Errorf("read shop: %w", err)
	}
	m.Profile, m.Status = profile, Installed
	m.InstalledAt, m.UpdatedAt = i.Now(), i.Now()
	if m, err = i.Book.SaveMerchant(ctx, m); err != nil {
		return Merchant{}, err
	}
	return m, i.Catalog.Request(ctx, m.ID)
}

// RefreshProfile reads again what the shop says of itself.
func (i *Install) RefreshProfile(ctx context.Context, id MerchantID) error {
	m, err := i.Book.Merchant(ctx, id)
	if err != nil {
		return err
	}
	if m.Profile, err = i.Profiles.Profile(ctx, m); err != nil {
		return fmt.Errorf("read shop: %w", err)
	}
	m.UpdatedAt = i.Now()
	_, err = i.Book.SaveMerchant(ctx, m)
	return err
}

// Uninstall forgets the shop's access. Shopify tells it late and repeatedly:
// what was triggered before the newest installation is ignored. Where it does
// not say when (zero), the shop is asked: one that still answers is installed.
func (i *Install) Uninstall(ctx context.Context, id MerchantID, triggered time.Time) error {
	m, err := i.Book.Merchant(ctx, id)
	if err != nil {
		return err
	}
	switch {
	case m.Status == Uninstalled:
		return nil
	case triggered.IsZero():
		if _, err := i.Profiles.Profile(ctx, m); KindOf(err) != KindReauthorize {
			return err // nil: it answers
		}
	case triggered.Before(m.InstalledAt):
		return nil
	}
	return i.Book.Forget(ctx, id)
}
