package catalog

import "fmt"

// barcode is an EAN-13 with a right check digit under GS1's prefix for examples (952), which no
// real product carries.
func (g *generator) barcode() string {
	digits := fmt.Sprintf("952%09d", g.draw.IntN(1_000_000_000))
	return digits + string(checkDigit(digits))
}

// checkDigit weighs the twelve digits 1, 3, 1, 3 … from the left (GS1 General Specifications 7.9).
func checkDigit(digits string) byte {
	sum := 0
	for i, d := range []byte(digits) {
		sum += int(d-'0') * (1 + 2*(i%2))
	}
	return byte('0' + (10-sum%10)%10)
}

func withWrongCheckDigit(code string) string {
	if code == "" {
		return ""
	}
	last := len(code) - 1
	return code[:last] + string('0'+(code[last]-'0'+1)%10)
}
