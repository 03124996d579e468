package store

import "strings"

// storable makes text from outside fit for a column: PostgreSQL refuses NUL
// bytes and broken UTF-8, and a product title must not be able to stop a
// mirror run.
func storable(text string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\uFFFD")
}

// addressKey is an e-mail address as it is compared.
func addressKey(email string) string {
	return strings.ToLower(strings.TrimSpace(storable(email)))
}

// each converts a list and keeps nil and empty apart, because the domain
// compares snapshots byte by byte.
func each[A, B any](list []A, convert func(A) B) []B {
	if list == nil {
		return nil
	}
	converted := make([]B, len(list))
	for i, a := range list {
		converted[i] = convert(a)
	}
	return converted
}
