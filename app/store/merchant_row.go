package store

import (
	"encoding/json"
	"fmt"

	"github.com/acp-bridge/acp-bridge/acp"
)

type merchantRow struct {
	ID         acp.MerchantID `gorm:"primaryKey"`
	Shop       string
	Status     acp.MerchantStatus
	Completion acp.Completion
	Following  string
	FeedToken  string
	Profile    string
	Acceptance string
	Installed  int64 `gorm:"column:installed_at"`
	Updated    int64 `gorm:"column:updated_at"`
}

// TableName implements gorm's Tabler.
func (merchantRow) TableName() string { return "merchants" }

type profileDocument struct {
	Name           string         `json:"name"`
	Email          string         `json:"email"`
	StorefrontURL  string         `json:"storefront_url"`
	Currency       acp.Currency   `json:"currency"`
	Country        string         `json:"country"`
	Timezone       string         `json:"timezone"`
	TaxesIncluded  bool           `json:"taxes_included"`
	TaxShipping    bool           `json:"tax_shipping"`
	SignInRequired bool           `json:"sign_in_required,omitzero"`
	Policies       []linkDocument `json:"policies,omitzero"`
}

type linkDocument struct {
	Type  string `json:"type"`
	Title string `json:"title"`
	URL   string `json:"url"`
}

func newMerchantRow(m acp.Merchant) (merchantRow, error) {
	p := m.Profile
	profile, err := json.Marshal(profileDocument{
		Name: p.Name, Email: p.Email, StorefrontURL: p.StorefrontURL, Currency: p.Currency, Country: p.Country,
		Timezone: p.Timezone, TaxesIncluded: p.TaxesIncluded, TaxShipping: p.TaxShipping, SignInRequired: p.SignInRequired,
		Policies: each(p.Policies, func(l acp.Link) linkDocument { return linkDocument(l) }),
	})
	if err != nil {
		return merchantRow{}, err
	}
	acceptance, err := encodeAcceptance(m.Acceptance)
	if err != nil {
		return merchantRow{}, err
	}
	following, err := encodeFollowing(m.Following)
	return merchantRow{
		ID: m.ID, Shop: m.Shop, Status: m.Status, Completion: m.Completion, Following: following, FeedToken: m.FeedToken,
		Profile: string(profile), Acceptance: acceptance, Installed: toMillis(m.InstalledAt), Updated: toMillis(m.UpdatedAt),
	}, err
}

func (r merchantRow) merchant() (acp.Merchant, error) {
	var p profileDocument
	if err := json.Unmarshal([]byte(r.Profile), &p); err != nil {
		return acp.Merchant{}, fmt.Errorf("decode profile of %s: %w", r.ID, err)
	}
	acceptance, err := decodeAcceptance(r.Acceptance)
	if err != nil {
		return acp.Merchant{}, fmt.Errorf("decode acceptance of %s: %w", r.ID, err)
	}
	following, err := decodeFollowing(r.Following)
	if err != nil {
		return acp.Merchant{}, fmt.Errorf("decode settings of %s: %w", r.ID, err)
	}
	return acp.Merchant{
		Acceptance: acceptance, Following: following,
		ID: r.ID, Shop: r.Shop, Status: r.Status, Completion: r.Completion, FeedToken: r.FeedToken,
		InstalledAt: fromMillis(r.Installed), UpdatedAt: fromMillis(r.Updated),
		Profile: acp.Profile{
			Name: p.Name, Email: p.Email, StorefrontURL: p.StorefrontURL, Currency: p.Currency, Country: p.Country,
			Timezone: p.Timezone, TaxesIncluded: p.TaxesIncluded, TaxShipping: p.TaxShipping, SignInRequired: p.SignInRequired,
			Policies: each(p.Policies, func(l linkDocument) acp.Link { return acp.Link(l) }),
		},
	}, nil
}
