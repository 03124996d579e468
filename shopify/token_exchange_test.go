package shopify_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify"
)

func grants(t *testing.T, base http.RoundTripper) *shopify.Grants {
	t.Helper()
	g, err := shopify.NewGrants(shopify.GrantsConfig{App: testApp, Base: base, Now: atNoon, Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

const grantBody = `{"access_token":"shpat_1","scope":"read_products,write_orders","expires_in":3600,"refresh_token":"shprt_1","refresh_token_expires_in":7776000}`

func TestExchangeInstallsTheShopWithExpiringTokens(t *testing.T) {
	var sent map[string]string
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Host != testShop || r.URL.Path != "/admin/oauth/access_token" || r.Method != http.MethodPost {
			t.Errorf("%s %s%s", r.Method, r.Host, r.URL.Path)
		}
		if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
			t.Error(err)
		}
		fmt.Fprint(w, grantBody)
	})
	inst, err := grants(t, base).Exchange(context.Background(), testShop, "id-token")
	if err != nil {
		t.Fatal(err)
	}
	if inst.Shop != testShop || inst.AccessToken != "shpat_1" || inst.RefreshToken != "shprt_1" ||
		!inst.ExpiresAt.Equal(noon.Add(time.Hour)) || !inst.RefreshExpiresAt.Equal(noon.Add(90*24*time.Hour)) || len(inst.Scopes) != 2 {
		t.Errorf("got %+v", inst)
	}
	if sent["expiring"] != "1" || sent["subject_token"] != "id-token" || sent["client_secret"] != testSecret ||
		sent["requested_token_type"] != "urn:shopify:params:oauth:token-type:offline-access-token" {
		t.Errorf("sent %v", sent)
	}
}

func TestTokenEndpointFailuresAreToldApart(t *testing.T) {
	answer := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status); fmt.Fprint(w, body) }
	}
	for name, try := range map[string]struct {
		handler           http.HandlerFunc
		exchange, refresh acp.Kind
	}{
		"token refused":      {answer(400, `{"error":"invalid_subject_token"}`), acp.KindUnauthorized, acp.KindReauthorize},
		"refresh token dead": {answer(401, `{"error":"invalid_grant"}`), acp.KindUnauthorized, acp.KindReauthorize},
		"our secret is old":  {answer(401, `{"error":"invalid_client"}`), acp.KindInternal, acp.KindInternal},
		"throttled":          {answer(429, ``), acp.KindThrottled, acp.KindThrottled},
		"html error page":    {answer(502, `<html>bad gateway</html>`), acp.KindUnavailable, acp.KindUnavailable},
		"html refusal":       {answer(400, `<html>bad request</html>`), acp.KindUnavailable, acp.KindUnavailable},
		"garbage":            {answer(200, `access_token=1`), acp.KindUnavailable, acp.KindUnavailable},
		"no token in it":     {answer(200, `{}`), acp.KindUnavailable, acp.KindUnavailable},
		"dropped":            {func(w http.ResponseWriter, _ *http.Request) { hangUp(w) }, acp.KindUnavailable, acp.KindUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			g := grants(t, serve(t, try.handler))
			_, err := g.Exchange(context.Background(), testShop, "id-token")
			wantKind(t, err, try.exchange)
			if strings.Contains(err.Error(), testSecret) || strings.Contains(err.Error(), "id-token") {
				t.Errorf("the error tells a secret: %v", err)
			}
			_, err = g.Refresh(context.Background(), acp.Installation{Shop: testShop, RefreshToken: "shprt_1"})
			wantKind(t, err, try.refresh)
		})
	}
	_, err := grants(t, nobody(t)).Exchange(context.Background(), testShop, "id-token")
	wantKind(t, err, acp.KindUnavailable)
}

func TestSecretsGoToShopsOnly(t *testing.T) {
	reached := false
	base := serve(t, func(http.ResponseWriter, *http.Request) { reached = true })
	if _, err := grants(t, base).Exchange(context.Background(), "evil.example/?x=.myshopify.com", "id-token"); acp.KindOf(err) != acp.KindInvalid || reached {
		t.Errorf("reached %v, %v", reached, err)
	}
	redirecting := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/stolen") {
			reached = true
		}
		http.Redirect(w, r, "https://evil.example/stolen", http.StatusTemporaryRedirect)
	})
	_, err := grants(t, redirecting).Exchange(context.Background(), testShop, "id-token")
	wantKind(t, err, acp.KindUnavailable)
	if reached {
		t.Error("the client secret followed a redirect")
	}
}
