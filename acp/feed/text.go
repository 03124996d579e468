package feed

import (
	"net/url"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Lengths in characters, as the specification advises or its previous version
// limited them.
const (
	maxItemID      = 100
	maxTitle       = 150
	maxDescription = 5000
	maxName        = 70 // brand and seller
	maxColor       = 40
	maxSize        = 20
	maxMaterial    = 100
)

// oneLine is text without line breaks, control characters and broken UTF-8;
// almost always it is the text itself.
func oneLine(s string) string { return tidy(s, false) }

// lines keeps line breaks.
func lines(s string) string { return tidy(s, true) }

func tidy(s string, keepBreaks bool) string {
	s = strings.TrimSpace(s)
	bad := func(r rune) bool { return unicode.IsControl(r) && (r != '\n' || !keepBreaks) }
	if utf8.ValidString(s) && strings.IndexFunc(s, bad) < 0 {
		return s
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if bad(r) {
			return ' '
		}
		return r
	}, s))
}

// capped is at most limit characters of s, cut where a word ends if one ends
// near.
func capped(s string, limit int) (text string, cut bool) {
	if len(s) <= limit || utf8.RuneCountInString(s) <= limit {
		return s, false
	}
	end, n := 0, 0
	for i := range s {
		if n == limit-1 {
			end = i
			break
		}
		n++
	}
	s = s[:end]
	if space := strings.LastIndexByte(s, ' '); space > end*3/4 {
		s = s[:space]
	}
	return strings.TrimSpace(s) + "…", true
}

// absolute reports whether an agent can open the address without logging in.
func absolute(address string) bool {
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") {
		return false
	}
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && u.User == nil && !strings.ContainsAny(address, " \t\r\n\"<>")
}

// preselecting is the product page with the variant chosen.
func preselecting(page, variant string) string {
	if page == "" {
		return ""
	}
	if !strings.ContainsAny(page, "?#") {
		return page + "?variant=" + variant
	}
	u, err := url.Parse(page)
	if err != nil {
		return page
	}
	q := u.Query()
	q.Set("variant", variant)
	u.RawQuery = q.Encode()
	return u.String()
}

// photo reports whether the address ends like a JPEG or PNG, or has no ending.
func photo(address string) bool {
	address, _, _ = strings.Cut(address, "?")
	switch strings.ToLower(path.Ext(path.Base(address))) {
	case "", ".jpg", ".jpeg", ".png":
		return true
	}
	return false
}
