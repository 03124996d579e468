package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/sandbox/walkthrough"
)

// running is a sandbox inside the test's process.
type running struct {
	walkthrough.Ready
	stop func() error
	keys atomic.Int64
}

// startSandbox runs the product with its stand-ins until the test ends.
func startSandbox(t *testing.T, change func(*sandboxFlags)) *running {
	t.Helper()
	f := smallSandbox(t)
	if change != nil {
		change(&f)
	}
	toml, err := os.ReadFile("../shopify.app.toml")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	up, ended := make(chan walkthrough.Ready, 1), make(chan error, 1)
	go func() {
		ended <- runSandbox(ctx, f, toml, io.Discard, testWriter{t}, func(r walkthrough.Ready) { up <- r })
	}()
	r := &running{stop: func() error { cancel(); return <-ended }}
	select {
	case r.Ready = <-up:
	case err := <-ended:
		t.Fatalf("the sandbox did not come up: %v", err)
	}
	t.Cleanup(func() {
		cancel()
		select {
		case <-ended:
		case <-time.After(patience):
			t.Error("the sandbox did not stop")
		}
	})
	return r
}

// pollJobs: looking for jobs is most of what the race detector slows down in a
// sandbox that waits.
func pollJobs() time.Duration {
	if raceDetector {
		return 150 * time.Millisecond
	}
	return 0
}

// smallSandbox sells a few things, from a folder of its own.
func smallSandbox(t *testing.T) sandboxFlags {
	return sandboxFlags{
		Listen: "127.0.0.1:0", ListenShopify: "127.0.0.1:0", ListenStripe: "127.0.0.1:0", ListenTill: "127.0.0.1:0", ListenAgent: "127.0.0.1:0",
		Data: dataFolder(t), Products: 12, Seed: 1, Currency: "usd", Verbose: true,
		pollJobs: pollJobs(), patience: requestPatience,
	}
}

// requestPatience is the longest that requests can wait: beyond it another
// worker carries their work on.
const requestPatience = runBudget - 10*time.Second

// testWriter shows the log of a failing test.
type testWriter struct{ t *testing.T }

func (w testWriter) Write(line []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(line)))
	return len(line), nil
}

// reply is an HTTP answer with its JSON.
type reply struct {
	Status int
	Header http.Header
	Body   map[string]any
	Raw    string
}

func (r *running) send(t *testing.T, method, url, token, key string, body any) reply {
	t.Helper()
	answer, err := exchange(t.Context(), method, url, token, key, body)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// exchange sends one request in the newest version.
func exchange(ctx context.Context, method, url, token, key string, body any) (reply, error) {
	return exchangeIn(ctx, wire.Newest(), method, url, token, key, body)
}

// exchangeIn sends one request; a body that is no text is encoded as JSON.
func exchangeIn(ctx context.Context, version wire.Version, method, url, token, key string, body any) (reply, error) {
	raw, ok := body.(string)
	if !ok && body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return reply{}, err
		}
		raw = string(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(raw))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("API-Version", string(version))
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	read, err := io.ReadAll(resp.Body)
	if err != nil {
		return reply{}, err
	}
	answer := reply{Status: resp.StatusCode, Header: resp.Header, Raw: string(read)}
	d := json.NewDecoder(bytes.NewReader(read))
	d.UseNumber()
	if strings.Contains(resp.Header.Get("Content-Type"), "json") {
		if err := d.Decode(&answer.Body); err != nil {
			return reply{}, fmt.Errorf("%s %s answered %q: %w", method, url, read, err)
		}
	}
	return answer, nil
}

// post calls the app as the agent that pays by token, with a fresh key.
func (r *running) post(t *testing.T, path string, body any) reply {
	t.Helper()
	return r.send(t, http.MethodPost, r.ACPBaseURL+path, r.BearerToken, r.key(), body)
}

func (r *running) key() string { return fmt.Sprintf("test-key-%d", r.keys.Add(1)) }

// lasting is how often something fails until it is mended.
const lasting = 1000

// fault orders a stand-in to fail.
func (r *running) fault(t *testing.T, standIn, operation, mode string, times int) {
	t.Helper()
	got := r.send(t, http.MethodPost, standIn+"/_sandbox/faults", "", "",
		map[string]any{"operation": operation, "mode": mode, "times": times})
	if got.Status >= 300 {
		t.Fatalf("fault %s %s: %d %s", operation, mode, got.Status, got.Raw)
	}
}

// mended takes back the failures that a stand-in was ordered.
func (r *running) mended(t *testing.T, standIn string) {
	t.Helper()
	if got := r.send(t, http.MethodDelete, standIn+"/_sandbox/faults", "", "", nil); got.Status != http.StatusOK {
		t.Fatalf("take faults back: %d %s", got.Status, got.Raw)
	}
}

// decode reads the body into a shape.
func (a reply) decode(t *testing.T, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.Raw), into); err != nil {
		t.Fatalf("%v in %s", err, a.Raw)
	}
}

func TestSandboxOncePlaysEveryPurchase(t *testing.T) {
	for _, shop := range []struct {
		name   string
		change func(*sandboxFlags)
	}{
		{"in dollars, tax added", func(*sandboxFlags) {}},
		{"in yen, tax included", func(f *sandboxFlags) { f.Currency, f.TaxesIncluded = "jpy", true }},
		{"from a merchant's export", func(f *sandboxFlags) { f.Catalog = writeExport(t) }},
	} {
		t.Run(shop.name, func(t *testing.T) {
			if testing.Short() && shop.name != "in dollars, tax added" {
				t.Skip("one shop is enough in short mode")
			}
			toml, err := os.ReadFile("../shopify.app.toml")
			if err != nil {
				t.Fatal(err)
			}
			f := sandboxFlags{
				Listen: "127.0.0.1:0", ListenShopify: "127.0.0.1:0", ListenStripe: "127.0.0.1:0", ListenTill: "127.0.0.1:0", ListenAgent: "127.0.0.1:0",
				Products: 25, Seed: 1, Currency: "usd", Once: true, patience: requestPatience,
			}
			shop.change(&f)
			var out bytes.Buffer
			if err := runSandbox(t.Context(), f, toml, &out, testWriter{t}, func(walkthrough.Ready) {}); err != nil {
				t.Fatalf("%v\n%s", err, out.String())
			}
			if !strings.Contains(out.String(), "steps held") {
				t.Errorf("no transcript: %s", out.String())
			}
		})
	}
}

// writeExport writes a small product export as Shopify makes it.
func writeExport(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export.csv")
	rows := "Handle,Title,Body (HTML),Vendor,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Requires Shipping,Variant Taxable,Image Src,Status\n" +
		"mug,Blue mug,<p>Holds tea.</p>,Northline,true,Title,Default Title,MUG,shopify,20,deny,18.00,true,true,https://example.com/mug.png,active\n" +
		"bowl,Bowl,<p>Holds soup.</p>,Northline,true,Size,Small,BOWL-S,shopify,20,deny,24.50,true,true,https://example.com/bowl.png,active\n" +
		"bowl,,,,,,Large,BOWL-L,shopify,0,deny,31.50,true,true,,\n"
	if err := os.WriteFile(path, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// inFull leaves a test of many seconds to the full run, where another stands for
// its subject in the short one.
func inFull(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes many seconds; the full run plays it")
	}
}
