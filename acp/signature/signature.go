// Package signature signs what this app sends to agents and verifies what is
// signed the same way: an HMAC-SHA256 over the time and the bytes of the body,
// in a header t=<unix seconds>,v1=<64 hex digits> (Merchant-Signature of the
// order webhooks). It knows no HTTP, and no schedule for changing keys.
package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Header is the header that carries the signature of an order event.
const Header = "Merchant-Signature"

// Tolerance is how far the clocks of both sides may lie apart: receivers of
// order events allow 300 seconds.
const Tolerance = 300 * time.Second

// CodeInvalidSignature is the code of every error of Verify.
const CodeInvalidSignature = "invalid_signature"

// Sign returns the header's value for a body sent at a moment.
func Sign(secret acp.Secret, at time.Time, body []byte) string {
	seconds := strconv.FormatInt(at.Unix(), 10)
	return "t=" + seconds + ",v1=" + hex.EncodeToString(digest(secret, seconds, body))
}

// Verify checks that the body arrived as it was signed, no further from now
// than the tolerance. All errors are of KindUnauthorized; they say what is
// wrong with the header, and nothing of the secret. Without a secret nothing
// verifies.
func Verify(secret acp.Secret, header string, body []byte, now time.Time, tolerance time.Duration) error {
	if secret.Empty() {
		return refused("there is no secret to verify with")
	}
	seconds, sum, ok := split(header)
	if !ok {
		return refused("the signature must be t=<unix seconds>,v1=<64 hex digits>")
	}
	if !hmac.Equal(sum, digest(secret, seconds, body)) {
		return refused("the signature does not match the body")
	}
	unix, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || now.Sub(time.Unix(unix, 0)).Abs() > tolerance {
		return refused("the signature is not from this time")
	}
	return nil
}

func refused(why string) error {
	return &acp.Error{Kind: acp.KindUnauthorized, Code: CodeInvalidSignature, Message: why}
}

// split takes exactly the two parts, in their order; the seconds stay as they
// were written, because they are signed that way.
func split(header string) (seconds string, sum []byte, ok bool) {
	first, second, _ := strings.Cut(header, ",")
	seconds, timed := strings.CutPrefix(first, "t=")
	digits, signed := strings.CutPrefix(second, "v1=")
	if !timed || !signed || !plainSeconds(seconds) || len(digits) != hex.EncodedLen(sha256.Size) {
		return "", nil, false
	}
	sum, err := hex.DecodeString(digits)
	return seconds, sum, err == nil
}

// plainSeconds wants 1 to 12 digits, which lasts for some thirty thousand
// years and never overflows.
func plainSeconds(s string) bool {
	if s == "" || len(s) > 12 {
		return false
	}
	return strings.Trim(s, "0123456789") == ""
}

func digest(secret acp.Secret, seconds string, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret.Reveal()))
	mac.Write([]byte(seconds))
	mac.Write([]byte{'.'})
	mac.Write(body)
	return mac.Sum(nil)
}
