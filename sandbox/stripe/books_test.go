package stripe_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v86/webhook"

	"github.com/acp-bridge/acp-bridge/sandbox/stripe"
)

func escape(s string) string { return url.QueryEscape(s) }

func TestTheBooksOutliveTheProcess(t *testing.T) {
	dir := t.TempDir()
	keep := func(c *stripe.Config) { c.Dir = dir }
	before := open(t, keep)
	spt := before.mint(`{}`)
	first := before.authorize(spt, 1000, "k")

	after := open(t, keep) // the first one is not closed: kill -9 closes nothing
	again := after.authorize(spt, 1000, "k")
	if again.ID != first.ID || string(again.LastResponse.RawJSON) != string(first.LastResponse.RawJSON) {
		t.Fatal("the key was lost with the process")
	}
	if p := after.state().Payments; len(p) != 1 || p[0].Metadata["acp_checkout_session"] != "cs_1" || p[0].Capturable != 1000 {
		t.Fatalf("payments: %+v", p)
	}
	if _, err := after.capture(first.ID, ""); err != nil {
		t.Fatal(err)
	}
}

func TestBrokenBooksStopTheStart(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "stripe.json"), []byte(`{"tok`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := stripe.New(stripe.Config{SecretKey: "k", Dir: dir, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err == nil || !strings.Contains(err.Error(), "decode books") {
		t.Fatalf("started on broken books: %v", err)
	}
}

func TestMissingConfigurationIsNamed(t *testing.T) {
	_, err := stripe.New(stripe.Config{WebhookURL: func() string { return "" }})
	if err == nil {
		t.Fatal("started with nothing")
	}
	for _, name := range []string{"SecretKey", "Now", "Log", "WebhookSecret"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%v does not name %s", err, name)
		}
	}
}

func TestEventsAreSignedAndSentAgainUntilTheyAreTaken(t *testing.T) {
	const secret = "whsec_sandbox"
	type delivery struct {
		kind string
		err  error
	}
	got := make(chan delivery, 10)
	refusals := make(chan struct{}, 1)
	refusals <- struct{}{} // the first delivery fails
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-refusals:
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		default:
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			got <- delivery{err: err}
			return
		}
		event, err := webhook.ConstructEventWithTolerance(body, r.Header.Get("Stripe-Signature"), secret, 100*365*24*time.Hour)
		got <- delivery{string(event.Type), err}
	}))
	defer receiver.Close()
	b := open(t, func(c *stripe.Config) {
		c.WebhookURL = func() string { return receiver.URL }
		c.WebhookSecret = secret
	})
	pi := b.authorize(b.mint(`{}`), 1000, "")
	if _, err := b.capture(pi.ID, ""); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{ // the fourth is overtaken
		"payment_intent.created", "shared_payment.granted_token.deactivated", "payment_intent.amount_capturable_updated", "payment_intent.succeeded",
	} {
		select {
		case d := <-got:
			if d.kind != want || d.err != nil {
				t.Fatalf("got %s (%v), want %s", d.kind, d.err, want)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%s never came", want)
		}
	}
	if err := b.server.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestAnEventWaitsForAnAddressAndOutlivesTheProcess(t *testing.T) {
	got := make(chan string, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		got <- string(body)
	}))
	defer receiver.Close()
	dir := t.TempDir()
	asked := make(chan struct{}, 1)
	before := open(t, func(c *stripe.Config) {
		c.Dir, c.WebhookSecret = dir, "whsec_sandbox"
		c.WebhookURL = func() string {
			select {
			case asked <- struct{}{}:
			default:
			}
			return ""
		}
	})
	pi := before.authorize(before.mint(`{}`), 1000, "")
	<-asked
	if err := before.server.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	open(t, func(c *stripe.Config) {
		c.Dir, c.WebhookSecret = dir, "whsec_sandbox"
		c.WebhookURL = func() string { return receiver.URL }
	})
	select {
	case body := <-got:
		if !strings.Contains(body, pi.ID) {
			t.Fatalf("another event came: %s", body)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the event was lost with the process")
	}
}
