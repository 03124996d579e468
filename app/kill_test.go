package app

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// process is a sandbox in a process of its own, which can be killed.
type process struct {
	binary, data string
	cmd          *exec.Cmd
}

func buildSandbox(t *testing.T) *process {
	t.Helper()
	if testing.Short() {
		t.Skip("builds and kills real processes: not in short mode")
	}
	p := &process{binary: filepath.Join(t.TempDir(), "acp-bridge"), data: t.TempDir()}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", p.binary, "..")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	t.Cleanup(func() { p.kill(t) })
	return p
}

// start runs the sandbox on its folder and waits until it is up.
func (p *process) start(t *testing.T) *running {
	t.Helper()
	ready := filepath.Join(t.TempDir(), "ready.json")
	p.cmd = exec.CommandContext(t.Context(), p.binary, "sandbox", "--listen", "127.0.0.1:0", "--data", p.data, "--ready", ready, "--products", "12")
	p.cmd.Stderr = testWriter{t}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := &running{}
	r.eventually(t, "the sandbox is up", func() bool {
		raw, err := os.ReadFile(ready)
		return err == nil && json.Unmarshal(raw, &r.Ready) == nil
	})
	r.keys.Store(time.Now().UnixNano())
	return r
}

// kill is kill -9.
func (p *process) kill(t *testing.T) {
	t.Helper()
	if p.cmd == nil || p.cmd.Process == nil || p.cmd.ProcessState != nil {
		return
	}
	if err := p.cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	p.cmd.Wait() //nolint:errcheck // it says "killed"
}

func TestAKilledSandboxComesBackAsItWas(t *testing.T) {
	p := buildSandbox(t)
	first := p.start(t)
	open, sold := first.payable(t), first.payable(t)
	first.insist(t, "/checkout_sessions/"+sold.ID+"/complete", first.key(), payment(first.token(t, sold.total(), "pm_card_visa")))
	first.soldOnce(t, sold)
	p.kill(t)

	again := p.start(t)
	if again.BearerToken != first.BearerToken || again.FeedURL != first.FeedURL || again.AppURL != first.AppURL {
		t.Errorf("keys or addresses changed: %+v, then %+v", first.Ready, again.Ready)
	}
	for id, want := range map[string]string{open.ID: "ready_for_payment", sold.ID: "completed"} {
		var s checkoutSession
		got := again.send(t, http.MethodGet, again.ACPBaseURL+"/checkout_sessions/"+id, again.BearerToken, "", nil)
		if got.decode(t, &s); s.Status != want {
			t.Errorf("session is %q after the kill, want %q: %s", s.Status, want, got.Raw)
		}
	}
	again.soldOnce(t, sold)
	if feed := again.send(t, http.MethodGet, again.FeedURL, "", "", nil); feed.Status != http.StatusOK || len(feed.Raw) < 1000 {
		t.Errorf("feed after the kill: %d, %d bytes", feed.Status, len(feed.Raw))
	}
}

func TestACheckoutKilledHalfWayIsCarriedOn(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{"draftOrderCreate", "draftOrderComplete", "order"} {
		t.Run("killed during "+operation, func(t *testing.T) {
			t.Parallel()
			p := buildSandbox(t)
			r := p.start(t)
			s := r.payable(t)
			token := r.token(t, s.total(), "pm_card_visa")
			before := r.shop(t).Calls[operation]
			r.send(t, http.MethodPost, r.ShopifyURL+"/_sandbox/faults", "", "",
				map[string]any{"operation": operation, "mode": "delay", "times": 1, "delay_ms": 60000})
			r.cutOff(t, "/checkout_sessions/"+s.ID+"/complete", payment(token))
			r.eventually(t, operation+" is under way", func() bool {
				return r.shop(t).Calls[operation] > before || r.authorized(t)
			})
			p.kill(t)
			r = p.start(t)
			r.eventually(t, "the session is completed", func() bool {
				got := r.send(t, http.MethodGet, r.ACPBaseURL+"/checkout_sessions/"+s.ID, r.BearerToken, "", nil)
				got.decode(t, &s)
				return s.Status == "completed"
			})
			r.soldOnce(t, s)
		})
	}
}

// cutOff sends a request and does not wait for its answer.
func (r *running) cutOff(t *testing.T, path string, body any) {
	t.Helper()
	ready := r.Ready
	key := r.key()
	go func() {
		raw, err := json.Marshal(body)
		if err != nil {
			return
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, ready.ACPBaseURL+path, bytes.NewReader(raw))
		if err != nil {
			return
		}
		req.Header.Set("API-Version", "2026-04-17")
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer "+ready.BearerToken)
		req.Header.Set("Idempotency-Key", key)
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
		}
	}()
}

// authorized reports whether money is reserved.
func (r *running) authorized(t *testing.T) bool {
	t.Helper()
	for _, p := range r.money(t).Payments {
		if p.Capturable > 0 {
			return true
		}
	}
	return false
}
