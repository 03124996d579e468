package handlers_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/handlers"
)

// browser starts the system's Chromium, without a network of its own.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := os.Getenv("TEST_CHROMIUM")
	if path == "" {
		path = "/usr/bin/chromium"
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no browser at %s (set TEST_CHROMIUM)", path)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"))
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

// sight is what one page must look like at every width.
type sight struct {
	name     string
	path     string
	texts    []string
	language string // that the browser asks for; empty: its own
}

// TestPageInBrowser draws the pages in a real browser on a phone and on a
// desk: nothing may stick out sideways, and what matters must be visible.
// $SCREENSHOTS names a folder to keep the pictures in.
func TestPageInBrowser(t *testing.T) {
	ctx := browser(t)
	folder := os.Getenv("SCREENSHOTS")
	if folder == "" {
		folder = t.TempDir()
	}
	busy, empty, ended := openInBrowser(t), openInBrowser(t), openInBrowser(t)
	busy.books.sales = busySales(busy.clock.Now())
	troubled := open(t, func(c *handlers.Config) {
		c.AppBridgeURL, c.PolarisURL = "http://127.0.0.1:1/app-bridge.js", "http://127.0.0.1:1/polaris.js"
		c.MayDelegate = func(acp.Merchant) bool { return true }
	})
	troubled.troubled()
	expired := ended.link()
	ended.clock.advance(2 * time.Hour)
	home := "/?shop=" + shop + "&id_token=" + staffToken
	for _, test := range []struct {
		bridge *bridge
		sight
	}{
		{busy, sight{name: "dashboard", path: home, texts: []string{"Sales by AI agents", "41,234.50 USD", "#1042", "Needs your attention", "Up to date", "Parlor"}}},
		{troubled, sight{name: "matters", path: home, texts: []string{"Money that needs you", "disputes this payment", "Answer by", "bank transfer", "Hold the goods back", "tag the order"}}},
		{empty, sight{name: "empty", path: home, texts: []string{"No orders yet", "No sessions yet", "has not been read yet"}}},
		{empty, sight{name: "link", path: "/go/nothing", texts: []string{"This link leads nowhere"}}},
		{ended, sight{name: "expired", path: expired, texts: []string{"This checkout has expired", "Open the cart at Demo Shop", "Go to Demo Shop"}}},
		{ended, sight{name: "expired-de", path: expired, texts: []string{"Dieser Einkauf ist abgelaufen", "Warenkorb bei Demo Shop öffnen"}, language: "de"}},
		{ended, sight{name: "expired-ja", path: expired, texts: []string{"期限切れ", "Demo Shopでカートを開く"}, language: "ja"}},
		{empty, sight{name: "welcome", path: "/", texts: []string{"ACP Bridge", "Shopify admin"}}},
		{empty, sight{name: "guide", path: "/acp", texts: []string{"How to call this server", "A purchase in four calls", "Order events", "hmac.compare_digest"}}},
	} {
		server := httptest.NewServer(asking(test.language, test.bridge.handler))
		for width, height := range map[int64]int64{375: 812, 1280: 900} {
			look(t, ctx, server.URL, folder, test.sight, width, height)
		}
		server.Close()
	}
}

// asking is a handler as a browser of a language sees it.
func asking(language string, next http.Handler) http.Handler {
	if language == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Accept-Language", language)
		next.ServeHTTP(w, r)
	})
}

func look(t *testing.T, ctx context.Context, base, folder string, s sight, width, height int64) {
	t.Helper()
	err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height), chromedp.Navigate(base+s.path))
	if err != nil {
		t.Fatalf("%s at %d: %v", s.name, width, err)
	}
	visible := must(chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`)))
	for _, text := range s.texts {
		if !strings.Contains(visible, text) {
			t.Errorf("%s at %d lacks %q in:\n%s", s.name, width, text, visible)
		}
	}
	if wide := must(chromedp.Run(ctx, chromedp.Evaluate[int64](`document.documentElement.scrollWidth`))); wide > width {
		t.Errorf("%s at %d is %d wide", s.name, width, wide)
	}
	picture := must(chromedp.Run(ctx, chromedp.FullScreenshot(100)))
	file := filepath.Join(folder, s.name+map[bool]string{true: "-phone.png", false: "-desk.png"}[width < 600])
	if err := os.WriteFile(file, picture, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestStaffWorkInTheBrowser adds an agent, presses the button that reads the
// catalog, revokes the agent and meets a failure, with the page's own script
// under its own policy.
func TestStaffWorkInTheBrowser(t *testing.T) {
	ctx := browser(t)
	b := openInBrowser(t)
	server := httptest.NewServer(b.handler)
	defer server.Close()
	do := func(what string, steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	do("open", chromedp.EmulateViewport(1280, 900), chromedp.Navigate(server.URL+"/?shop="+shop+"&id_token="+staffToken))
	// The first token that App Bridge gives has run out.
	signIn := `window.asked = 0; window.shopify = { idToken: async () => window.asked++ ? "` + staffToken + `" : "expired" }; true`
	must(chromedp.Run(ctx, chromedp.Evaluate[bool](signIn)))
	do("add an agent",
		chromedp.SendKeys(chromedp.CSS("#agent-name"), "Helm"),
		chromedp.Click(chromedp.CSS("form.fields .button-primary")),
		chromedp.WaitVisible(chromedp.CSS("#key-token")))
	token := must(chromedp.Run(ctx, chromedp.Evaluate[string](`document.getElementById("key-token").value`)))
	wantStatus(t, b.agent("POST", sessions, oneScarf, "Authorization", "Bearer "+token), 201)
	if folder := os.Getenv("SCREENSHOTS"); folder != "" {
		picture := must(chromedp.Run(ctx, chromedp.FullScreenshot(100)))
		if err := os.WriteFile(filepath.Join(folder, "keys-desk.png"), picture, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	do("have its requests signed",
		chromedp.Click(chromedp.CSS(`.rows details:not(.revoke) summary`)),
		chromedp.SetValue(chromedp.CSS(`.rows select[name="signatures"]`), "log"),
		chromedp.Click(chromedp.CSS(`.rows form[action$="/signatures"] button`)), chromedp.WaitVisible(chromedp.CSS("#key-request")))
	if folder := os.Getenv("SCREENSHOTS"); folder != "" {
		picture := must(chromedp.Run(ctx, chromedp.FullScreenshot(100)))
		if err := os.WriteFile(filepath.Join(folder, "signatures-desk.png"), picture, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	do("read the catalog",
		chromedp.Click(chromedp.CSS(`form[action="/app/mirror"] button`)), chromedp.WaitVisible(chromedp.CSS(`.badge-running`)))
	if text := must(chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerHTML`))); strings.Contains(text, token) {
		t.Error("the key is still on the page")
	}
	do("revoke",
		chromedp.Click(chromedp.CSS(`.rows .revoke summary`)), chromedp.Click(chromedp.CSS(`.rows .revoke .button-critical`)),
		chromedp.WaitVisible(chromedp.CSS(`details.revoked`)))
	b.books.breakDown(errors.New("database away"))
	do("meet a failure",
		chromedp.SendKeys(chromedp.CSS("#agent-name"), "Third"), chromedp.Click(chromedp.CSS("form.fields .button-primary")),
		chromedp.WaitVisible(chromedp.CSS("form.fields [data-failed]")))
	kept := must(chromedp.Run(ctx, chromedp.Evaluate[string](`document.getElementById("agent-name").value`)))
	if kept != "Third" {
		t.Errorf("what was filled in became %q", kept)
	}
}

// polaris stands in for Shopify's script: components that draw their own
// heading around what is in them.
const polaris = `for (const name of ["s-page", "s-section"]) customElements.define(name, class extends HTMLElement {
	connectedCallback() {
		this.style.display = "block";
		this.attachShadow({ mode: "open" }).innerHTML = "<h2></h2><slot></slot>";
		this.shadowRoot.querySelector("h2").textContent = this.getAttribute("heading");
	}
}); true`

func TestShopifysComponentsTakeTheHeadingsOver(t *testing.T) {
	ctx := browser(t)
	server := httptest.NewServer(openInBrowser(t).handler)
	defer server.Close()
	shown := chromedp.Evaluate[int64](`[...document.querySelectorAll(".plain")].filter((h) => h.checkVisibility()).length`)
	err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(server.URL+"/?shop="+shop+"&id_token="+staffToken))
	if err != nil {
		t.Fatal(err)
	}
	if n := must(chromedp.Run(ctx, shown)); n != 6 {
		t.Errorf("%d headings without components", n)
	}
	must(chromedp.Run(ctx, chromedp.Evaluate[bool](polaris)))
	if n := must(chromedp.Run(ctx, shown)); n != 0 {
		t.Errorf("%d headings are doubled", n)
	}
}

// openInBrowser opens a bridge whose page loads no script from outside.
func openInBrowser(t *testing.T) *bridge {
	t.Helper()
	return open(t, func(c *handlers.Config) {
		c.AppBridgeURL, c.PolarisURL = "http://127.0.0.1:1/app-bridge.js", "http://127.0.0.1:1/polaris.js"
	})
}

// busySales is a month with something of everything.
func busySales(now time.Time) *acp.Sales {
	sale := func(name, agent string, amount int64, status acp.OrderStatus, ago time.Duration) acp.Sale {
		return acp.Sale{
			OrderID: "gid://shopify/Order/" + name[1:], Name: name, Agent: agent, Status: status, Paid: true, HandOff: true,
			Total: acp.Money{Amount: amount, Currency: "usd"}, PlacedAt: now.Add(-ago),
		}
	}
	refunded := sale("#1039", "A rather long agent name, Incorporated", 1234567, acp.OrderFulfilled, 72*time.Hour)
	refunded.Refunded = 5000
	pending := sale("#1041", "Helm", 4998, acp.OrderCreated, 3*time.Hour)
	pending.Paid, pending.HandOff = false, false
	return &acp.Sales{
		Orders: 1042, Revenue: acp.Money{Amount: 4123450}, Sessions: 8311, Finished: 1042, DeadEvents: 3,
		Latest: []acp.Sale{
			sale("#1042", "Parlor", 8995, acp.OrderConfirmed, time.Hour), pending,
			sale("#1040", "Parlor", 12000, acp.OrderShipped, 26*time.Hour), refunded,
			sale("#1038", "Parlor", 2599, acp.OrderCanceled, 96*time.Hour),
		},
		Mirror: acp.Mirror{State: acp.MirrorCurrent, Products: 1204, Items: 5317, FinishedAt: now.Add(-5 * time.Hour), StartedAt: now.Add(-6 * time.Hour)},
	}
}
