package shopify_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

const whoAmI = `{ shop { name } }`

func (f *fixture) opens(token string) bool {
	f.t.Helper()
	res := f.post("/admin/api/2026-10/graphql.json", map[string]any{"query": whoAmI}, http.Header{"X-Shopify-Access-Token": {token}})
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

func TestAnIDTokenIsExchangedForTokensThatExpire(t *testing.T) {
	f := start(t, nil)
	got := f.install()
	if got.ExpiresIn != 3600 || got.RefreshLife != 7776000 || !strings.Contains(got.Scope, "write_draft_orders") {
		t.Errorf("grant: %+v", got)
	}
	f.clock.pass(59 * time.Minute)
	if !f.opens(got.AccessToken) {
		t.Error("the token died within its hour")
	}
	f.clock.pass(time.Minute)
	if f.opens(got.AccessToken) {
		t.Error("the token outlived its hour")
	}
}

func TestTokenRequestsThatShopifyRefusesAreRefused(t *testing.T) {
	f := start(t, nil)
	old := f.idToken()
	f.clock.pass(2 * time.Minute)
	fresh := f.idToken()
	with := func(name, value string) map[string]string {
		body := exchange(fresh)
		body[name] = value
		return body
	}
	for name, c := range map[string]struct {
		body   map[string]string
		status int
		says   string
	}{
		"expired id token":      {exchange(old), 400, "invalid_subject_token"},
		"forged id token":       {exchange(fresh[:len(fresh)-4] + "AAAA"), 400, "invalid_subject_token"},
		"not a token":           {exchange("hello"), 400, "invalid_subject_token"},
		"wrong secret":          {with("client_secret", "x"), 401, "invalid_client"},
		"online token":          {with("requested_token_type", "urn:shopify:params:oauth:token-type:online-access-token"), 400, "invalid_request"},
		"token without an end":  {with("expiring", ""), 400, "invalid_request"},
		"unknown grant":         {with("grant_type", "password"), 400, "unsupported_grant_type"},
		"unknown refresh token": {refresh("shprt_nope"), 400, "invalid_grant"},
	} {
		if status, got := f.oauth(c.body); status != c.status || got.Error != c.says {
			t.Errorf("%s: %d %q, want %d %q", name, status, got.Error, c.status, c.says)
		}
	}
}

func TestTheOldPairLivesUntilTheNewOneIsUsed(t *testing.T) {
	f := start(t, nil)
	first := f.install()
	_, lost := f.oauth(refresh(first.RefreshToken))
	status, second := f.oauth(refresh(first.RefreshToken))
	if status != http.StatusOK || second.RefreshToken == first.RefreshToken || second.AccessToken == lost.AccessToken {
		t.Fatalf("asking again after a lost answer: %d %+v", status, second)
	}
	if !f.opens(first.AccessToken) {
		t.Error("the old access token died before the new one was used")
	}
	if !f.opens(second.AccessToken) {
		t.Fatal("the new access token does not open")
	}
	if status, _ := f.oauth(refresh(first.RefreshToken)); status != http.StatusBadRequest {
		t.Errorf("the old refresh token still works: %d", status)
	}
}

func TestUninstallingKillsTheTokens(t *testing.T) {
	f := start(t, nil)
	_ = f.post("/_sandbox/uninstall", nil, nil).Body.Close()
	if f.opens(f.token) {
		t.Error("the token of an uninstalled app opens")
	}
	if !f.opens(f.install().AccessToken) {
		t.Error("the app cannot be installed again")
	}
}

func TestOAuthCanBeToldToFail(t *testing.T) {
	f := start(t, nil)
	token := f.install().RefreshToken
	f.fault("oauth", "drop_after")
	if res, err := f.tryPost("/admin/oauth/access_token", refresh(token), nil); err == nil {
		_ = res.Body.Close()
		t.Fatal("the answer was not dropped")
	}
	if status, _ := f.oauth(refresh(token)); status != http.StatusOK {
		t.Errorf("after a lost answer: %d", status)
	}
	f.fault("oauth", "http_500")
	res := f.post("/admin/oauth/access_token", refresh(token), nil)
	_ = res.Body.Close()
	if res.StatusCode != http.StatusInternalServerError {
		t.Errorf("ordered 500: %d", res.StatusCode)
	}
}
