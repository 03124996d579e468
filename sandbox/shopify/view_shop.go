package shopify

import (
	"fmt"
	"strings"
)

func (s *Server) queryShop(rootCall) (any, error) {
	set := s.cfg.Settings
	host := s.cfg.Shop
	return object{
		"id": gid("Shop", s.books.ShopID), "name": set.Name, "email": set.Email, "contactEmail": set.Email,
		"myshopifyDomain": host, "url": "https://" + host,
		// The storefront is this server, so that links into it work.
		"primaryDomain": object{
			"id": gid("Domain", s.books.ShopID), "url": s.baseURL, "host": strings.TrimPrefix(s.baseURL, "http://"), "sslEnabled": false,
		},
		"currencyCode": set.Currency, "enabledPresentmentCurrencies": []string{set.Currency},
		"ianaTimezone": "America/New_York", "timezoneAbbreviation": "EST", "timezoneOffset": "-0500", "timezoneOffsetMinutes": -300,
		"weightUnit": "KILOGRAMS", "unitSystem": "METRIC_SYSTEM",
		"taxesIncluded": set.TaxesIncluded, "taxShipping": s.shop.TaxShipping, "setupRequired": false,
		"shipsToCountries": append([]string{set.Country}, without(set.ShipsTo, set.Country)...),
		"plan":             object{"publicDisplayName": "Basic", "partnerDevelopment": true, "shopifyPlus": set.Plus},
		"shopPolicies":     s.policies(),
		"customerAccountsV2": object{
			"customerAccountsVersion": "NEW_CUSTOMER_ACCOUNTS", "loginLinksVisibleOnStorefrontAndCheckout": true,
			"loginRequiredAtCheckout": s.books.SignInRequired, "url": s.baseURL + "/account",
		},
		"shopAddress": object{
			"id": gid("ShopAddress", s.books.ShopID), "countryCodeV2": set.Country, "country": set.Country, "coordinatesValidated": false,
		},
		"shopOwnerName": "Demo Owner", "createdAt": s.cfg.Now().AddDate(-1, 0, 0), "updatedAt": s.now(),
		"orderNumberFormatPrefix": "#", "orderNumberFormatSuffix": "",
	}, nil
}

func (s *Server) policies() []object {
	var out []object
	for i, p := range policyPages {
		out = append(out, object{
			"id": gid("ShopPolicy", s.books.ShopID+int64(i)), "type": p.kind, "title": p.title,
			"url": fmt.Sprintf("%s/policies/%s", s.baseURL, p.path), "body": p.text, "createdAt": s.now(), "updatedAt": s.now(),
		})
	}
	return out
}

var policyPages = []struct{ kind, title, path, text string }{
	{"REFUND_POLICY", "Refund policy", "refund-policy", "Return anything unworn within 30 days."},
	{"PRIVACY_POLICY", "Privacy policy", "privacy-policy", "This is a demo shop: it keeps what you type on this machine."},
	{"TERMS_OF_SERVICE", "Terms of service", "terms-of-service", "Nothing bought here is real."},
	{"SHIPPING_POLICY", "Shipping policy", "shipping-policy", "Orders leave within two working days."},
}

func without(list []string, drop string) []string {
	var out []string
	for _, v := range list {
		if v != drop {
			out = append(out, v)
		}
	}
	return out
}

func (s *Server) queryInstallation(rootCall) (any, error) {
	scopes := []object{}
	for _, scope := range s.cfg.Scopes {
		scopes = append(scopes, object{"handle": scope, "description": scope})
	}
	return object{
		"__typename": "AppInstallation", "id": gid("AppInstallation", s.books.ShopID),
		"launchUrl": s.adminURL(), "accessScopes": scopes, "app": s.app(),
	}, nil
}

func (s *Server) app() object {
	return object{"id": gid("App", s.books.ShopID), "name": "ACP Bridge", "title": "ACP Bridge", "handle": appHandle}
}

// adminURL is the miniature admin with the app embedded.
func (s *Server) adminURL() string {
	return fmt.Sprintf("%s/store/%s/apps/%s", s.baseURL, s.shopName(), appHandle)
}

const appHandle = "acp-bridge"

// AdminURL is the page of the miniature Shopify admin that embeds the app.
func (s *Server) AdminURL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.adminURL()
}
