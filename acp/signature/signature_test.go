package signature_test

import (
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/signature"
)

const (
	secret = acp.Secret("whsec_fixed_vector")
	body   = `{"type":"order_create","data":{"id":"gid://shopify/Order/1"}}`
	// Computed with openssl dgst -sha256 -hmac over "1763726400." and body.
	vector = "t=1763726400,v1=6fb80bebd2a7d0558c90a79327bc832b9827e4e4fa5b4695a7c1e4eb9b5c1646"
)

var signedAt = time.Unix(1763726400, 0)

func TestSignsLikeOpenSSL(t *testing.T) {
	if got := signature.Sign(secret, signedAt.Add(999*time.Millisecond), []byte(body)); got != vector {
		t.Fatalf("got  %s\nwant %s", got, vector)
	}
}

func TestVerifiesWithinTheTolerance(t *testing.T) {
	for _, skew := range []time.Duration{0, 300 * time.Second, -300 * time.Second} {
		if err := signature.Verify(secret, vector, []byte(body), signedAt.Add(skew), signature.Tolerance); err != nil {
			t.Errorf("skew %s: %v", skew, err)
		}
	}
	upper := "t=1763726400,v1=" + strings.ToUpper(vector[len("t=1763726400,v1="):])
	if err := signature.Verify(secret, upper, []byte(body), signedAt, signature.Tolerance); err != nil {
		t.Errorf("upper-case hex: %v", err)
	}
}

func TestRefusesWhatWasTamperedWith(t *testing.T) {
	hexDigits := vector[len("t=1763726400,v1="):]
	flipped := "t=1763726400,v1=" + flip(hexDigits)
	for name, c := range map[string]struct {
		secret acp.Secret
		header string
		body   string
		skew   time.Duration
	}{
		"other body":          {header: vector, body: body + " "},
		"empty body":          {header: vector, body: "\x00"},
		"other secret":        {secret: "whsec_other", header: vector},
		"no secret":           {secret: "-", header: signature.Sign("", signedAt, []byte(body))},
		"other digit":         {header: flipped},
		"other time":          {header: "t=1763726401,v1=" + hexDigits},
		"leading zero":        {header: "t=01763726400,v1=" + hexDigits},
		"too old":             {header: vector, skew: 301 * time.Second},
		"from the future":     {header: vector, skew: -301 * time.Second},
		"no header":           {header: ""},
		"no time":             {header: "v1=" + hexDigits},
		"other order":         {header: "v1=" + hexDigits + ",t=1763726400"},
		"a space":             {header: "t=1763726400, v1=" + hexDigits},
		"a third part":        {header: vector + ",v1=" + hexDigits},
		"short digest":        {header: vector[:len(vector)-2]},
		"no hex":              {header: "t=1763726400,v1=" + strings.Repeat("z", 64)},
		"negative time":       {header: "t=-1,v1=" + hexDigits},
		"signed time":         {header: "t=+1763726400,v1=" + hexDigits},
		"a time out of range": {header: "t=9999999999999999999,v1=" + hexDigits},
	} {
		t.Run(name, func(t *testing.T) {
			key, sent := secret, body
			if c.secret == "-" {
				key = ""
			} else if c.secret != "" {
				key = c.secret
			}
			if c.body == "\x00" {
				sent = ""
			} else if c.body != "" {
				sent = c.body
			}
			err := signature.Verify(key, c.header, []byte(sent), signedAt.Add(c.skew), signature.Tolerance)
			if acp.KindOf(err) != acp.KindUnauthorized {
				t.Fatalf("got %v", err)
			}
			if strings.Contains(err.Error(), "whsec_") {
				t.Fatalf("the secret shows: %v", err)
			}
		})
	}
}

func flip(hexDigits string) string {
	last := byte('0')
	if hexDigits[len(hexDigits)-1] == '0' {
		last = '1'
	}
	return hexDigits[:len(hexDigits)-1] + string(last)
}

func FuzzVerifyAcceptsOnlyItsOwnSignature(f *testing.F) {
	f.Add(vector, body)
	f.Add("t=1,v1=", "")
	f.Fuzz(func(t *testing.T, header, sent string) {
		err := signature.Verify(secret, header, []byte(sent), signedAt, signature.Tolerance)
		if err == nil && !strings.EqualFold(header, signature.Sign(secret, timeOf(t, header), []byte(sent))) {
			t.Fatalf("accepted %q", header)
		}
	})
}

func timeOf(t *testing.T, header string) time.Time {
	t.Helper()
	seconds, err := time.ParseDuration(strings.TrimPrefix(strings.Split(header, ",")[0], "t=") + "s")
	if err != nil {
		t.Fatal(err)
	}
	return time.Unix(int64(seconds/time.Second), 0)
}
