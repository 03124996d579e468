package catalog

import (
	"strconv"
	"strings"
	"unicode"
)

// handleOf writes a title as the last part of a product's address: letters and digits of any
// script, in lower case, joined by single dashes.
func handleOf(title string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(title) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte('-')
			gap = false
		}
		b.WriteRune(r)
	}
	if b.Len() == 0 {
		return "product"
	}
	return b.String()
}

func freeHandle(title string, taken func(string) bool) string {
	base := handleOf(title)
	handle := base
	for n := 1; taken(handle); n++ {
		handle = base + "-" + strconv.Itoa(n)
	}
	return handle
}
