package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Scheme names a way to sign requests. The protocol leaves it to both sides
// (checkout RFC 2.1 and 3.1).
type Scheme string

// HMACSHA256 is the one scheme so far: the HMAC-SHA256, under the connection's
// secret, of the Timestamp header as it was sent, a full stop, and the bytes of
// the body as they arrived. A request without a body signs the empty one.
const HMACSHA256 Scheme = "hmac-sha256"

// The headers of a signed request.
const (
	RequestHeader   = "Signature" // base64, base64url (with or without padding) or hex
	TimestampHeader = "Timestamp" // RFC 3339
)

// longestTimestamp is more than any RFC 3339 time with nanoseconds needs.
const longestTimestamp = 64

// SignRequest returns the Signature of a request by HMACSHA256, in base64url
// without padding, for a Timestamp header as it will be sent.
func SignRequest(secret acp.Secret, timestamp string, body []byte) string {
	return base64.RawURLEncoding.EncodeToString(digest(secret, timestamp, body))
}

// VerifyRequest checks a request that was signed by HMACSHA256: the signature,
// in constant time, and that its time is no further from now than the
// tolerance, in either direction. All errors are of KindUnauthorized with a
// sentence that says what to send; none shows anything of the secret. Without
// a secret nothing verifies.
func VerifyRequest(secret acp.Secret, sent, timestamp string, body []byte, now time.Time, tolerance time.Duration) error {
	switch {
	case secret.Empty():
		return refused("there is no secret to verify the Signature with; ask the shop for one")
	case sent == "" || timestamp == "":
		return refused("this shop wants signed requests: send the headers Signature and Timestamp")
	}
	at, err := time.Parse(time.RFC3339, timestamp)
	if err != nil || len(timestamp) > longestTimestamp {
		return refused("the Timestamp must be a time of RFC 3339, such as 2026-04-17T12:00:00Z")
	}
	sum, ok := decodeSum(sent)
	if !ok {
		return refused("the Signature must be an HMAC-SHA256 in base64, base64url or hex")
	}
	if !hmac.Equal(sum, digest(secret, timestamp, body)) {
		return refused("the Signature does not match: it is the HMAC-SHA256, with your request secret, " +
			"of the Timestamp header as sent, a full stop, and the raw body")
	}
	if now.Sub(at).Abs() > tolerance {
		return refused("the Timestamp is more than " + tolerance.String() + " from our clock; sign the request again with the time of sending")
	}
	return nil
}

// decodeSum tells the encodings apart by their lengths: 64 digits are hex, 43
// characters base64 without padding, 44 with it.
func decodeSum(text string) ([]byte, bool) {
	if len(text) == hex.EncodedLen(sha256.Size) {
		sum, err := hex.DecodeString(text)
		return sum, err == nil
	}
	text = strings.NewReplacer("-", "+", "_", "/").Replace(text)
	encoding := base64.RawStdEncoding
	if len(text) == base64.StdEncoding.EncodedLen(sha256.Size) {
		encoding = base64.StdEncoding
	}
	sum, err := encoding.Strict().DecodeString(text)
	return sum, err == nil && len(sum) == sha256.Size
}
