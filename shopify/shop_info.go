package shopify

import (
	"context"
	"fmt"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// Profile implements acp.Profiles.
func (c *Client) Profile(ctx context.Context, m acp.Merchant) (acp.Profile, error) {
	answer, err := admin.ShopInfo(ctx, c.reading(m.Shop))
	if err != nil {
		return acp.Profile{}, fmt.Errorf("read shop: %w", err)
	}
	s := answer.Shop
	currency, err := acp.ParseCurrency(s.CurrencyCode)
	if err != nil {
		return acp.Profile{}, acp.Failed(acp.KindInternal, "read shop", err)
	}
	profile := acp.Profile{
		Name: s.Name, Email: s.ContactEmail, StorefrontURL: s.PrimaryDomain.Url,
		Currency: currency, Country: string(value(s.ShopAddress.CountryCodeV2)), Timezone: s.IanaTimezone,
		TaxesIncluded: s.TaxesIncluded, TaxShipping: s.TaxShipping, SignInRequired: s.CustomerAccountsV2.LoginRequiredAtCheckout,
	}
	for _, p := range s.ShopPolicies {
		if kind := linkType(p.Type); kind != "" {
			profile.Policies = append(profile.Policies, acp.Link{Type: kind, Title: p.Title, URL: p.Url})
		}
	}
	return profile, nil
}

// linkType says a policy's type in the protocol's words; empty for those that it has no word for.
func linkType(t admin.ShopPolicyType) string {
	switch t {
	case admin.ShopPolicyTypeTermsOfService:
		return "terms_of_use"
	case admin.ShopPolicyTypePrivacyPolicy:
		return "privacy_policy"
	case admin.ShopPolicyTypeRefundPolicy:
		return "return_policy"
	case admin.ShopPolicyTypeShippingPolicy:
		return "shipping_policy"
	case admin.ShopPolicyTypeContactInformation:
		return "contact_us"
	default:
		return ""
	}
}
