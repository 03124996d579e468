package shopify_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify"
)

func TestOnlyPermanentShopDomainsAreAccepted(t *testing.T) {
	if d, err := shopify.ParseShopDomain("Demo-Shop.myshopify.com"); err != nil || d != "demo-shop.myshopify.com" || d.Handle() != "demo-shop" {
		t.Fatalf("%q %v", d, err)
	}
	for _, bad := range []string{
		"", "demo", "myshopify.com", ".myshopify.com", "-demo.myshopify.com", "demo.myshopify.com.evil.example",
		"evil.example/?x=.myshopify.com", "https://demo.myshopify.com", "demo.myshopify.com/", "demo.myshopify.com:443",
		"a.b.myshopify.com", "demo.myshopify.com\n", "demo\n.myshopify.com", "user@demo.myshopify.com", "demo_shop.myshopify.com",
		strings.Repeat("a", 64) + ".myshopify.com",
	} {
		if d, err := shopify.ParseShopDomain(bad); acp.KindOf(err) != acp.KindInvalid {
			t.Errorf("%q became %q, %v", bad, d, err)
		}
	}
}

func validClaims() jwt.MapClaims {
	return jwt.MapClaims{
		"iss": "https://demo.myshopify.com/admin", "dest": "https://demo.myshopify.com", "aud": "client-1", "sub": "42", "sid": "s-1",
		"exp": noon.Add(time.Minute).Unix(), "nbf": noon.Unix(), "iat": noon.Unix(), "jti": "j-1",
	}
}

func sign(t *testing.T, method jwt.SigningMethod, key any, claims jwt.MapClaims) string {
	t.Helper()
	raw, err := jwt.NewWithClaims(method, claims).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestSessionTokenNamesShopAndStaff(t *testing.T) {
	rotating := shopify.App{ClientID: "client-1", Secrets: []acp.Secret{"new", testSecret}}
	tokens, err := shopify.NewSessionTokens(rotating, atNoon)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"new", testSecret} {
		got, err := tokens.Verify(sign(t, jwt.SigningMethodHS256, []byte(secret), validClaims()))
		if err != nil {
			t.Fatal(err)
		}
		want := shopify.StaffSession{Shop: testShop, UserID: "42", SessionID: "s-1", ExpiresAt: noon.Add(time.Minute)}
		if !got.ExpiresAt.Equal(want.ExpiresAt) || got.Shop != want.Shop || got.UserID != want.UserID || got.SessionID != want.SessionID {
			t.Errorf("got %+v", got)
		}
	}
}

func TestForgedSessionTokensAreRefused(t *testing.T) {
	tokens, err := shopify.NewSessionTokens(testApp, atNoon)
	if err != nil {
		t.Fatal(err)
	}
	with := func(key string, value any) jwt.MapClaims {
		c := validClaims()
		if value == nil {
			delete(c, key)
		} else {
			c[key] = value
		}
		return c
	}
	hs256 := func(c jwt.MapClaims) string { return sign(t, jwt.SigningMethodHS256, []byte(testSecret), c) }
	for name, raw := range map[string]string{
		"another secret":         sign(t, jwt.SigningMethodHS256, []byte("other"), validClaims()),
		"empty secret":           sign(t, jwt.SigningMethodHS256, []byte(""), validClaims()),
		"no algorithm":           sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, validClaims()),
		"another algorithm":      sign(t, jwt.SigningMethodHS512, []byte(testSecret), validClaims()),
		"another app":            hs256(with("aud", "client-2")),
		"no audience":            hs256(with("aud", nil)),
		"expired":                hs256(with("exp", noon.Add(-11*time.Second).Unix())),
		"without end":            hs256(with("exp", nil)),
		"not yet valid":          hs256(with("nbf", noon.Add(11*time.Second).Unix())),
		"without beginning":      hs256(with("nbf", nil)),
		"shops differ":           hs256(with("dest", "https://other.myshopify.com")),
		"foreign destination":    hs256(with("dest", "https://evil.example")),
		"no destination":         hs256(with("dest", nil)),
		"issuer without admin":   hs256(with("iss", "https://demo.myshopify.com")),
		"nobody":                 hs256(with("sub", nil)),
		"garbage":                "x.y.z",
		"empty":                  "",
		"host with a trick path": hs256(with("dest", "https://demo.myshopify.com/evil")),
	} {
		if got, err := tokens.Verify(raw); acp.KindOf(err) != acp.KindUnauthorized {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

func mac(secret, message string) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(message))
	return h.Sum(nil)
}

func TestWebhookSignatureIsOverTheRawBody(t *testing.T) {
	body := `{"id": 9007199254740993}`
	good := base64.StdEncoding.EncodeToString(mac(testSecret, body))
	rotating := shopify.App{ClientID: "client-1", Secrets: []acp.Secret{"new", testSecret}}
	for _, app := range []shopify.App{testApp, rotating} {
		if err := app.VerifyWebhook([]byte(body), good); err != nil {
			t.Error(err)
		}
	}
	for name, try := range map[string]struct {
		app          shopify.App
		body, header string
	}{
		"changed body":  {testApp, `{"id":9007199254740993}`, good},
		"other secret":  {testApp, body, base64.StdEncoding.EncodeToString(mac("other", body))},
		"hex":           {testApp, body, hex.EncodeToString(mac(testSecret, body))},
		"empty":         {testApp, body, ""},
		"no app secret": {shopify.App{ClientID: "client-1", Secrets: []acp.Secret{""}}, body, base64.StdEncoding.EncodeToString(mac("", body))},
	} {
		if err := try.app.VerifyWebhook([]byte(try.body), try.header); acp.KindOf(err) != acp.KindUnauthorized {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func signedQuery(secret string, at time.Time) url.Values {
	stamp := strconv.FormatInt(at.Unix(), 10)
	q := url.Values{"shop": {testShop}, "timestamp": {stamp}, "host": {"YWRtaW4"}, "embedded": {"1"}}
	q.Set("hmac", hex.EncodeToString(mac(secret, "embedded=1&host=YWRtaW4&shop="+testShop+"&timestamp="+stamp)))
	return q
}

func TestSignedQueryNamesTheShop(t *testing.T) {
	if shop, err := testApp.VerifyQuery(signedQuery(testSecret, noon.Add(-time.Minute)), noon); err != nil || shop != testShop {
		t.Fatalf("%q %v", shop, err)
	}
	changed := func(change func(url.Values)) url.Values {
		q := signedQuery(testSecret, noon)
		change(q)
		return q
	}
	for name, q := range map[string]url.Values{
		"other secret":   signedQuery("other", noon),
		"old":            signedQuery(testSecret, noon.Add(-91*time.Second)),
		"from later":     signedQuery(testSecret, noon.Add(91*time.Second)),
		"another shop":   changed(func(q url.Values) { q.Set("shop", "evil.myshopify.com") }),
		"added":          changed(func(q url.Values) { q.Set("locale", "de") }),
		"repeated":       changed(func(q url.Values) { q.Add("shop", "evil.myshopify.com") }),
		"no hmac":        changed(func(q url.Values) { q.Del("hmac") }),
		"glued together": changed(func(q url.Values) { q.Set("host", "YWRtaW4&shop="+testShop); q.Del("shop") }),
	} {
		if shop, err := testApp.VerifyQuery(q, noon); acp.KindOf(err) != acp.KindUnauthorized {
			t.Errorf("%s: %q %v", name, shop, err)
		}
	}
}
