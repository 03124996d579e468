package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/handlers"
)

const staffToken = goodStaff + shop

// staff posts a form as the page's script does.
func (b *bridge) staff(path, form string) *httptest.ResponseRecorder {
	return b.call(http.MethodPost, path, form, "Authorization", "Bearer "+staffToken, "Content-Type", "application/x-www-form-urlencoded")
}

func TestStaffSeeTheirShopsDashboard(t *testing.T) {
	b := open(t)
	b.books.sales = &acp.Sales{
		Orders: 2, Revenue: acp.Money{Amount: 123450}, Sessions: 8, Finished: 2,
		Latest: []acp.Sale{{
			OrderID: "gid://shopify/Order/5001", Name: "#1001", Agent: "Parlor", Total: acp.Money{Amount: 120000, Currency: "usd"},
			Status: acp.OrderConfirmed, Paid: true, PlacedAt: time.Date(2026, 11, 21, 3, 30, 0, 0, time.UTC),
		}},
	}
	w := b.call(http.MethodGet, "/?embedded=1&shop="+shop+"&id_token="+staffToken, "")
	wantStatus(t, w, http.StatusOK)
	for _, text := range []string{
		"1,234.50 USD", "25.0 %", "#1001", `href="https://admin.shopify.com/store/demo/orders/5001" target="_top"`,
		"20 Nov 2026, 22:30", publicURL + "/feeds/" + feedToken + ".jsonl.gz", publicURL + "/acp", "Parlor",
		`<meta name="shopify-api-key" content="client-id">`,
	} {
		if !strings.Contains(w.Body.String(), text) {
			t.Errorf("page lacks %q", text)
		}
	}
	first := regexp.MustCompile(`<script[^>]*>`).FindString(w.Body.String())
	if !strings.Contains(first, "app-bridge.js") || strings.Contains(first, "async") || strings.Contains(first, "defer") {
		t.Errorf("first script is %s", first)
	}
}

func TestThePageMayBeFramedByItsOwnShopOnly(t *testing.T) {
	b := open(t)
	other := "other.myshopify.com"
	b.books.settle(t, "m_2", other, "other-feed", b.clock.Now())
	for _, domain := range []string{shop, other} {
		w := b.call(http.MethodGet, "/?shop=evil.myshopify.com&id_token="+goodStaff+domain, "")
		wantStatus(t, w, http.StatusOK)
		policy := w.Header().Get("Content-Security-Policy")
		if !strings.Contains(policy, "frame-ancestors https://"+domain+" https://admin.shopify.com") || strings.Contains(policy, "evil") {
			t.Errorf("policy of %s: %s", domain, policy)
		}
		if !strings.Contains(policy, "script-src 'self' https://cdn.shopify.com;") || strings.Contains(policy, "unsafe-eval") {
			t.Errorf("policy %s", policy)
		}
		if w.Header().Get("X-Frame-Options") != "" {
			t.Error("X-Frame-Options would keep the admin out")
		}
	}
}

func TestAForgedShopDoesNotReachAHeader(t *testing.T) {
	b := open(t)
	for _, forged := range []string{"evil.example", "demo.myshopify.com.evil.example", "demo.myshopify.com%20https://evil.example"} {
		w := b.call(http.MethodGet, "/auth/session-token?shop="+forged+"&shopify-reload="+url.QueryEscape(publicURL+"/"), "")
		wantStatus(t, w, http.StatusOK)
		if strings.Contains(w.Header().Get("Content-Security-Policy"), "evil") {
			t.Errorf("policy %s", w.Header().Get("Content-Security-Policy"))
		}
	}
}

func TestADocumentWithoutAValidTokenIsSentForOneOnce(t *testing.T) {
	b := open(t)
	for _, query := range []string{
		"/?embedded=1&shop=" + shop + "&host=aG9zdA", "/?embedded=1&shop=" + shop + "&id_token=forged", "/?id_token=expired&shop=" + shop,
	} {
		w := b.call(http.MethodGet, query, "")
		wantStatus(t, w, http.StatusFound)
		to := must(url.Parse(w.Header().Get("Location")))
		reload := must(url.Parse(to.Query().Get("shopify-reload")))
		if to.Path != "/auth/session-token" || !strings.HasPrefix(reload.String(), publicURL+"/?") || reload.Query().Get("shop") != shop {
			t.Errorf("sent to %s", to)
		}
		if strings.Contains(to.String(), "id_token") {
			t.Error("the bad token is kept")
		}
		page := b.call(http.MethodGet, to.String(), "")
		wantPage(t, page, http.StatusOK, "app-bridge.js")
		if !strings.Contains(page.Header().Get("Content-Security-Policy"), "frame-ancestors https://"+shop+" ") {
			t.Errorf("policy %s", page.Header().Get("Content-Security-Policy"))
		}
		again := b.call(http.MethodGet, "/?"+reload.RawQuery+"&id_token=forged", "")
		wantPage(t, again, http.StatusUnauthorized, "not accepted")
		b.clock.advance(time.Minute)
		wantStatus(t, b.call(http.MethodGet, "/?"+reload.RawQuery+"&id_token=expired", ""), http.StatusFound)
	}
}

func TestTheBouncePageReloadsNothingForeign(t *testing.T) {
	b := open(t)
	for _, foreign := range []string{"https://evil.example/", publicURL + ".evil.example/", "", "javascript:alert(1)"} {
		w := b.call(http.MethodGet, "/auth/session-token?shop="+shop+"&shopify-reload="+url.QueryEscape(foreign), "")
		wantStatus(t, w, http.StatusBadRequest)
		if strings.Contains(w.Body.String(), "app-bridge.js") {
			t.Errorf("%q is reloaded", foreign)
		}
	}
}

func TestAFetchWithoutAValidTokenIsToldToRetry(t *testing.T) {
	b := open(t)
	for _, w := range []*httptest.ResponseRecorder{
		b.call(http.MethodGet, "/", "", "Authorization", "Bearer forged"),
		b.call(http.MethodPost, "/app/mirror", "", "Authorization", "Bearer expired"),
		b.call(http.MethodPost, "/app/connections", "name=x"),
		b.call(http.MethodPost, "/app/mirror?id_token="+staffToken, ""),
	} {
		wantStatus(t, w, http.StatusUnauthorized)
		if w.Header().Get("X-Shopify-Retry-Invalid-Session-Request") != "1" {
			t.Errorf("headers %v", w.Header())
		}
	}
}

func TestAVisitorReadsWhatThisIs(t *testing.T) {
	b := open(t)
	wantPage(t, b.call(http.MethodGet, "/", ""), http.StatusOK, "Shopify admin")
	wantPage(t, b.call(http.MethodGet, "/auth/callback?shop="+shop+"&hmac=forged", ""), http.StatusOK, "Shopify admin")
	wantPage(t, b.call(http.MethodGet, "/auth/callback?shop=evil.example&hmac="+goodSigned, ""), http.StatusOK, "Shopify admin")
	w := b.call(http.MethodGet, "/auth/callback?hmac="+goodSigned+"&shop="+shop, "")
	wantStatus(t, w, http.StatusFound)
	if w.Header().Get("Location") != "https://admin.shopify.com/store/demo/apps/client-id" {
		t.Errorf("led to %s", w.Header().Get("Location"))
	}
}

func TestOpeningTheAppInstallsTheShop(t *testing.T) {
	b := openEmpty(t)
	wantPage(t, b.call(http.MethodGet, "/?shop="+shop+"&id_token="+staffToken, ""), http.StatusOK, "Demo Shop")
	if mirror := must(b.books.Mirror(t.Context(), b.merchant().ID)); mirror.State != acp.MirrorRunning {
		t.Errorf("the mirror is %q", mirror.State)
	}
}

func TestAShopThatCannotBeOpenedIsExplained(t *testing.T) {
	for name, err := range map[string]error{
		"Shopify out of reach": &acp.Error{Kind: acp.KindUnavailable, Message: "dial tcp secret"}, "defect": errors.New("secret"),
	} {
		t.Run(name, func(t *testing.T) {
			b := openEmpty(t)
			b.shop.failing("exchange", err)
			w := b.call(http.MethodGet, "/?shop="+shop+"&id_token="+staffToken, "")
			wantPage(t, w, http.StatusServiceUnavailable, "could not be opened")
			if strings.Contains(w.Body.String(), "secret") {
				t.Error("the page tells what broke")
			}
			if w = b.staff("/app/mirror", ""); w.Code < 500 || strings.Contains(w.Body.String(), "secret") {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	t.Run("token that Shopify refuses", func(t *testing.T) {
		b := openEmpty(t)
		b.shop.failing("exchange", &acp.Error{Kind: acp.KindUnauthorized, Message: "invalid_subject_token"})
		wantStatus(t, b.call(http.MethodGet, "/?shop="+shop+"&id_token="+staffToken, ""), http.StatusFound)
	})
}

var keyField = regexp.MustCompile(`id="key-(?:token|secret)" value="([^"]+)"`)

func TestKeysAreShownOnceAndThenWork(t *testing.T) {
	b := open(t)
	w := b.staff("/app/connections", "name=Helm&completion=handoff&event_url=https%3A%2F%2Fagent.example%2Fevents")
	wantPage(t, w, http.StatusOK, "Keys for Helm")
	keys := keyField.FindAllStringSubmatch(w.Body.String(), -1)
	if len(keys) != 2 {
		t.Fatalf("keys %v", keys)
	}
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, "Authorization", "Bearer "+keys[0][1]), http.StatusCreated)
	for _, later := range []*httptest.ResponseRecorder{
		b.call(http.MethodGet, "/?id_token="+staffToken, ""), b.staff("/app/mirror", ""),
	} {
		if strings.Contains(later.Body.String(), keys[0][1]) || strings.Contains(later.Body.String(), keys[1][1]) {
			t.Error("a key is shown again")
		}
	}
	for _, key := range keys {
		if strings.Contains(b.log.String(), key[1]) {
			t.Error("a key is in the log")
		}
	}
}

func TestARevokedConnectionIsShutOut(t *testing.T) {
	b := open(t)
	list := must(b.books.Connections(t.Context(), "m_1"))
	wantPage(t, b.staff("/app/connections/"+string(list[0].ID)+"/revoke", ""), http.StatusOK, "Revoked (1)")
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf), http.StatusUnauthorized)
	wantPage(t, b.staff("/app/connections/con_unknown/revoke", ""), http.StatusUnprocessableEntity, "does not exist")
}

func TestAnotherShopsConnectionCannotBeRevoked(t *testing.T) {
	b := open(t)
	b.books.settle(t, "m_2", "other.myshopify.com", "other-feed", b.clock.Now())
	list := must(b.books.Connections(t.Context(), "m_1"))
	w := b.call(http.MethodPost, "/app/connections/"+string(list[0].ID)+"/revoke", "", "Authorization", "Bearer "+goodStaff+"other.myshopify.com")
	wantStatus(t, w, http.StatusUnprocessableEntity)
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf), http.StatusCreated)
}

func TestAFormThatIsWrongIsShownAgain(t *testing.T) {
	b := open(t)
	w := b.staff("/app/connections", "name=&completion=handoff")
	wantPage(t, w, http.StatusUnprocessableEntity, `aria-invalid="true"`)
	w = b.staff("/app/connections", "name=Helm&completion=handoff&event_url=ftp%3A%2F%2Fagent.example")
	wantPage(t, w, http.StatusUnprocessableEntity, "https addresses only")
	if !strings.Contains(w.Body.String(), `value="Helm"`) || !strings.Contains(w.Body.String(), `value="ftp://agent.example"`) {
		t.Error("what was filled in is lost")
	}
}

func TestPaymentByTokenCanOnlyBeChosenWhereItIsAllowed(t *testing.T) {
	b := open(t)
	wantPage(t, b.staff("/app/completion", "completion=delegated"), http.StatusUnprocessableEntity, "custom distribution")
	if b.merchant().Completion != acp.HandOff {
		t.Error("it was chosen all the same")
	}
	allowed := open(t, func(c *handlers.Config) { c.MayDelegate = func(acp.Merchant) bool { return true } })
	allowed.access.MayDelegate = func(acp.Merchant) bool { return true }
	w := allowed.staff("/app/completion", "completion=delegated")
	wantPage(t, w, http.StatusOK, `value="delegated" checked`)
	if allowed.merchant().Completion != acp.Delegated {
		t.Error("the choice was not kept")
	}
}

func TestStaffCanHaveTheCatalogReadAgain(t *testing.T) {
	b := open(t)
	wantPage(t, b.staff("/app/mirror", ""), http.StatusOK, "Being read")
	if mirror := must(b.books.Mirror(t.Context(), b.merchant().ID)); mirror.State != acp.MirrorRunning {
		t.Errorf("the mirror is %q", mirror.State)
	}
}

func TestStaffCanHaveTheBooksComparedAtOnce(t *testing.T) {
	b := open(t)
	wantStatus(t, b.staff("/app/reconcile", ""), http.StatusNotFound) // without a payment provider
	var asked acp.MerchantID
	var failure error
	able := open(t, func(c *handlers.Config) {
		c.MayDelegate = func(acp.Merchant) bool { return true }
		c.CompareSoon = func(_ context.Context, m acp.MerchantID) error { asked = m; return failure }
	})
	wantPage(t, able.staff("/app/reconcile", ""), http.StatusOK, "are being compared")
	if asked != able.merchant().ID {
		t.Errorf("compared %q", asked)
	}
	failure = &acp.Error{Kind: acp.KindInFlight, Message: "the payments are being compared"}
	wantPage(t, able.staff("/app/reconcile", ""), http.StatusOK, "are being compared")
}
