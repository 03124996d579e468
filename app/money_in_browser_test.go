package app

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestStaffReadWhatTheBooksDisagreeAbout opens the dashboard of a shop whose
// books disagree, on a phone and on a desk. $SCREENSHOTS names a folder to
// keep the pictures in.
func TestStaffReadWhatTheBooksDisagreeAbout(t *testing.T) {
	if testing.Short() {
		t.Skip("several sales and a browser: not in short mode")
	}
	t.Parallel()
	path := chromium(t)
	b := startBooks(t, "")
	refunded, canceled, clean := b.sell(t), b.sell(t), b.sell(t)
	for _, s := range []sale{refunded, canceled, clean} {
		b.settled(t, s)
	}
	b.stripe(t, "/v1/refunds", url.Values{"payment_intent": {refunded.payment}, "amount": {"500"}})
	b.deed(t, canceled, "cancel")
	b.reserve(t, "cs_from_before_the_restore", 1, "manual")
	b.advance(time.Hour)
	if err := b.s.bridge.releaseOrphans(t.Context(), orphansLast); err != nil {
		t.Fatal(err)
	}
	compared := b.compare(t).Run.Compared
	b.ahead.Store(0) // the admin signs its tokens by the real time
	ctx := browser(t, path)
	folder := os.Getenv("SCREENSHOTS")
	if folder == "" {
		folder = t.TempDir()
	}
	for name, size := range map[string][2]int64{"money-phone.png": {375, 2600}, "money-desk.png": {1280, 2000}} {
		text := openAdmin(t, ctx, b.AdminURL, size)
		for _, want := range []string{
			"Needs your attention", "The books disagree", fmt.Sprintf("%d payments", compared), "Order #1001 says 0.00 USD refunded, Stripe says 5.00 USD",
			"Order #1002 is canceled, Stripe still holds", "Stripe holds 12.00 USD for a checkout that this app does not know",
			"Refund the same in the one that says less.", "Compare now", "Latest payments (1)",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q:\n%s", name, want, text)
			}
		}
		const unfold = `(() => { const d = document.querySelector("iframe").contentDocument;
			d.querySelectorAll("#money details").forEach((s) => { s.open = true });
			return d.documentElement.scrollWidth <= d.documentElement.clientWidth && d.body.innerText.includes("Refunded") })()`
		fits, err := chromedp.Run(ctx, chromedp.Evaluate[bool](unfold))
		if err != nil {
			t.Fatal(err)
		}
		if !fits {
			t.Errorf("%s: wider than the screen, or the story is not told", name)
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
