package shopify

import "strings"

// gtin returns the barcode if it is a GTIN-8, -12, -13 or -14 whose check digit is right, else nothing. The
// field is free text in Shopify; a wrong GTIN in a feed gets the item rejected, a missing one does not.
func gtin(barcode string) string {
	digits := strings.TrimSpace(barcode)
	switch len(digits) {
	case 8, 12, 13, 14:
	default:
		return ""
	}
	sum := 0
	for i, r := range digits {
		if r < '0' || r > '9' {
			return ""
		}
		weight := 1
		if (len(digits)-i)%2 == 0 { // counted from the check digit, every second one weighs three
			weight = 3
		}
		sum += weight * int(r-'0')
	}
	if sum == 0 || sum%10 != 0 {
		return ""
	}
	return digits
}
