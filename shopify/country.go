package shopify

import (
	"slices"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// country is Shopify's code for the address's country, nil for one to which Shopify never ships (it has no
// code for Antarctica, say) or that is none. The cart is then priced without an address, so that no rate is
// offered and the buyer is told; sent as it is, the code would make Shopify refuse the whole operation.
func country(a *acp.Address) *admin.CountryCode {
	code := admin.CountryCode(strings.ToUpper(a.Country))
	if !slices.Contains(admin.AllCountryCode, code) {
		return nil
	}
	return &code
}
