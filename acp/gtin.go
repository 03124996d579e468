package acp

// ValidGTIN reports whether s is a GTIN of 8, 12, 13 or 14 digits whose check
// digit is right (GS1 General Specifications, 7.9): counted from the check
// digit leftwards, the digits weigh 1, 3, 1, 3 … and sum to a multiple of ten.
func ValidGTIN(s string) bool {
	switch len(s) {
	case 8, 12, 13, 14:
	default:
		return false
	}
	sum, weight := 0, 1
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		sum += weight * int(s[i]-'0')
		weight = 4 - weight
	}
	return sum > 0 && sum%10 == 0
}
