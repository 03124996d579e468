package app

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/acp-bridge/acp-bridge/sandbox/walkthrough"
)

// chromium is where the system's browser is.
func chromium(t *testing.T) string {
	t.Helper()
	path := os.Getenv("TEST_CHROMIUM")
	if path == "" {
		path = "/usr/bin/chromium"
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no browser at %s (set TEST_CHROMIUM)", path)
	}
	return path
}

// browser starts a Chromium, without a network of its own. Its web security is
// off so that the test can look into the embedded frame.
func browser(t *testing.T, path string) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WSURLReadTimeout(patience),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-web-security", true), chromedp.Flag("disable-site-isolation-trials", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"))
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

// TestStaffSeeBothSalesInTheirAdmin plays both purchases and then opens the
// miniature admin as staff do, on a phone and on a desk. $SCREENSHOTS names a
// folder to keep the pictures in.
func TestStaffSeeBothSalesInTheirAdmin(t *testing.T) {
	inFull(t)
	t.Parallel()
	path := chromium(t)
	r := startSandbox(t, nil)
	if err := walkthrough.Run(t.Context(), r.Ready, io.Discard); err != nil {
		t.Fatal(err)
	}
	ctx := browser(t, path)
	folder := os.Getenv("SCREENSHOTS")
	if folder == "" {
		folder = t.TempDir()
	}
	for name, size := range map[string][2]int64{"admin-phone.png": {375, 812}, "admin-desk.png": {1280, 1400}} {
		text := openAdmin(t, ctx, r.AdminURL, size)
		for _, want := range []string{"Sales by AI agents", "#1001", "#1002", "Sandbox agent (pays by token)", "Sandbox agent (hands over)", "100.0 %"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q:\n%s", name, want, text)
			}
		}
		picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), picture, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// openAdmin returns what can be read in the embedded app.
func openAdmin(t *testing.T, ctx context.Context, url string, size [2]int64) string {
	t.Helper()
	const read = `(() => { const f = document.querySelector("iframe"); return f && f.contentDocument && f.contentDocument.body ? f.contentDocument.body.innerText : "" })()`
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(size[0], size[1]), chromedp.Navigate(url)); err != nil {
		t.Fatal(err)
	}
	var text string
	new(running).eventually(t, "the app is shown in the admin", func() bool {
		var err error
		if text, err = chromedp.Run(ctx, chromedp.Evaluate[string](read)); err != nil {
			t.Fatal(err)
		}
		return strings.Contains(text, "Latest orders")
	})
	return text
}
