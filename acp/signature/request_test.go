package signature_test

import (
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/signature"
)

// Computed with openssl dgst -sha256 -hmac over "2026-04-17T12:00:00Z." and
// the body; docs/request-signatures.md shows them.
const (
	requestSecret = acp.Secret("reqsec_fixed_vector")
	sentAt        = "2026-04-17T12:00:00Z"
	requestBody   = `{"currency":"usd"}`
	inHex         = "8c00d2d402664d9b0f5723230c484788e10dc3c1dc2110392d8a33bdf9ff2df9"
	inBase64      = "jADS1AJmTZsPVyMjDEhHiOENw8HcIRA5LYozvfn/Lfk="
	inBase64URL   = "jADS1AJmTZsPVyMjDEhHiOENw8HcIRA5LYozvfn_Lfk"
	ofNoBody      = "72e80d2dc2d8332b412355030442da3da6ca518c00cbd0c5475b4f6bfcc74faf"
)

var requestedAt = time.Date(2026, 4, 17, 12, 0, 0, 0, time.UTC)

func TestARequestIsSignedLikeOpenSSL(t *testing.T) {
	if got := signature.SignRequest(requestSecret, sentAt, []byte(requestBody)); got != inBase64URL {
		t.Errorf("got %s", got)
	}
	for _, sent := range []string{
		inHex, strings.ToUpper(inHex), inBase64, strings.TrimSuffix(inBase64, "="), inBase64URL, inBase64URL + "=",
	} {
		if err := signature.VerifyRequest(requestSecret, sent, sentAt, []byte(requestBody), requestedAt, signature.Tolerance); err != nil {
			t.Errorf("%s: %v", sent, err)
		}
	}
	if err := signature.VerifyRequest(requestSecret, ofNoBody, sentAt, nil, requestedAt, signature.Tolerance); err != nil {
		t.Errorf("no body: %v", err)
	}
}

func TestARequestsTimeMayDifferBy300SecondsEitherWay(t *testing.T) {
	for skew, good := range map[time.Duration]bool{
		300 * time.Second: true, -300 * time.Second: true, 301 * time.Second: false, -301 * time.Second: false,
	} {
		err := signature.VerifyRequest(requestSecret, inHex, sentAt, []byte(requestBody), requestedAt.Add(skew), signature.Tolerance)
		if (err == nil) != good {
			t.Errorf("%s: %v", skew, err)
		}
	}
}

func TestARequestsTimeIsSignedAsItWasWritten(t *testing.T) {
	for _, timestamp := range []string{"2026-04-17T14:00:00+02:00", "2026-04-17T12:00:00.123456789Z"} {
		sent := signature.SignRequest(requestSecret, timestamp, []byte(requestBody))
		if err := signature.VerifyRequest(requestSecret, sent, timestamp, []byte(requestBody), requestedAt, signature.Tolerance); err != nil {
			t.Errorf("%s: %v", timestamp, err)
		}
		if err := signature.VerifyRequest(requestSecret, sent, sentAt, []byte(requestBody), requestedAt, signature.Tolerance); err == nil {
			t.Errorf("%s verifies with another spelling of the same moment", timestamp)
		}
	}
}

func TestARequestThatWasNotSignedSoIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		secret         acp.Secret
		sent, at, body string
		wanted         string
	}{
		"no secret":        {sent: inHex, at: sentAt, body: requestBody, wanted: "no secret"},
		"other secret":     {secret: "reqsec_other", sent: inHex, at: sentAt, body: requestBody, wanted: "does not match"},
		"other body":       {secret: requestSecret, sent: inHex, at: sentAt, body: requestBody + " ", wanted: "does not match"},
		"no body":          {secret: requestSecret, sent: inHex, at: sentAt, wanted: "does not match"},
		"other time":       {secret: requestSecret, sent: inHex, at: "2026-04-17T12:00:01Z", body: requestBody, wanted: "does not match"},
		"no signature":     {secret: requestSecret, at: sentAt, body: requestBody, wanted: "send the headers"},
		"no time":          {secret: requestSecret, sent: inHex, body: requestBody, wanted: "send the headers"},
		"unix time":        {secret: requestSecret, sent: inHex, at: "1776427200", body: requestBody, wanted: "RFC 3339"},
		"time without day": {secret: requestSecret, sent: inHex, at: "12:00:00Z", body: requestBody, wanted: "RFC 3339"},
		"endless time":     {secret: requestSecret, sent: inHex, at: "2026-04-17T12:00:00." + strings.Repeat("0", 60) + "Z", body: requestBody, wanted: "RFC 3339"},
		"two signatures":   {secret: requestSecret, sent: inHex + ", " + inHex, at: sentAt, body: requestBody, wanted: "base64"},
		"half":             {secret: requestSecret, sent: inHex[:32], at: sentAt, body: requestBody, wanted: "base64"},
		"no digits":        {secret: requestSecret, sent: strings.Repeat("z", 64), at: sentAt, body: requestBody, wanted: "base64"},
		"other bits": { // the last character's unused bits
			secret: requestSecret, sent: strings.TrimSuffix(inBase64URL, "k") + "l", at: sentAt, body: requestBody, wanted: "base64",
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := signature.VerifyRequest(c.secret, c.sent, c.at, []byte(c.body), requestedAt, signature.Tolerance)
			if acp.KindOf(err) != acp.KindUnauthorized || !strings.Contains(err.Error(), c.wanted) || strings.Contains(err.Error(), "reqsec_") {
				t.Errorf("%v", err)
			}
		})
	}
}

func FuzzVerifyRequest(f *testing.F) {
	f.Add(inHex, sentAt, []byte(requestBody))
	f.Add(inBase64, sentAt, []byte(nil))
	f.Fuzz(func(t *testing.T, sent, timestamp string, body []byte) {
		err := signature.VerifyRequest(requestSecret, sent, timestamp, body, requestedAt, signature.Tolerance)
		own := signature.SignRequest(requestSecret, timestamp, body)
		normal := strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(sent), "=")
		if err == nil && len(sent) != 64 && normal != own {
			t.Errorf("%q at %q passes for %q", sent, timestamp, body)
		}
		if err != nil && acp.KindOf(err) != acp.KindUnauthorized {
			t.Errorf("%v", err)
		}
	})
}
