package wire

import (
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/acp-bridge/acp-bridge/acp"
)

// The longest address and local part that SMTP carries (RFC 5321, 4.5.3.1).
const (
	maxEmail = 254
	maxLocal = 64
)

// email is a bare address: no display name, no angle brackets.
func email(at *place, n *node) *acp.Error {
	if err := text(maxEmail)(at, n); err != nil {
		return err
	}
	if !looksLikeEmail(n.text) {
		return at.invalid("must be an e-mail address")
	}
	return nil
}

// looksLikeEmail is stricter than RFC 5322: Shopify takes neither quoted local
// parts nor addresses without a public domain, and what is accepted here is
// answered to agents that validate it.
func looksLikeEmail(s string) bool {
	address, err := mail.ParseAddress(s)
	if err != nil || address.Address != s {
		return false
	}
	local, domain, _ := strings.Cut(s, "@")
	labels := strings.Split(domain, ".")
	if len(local) > maxLocal || len(labels) < 2 || strings.ContainsFunc(s, notASCII) {
		return false
	}
	return !slices.ContainsFunc(labels, notHostLabel)
}

func notASCII(r rune) bool { return r > unicode.MaxASCII }

// notHostLabel reports whether one part of a domain is no letters, digits and
// inner hyphens (RFC 1123, 2.1).
func notHostLabel(label string) bool {
	if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
		return true
	}
	const allowed = "abcdefghijklmnopqrstuvwxyz0123456789-"
	return strings.Trim(strings.ToLower(label), allowed) != ""
}

// country is an ISO 3166-1 alpha-2 code in any case.
func country(at *place, n *node) *acp.Error {
	if err := text(maxID)(at, n); err != nil {
		return err
	}
	if len(n.text) != 2 || !isLetter(n.text[0]) || !isLetter(n.text[1]) {
		return at.invalid("must be a country code of two letters (ISO 3166-1), such as US")
	}
	return nil
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }

// currency is an ISO 4217 code in any case; the published schema says string.
func currency(at *place, n *node) *acp.Error {
	if err := text(maxID)(at, n); err != nil {
		return err
	}
	if _, err := acp.ParseCurrency(n.text); err != nil {
		return at.invalid("must be an ISO 4217 code, such as usd")
	}
	return nil
}

// timestamp is a date and time (RFC 3339).
func timestamp(at *place, n *node) *acp.Error {
	if err := text(maxID)(at, n); err != nil {
		return err
	}
	if _, err := time.Parse(time.RFC3339, n.text); err != nil {
		return at.invalid("must be a date and time (RFC 3339)")
	}
	return nil
}

// uri is an absolute URI.
func uri(at *place, n *node) *acp.Error {
	if err := text(maxURI)(at, n); err != nil {
		return err
	}
	if u, err := url.Parse(n.text); err != nil || !u.IsAbs() {
		return at.invalid("must be an absolute URI")
	}
	return nil
}

// webAddress returns the address as a valid URI, "" when it is none that a
// buyer's browser can open.
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return ""
	}
	return u.String()
}
