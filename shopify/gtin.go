package shopify

import (
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
)

// gtin returns the barcode if it is a GTIN, else nothing. The field is free text in Shopify; a wrong GTIN in a
// feed gets the item rejected, a missing one does not.
func gtin(barcode string) string {
	if digits := strings.TrimSpace(barcode); acp.ValidGTIN(digits) {
		return digits
	}
	return ""
}
