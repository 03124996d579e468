package shopify

import (
	"strconv"
	"strings"
	"unicode"
)

const gidPrefix = "gid://shopify/"

func gid(kind string, id int64) string { return gidPrefix + kind + "/" + strconv.FormatInt(id, 10) }

// parseGID splits gid://shopify/Order/1 (and drops what follows a question mark); ok is
// false for anything else.
func parseGID(s string) (kind string, id int64, ok bool) {
	rest, found := strings.CutPrefix(s, gidPrefix)
	if !found {
		return "", 0, false
	}
	rest, _, _ = strings.Cut(rest, "?")
	kind, digits, found := strings.Cut(rest, "/")
	id, err := strconv.ParseInt(digits, 10, 64)
	return kind, id, found && err == nil && id > 0
}

// idOf reads a gid of the kind given; 0 when it is of another kind or no gid at all.
func idOf(kind string, v any) int64 {
	s, _ := v.(string)
	if k, id, ok := parseGID(s); ok && k == kind {
		return id
	}
	return 0
}

// handleOf makes "Café Tée" into "cafe-tee"-like handles: letters and digits joined by dashes.
func handleOf(title string) string {
	fields := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(fields, "-")
}
