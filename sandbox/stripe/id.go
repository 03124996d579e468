package stripe

import (
	"crypto/rand"
	"strings"
)

// newID makes an id that cannot be guessed and that no length check outgrows.
func newID(prefix string) string {
	return prefix + "_" + strings.ToLower(rand.Text())
}
