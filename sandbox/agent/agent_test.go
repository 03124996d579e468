package agent_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/agent"
)

const (
	secret = "whsec_agent"
	hook   = "/agentic_checkout/webhooks/order_events/conn_1"
	order  = `{"type":"order_create","data":{"type":"order","checkout_session_id":"cs_1"}}`
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

type bench struct {
	t      *testing.T
	url    string
	server *agent.Server
	client *http.Client
}

func open(t *testing.T, cfg agent.Config) *bench {
	t.Helper()
	cfg.Now = func() time.Time { return noon }
	cfg.Log = slog.New(slog.DiscardHandler)
	server, err := agent.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(server.Handler())
	t.Cleanup(srv.Close)
	t.Cleanup(func() { _ = server.Close(context.Background()) })
	return &bench{t, srv.URL, server, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
}

func sign(key, body string, at time.Time) string {
	mac := hmac.New(sha256.New, []byte(key))
	fmt.Fprintf(mac, "%d.%s", at.Unix(), body)
	return fmt.Sprintf("t=%d,v1=%s", at.Unix(), hex.EncodeToString(mac.Sum(nil)))
}

// send answers the response with its body decoded; both are zero when the connection broke.
func (b *bench) send(method, path, body string, headers ...string) (*http.Response, map[string]any) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := b.client.Do(req)
	if err != nil {
		return nil, nil
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	var decoded map[string]any
	_ = json.Unmarshal(raw, &decoded)
	return res, decoded
}

type state struct {
	Events []agent.Event `json:"events"`
	Feeds  []agent.Push  `json:"feeds"`
}

func (b *bench) state(query string) state {
	b.t.Helper()
	res, err := b.client.Get(b.url + "/_sandbox/state" + query)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	var st state
	if err := json.NewDecoder(res.Body).Decode(&st); err != nil {
		b.t.Fatal(err)
	}
	return st
}

func TestASignedEventIsKeptWordForWord(t *testing.T) {
	b := open(t, agent.Config{Secret: secret})
	body := `{"type":"order_create",  "data":{"title":"Größe <b>&</b> 靴"}}` + "\n"
	res, answer := b.send(http.MethodPost, hook, body, "Merchant-Signature", sign(secret, body, noon), "Request-Id", "req_mine")
	if res.StatusCode != http.StatusOK || answer["received"] != true || answer["request_id"] != "req_mine" {
		t.Fatalf("status %d: %v", res.StatusCode, answer)
	}
	e := b.state("").Events[0]
	if e.Body != body || !e.SignatureValid || e.Path != hook || !e.ReceivedAt.Equal(noon) || e.Headers["Request-Id"][0] != "req_mine" {
		t.Fatalf("kept: %+v", e)
	}
}

func TestABadSignatureIsRefusedAndStillKept(t *testing.T) {
	b := open(t, agent.Config{Secret: secret})
	for name, header := range map[string]string{
		"missing":         "",
		"malformed":       "v1=abc",
		"other secret":    sign("other", order, noon),
		"other body":      sign(secret, order+" ", noon),
		"from the past":   sign(secret, order, noon.Add(-301*time.Second)),
		"from the future": sign(secret, order, noon.Add(301*time.Second)),
	} {
		var headers []string
		if header != "" {
			headers = []string{"Merchant-Signature", header}
		}
		res, answer := b.send(http.MethodPost, hook, order, headers...)
		if res.StatusCode != http.StatusUnauthorized || answer["type"] != "invalid_request" || answer["code"] != "invalid_signature" {
			t.Errorf("%s: status %d %v", name, res.StatusCode, answer)
		}
	}
	kept := b.state("").Events
	if len(kept) != 6 {
		t.Fatalf("kept %d, want 6", len(kept))
	}
	for _, e := range kept {
		if e.SignatureValid || e.Status != http.StatusUnauthorized {
			t.Errorf("kept as valid: %+v", e)
		}
	}
	if res, _ := b.send(http.MethodPost, hook, order, "Merchant-Signature", sign(secret, order, noon.Add(-300*time.Second))); res.StatusCode != http.StatusOK {
		t.Errorf("at the edge of the window: status %d", res.StatusCode)
	}
}

func TestWithoutASecretNothingIsVerifiedAndUnknownTypesAreTaken(t *testing.T) {
	b := open(t, agent.Config{})
	if res, _ := b.send(http.MethodPost, "/agentic_checkout/webhooks/order_events", `{"type":"order_sings","data":{}}`); res.StatusCode != http.StatusOK {
		t.Fatalf("status %d", res.StatusCode)
	}
	for _, body := range []string{``, `[]`, `{"type":"order_create"}`, `{"data":{}}`, `{"type":"order_create","data":[]}`} {
		if res, answer := b.send(http.MethodPost, hook, body); res.StatusCode != http.StatusBadRequest || answer["code"] != "invalid_payload" {
			t.Errorf("%s: status %d %v", body, res.StatusCode, answer)
		}
	}
	if b.state("").Events[0].SignatureValid {
		t.Error("an unverified signature counts as valid")
	}
}

func TestAnEventCanBeLostBeforeOrAfterItArrived(t *testing.T) {
	for mode, want := range map[string]struct{ status, kept int }{
		"drop_before": {0, 0},
		"drop_after":  {0, 1},
		"http_500":    {http.StatusInternalServerError, 0},
		"throttle":    {http.StatusTooManyRequests, 0},
		"user_error":  {http.StatusBadRequest, 0},
		"garbage":     {http.StatusOK, 0},
		"delay":       {http.StatusOK, 1},
	} {
		b := open(t, agent.Config{})
		b.send(http.MethodPost, "/_sandbox/faults", `{"operation":"order_events","mode":"`+mode+`","delay_ms":1}`)
		res, answer := b.send(http.MethodPost, hook, order)
		status := 0
		if res != nil {
			status = res.StatusCode
		}
		if status != want.status || len(b.state("").Events) != want.kept {
			t.Errorf("%s: status %d, kept %d, want %+v", mode, status, len(b.state("").Events), want)
		}
		if mode == "throttle" && res.Header.Get("Retry-After") == "" {
			t.Error("throttled without Retry-After")
		}
		if mode == "garbage" && answer != nil {
			t.Error("garbage could be read")
		}
		if res, _ := b.send(http.MethodPost, hook, order); res.StatusCode != http.StatusOK {
			t.Errorf("%s: the next one fails too: %d", mode, res.StatusCode)
		}
	}
}

func TestWaitingEndsWithTheEventThatWasWaitedFor(t *testing.T) {
	b := open(t, agent.Config{})
	b.send(http.MethodPost, hook, order)
	list, changed := b.server.Events()
	if len(list) != 1 {
		t.Fatalf("%d events, want 1", len(list))
	}
	sent := make(chan error, 1)
	go func() {
		res, err := b.client.Post(b.url+hook, "application/json", strings.NewReader(order))
		if err == nil {
			_ = res.Body.Close()
		}
		sent <- err
	}()
	if got := b.state("?wait=30s&min_events=2").Events; len(got) != 2 {
		t.Fatalf("%d events, want 2", len(got))
	}
	<-changed
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
	if got := b.state("?wait=10ms&min_events=3").Events; len(got) != 2 {
		t.Fatalf("%d events after the wait, want 2", len(got))
	}
	for _, query := range []string{"?wait=soon", "?wait=2h", "?wait=-1s", "?min_events=-1", "?min_events=x"} {
		if res, _ := b.send(http.MethodGet, "/_sandbox/state"+query, ""); res.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: status %d, want 400", query, res.StatusCode)
		}
	}
}

func TestClosingEndsAWait(t *testing.T) {
	b := open(t, agent.Config{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		if res, err := b.client.Get(b.url + "/_sandbox/state?wait=60s&min_events=1"); err == nil {
			_ = res.Body.Close()
		}
	}()
	if err := b.server.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("the wait outlived the server")
	}
}

func TestFeedsAreCreatedFilledAndKept(t *testing.T) {
	b := open(t, agent.Config{})
	res, made := b.send(http.MethodPost, "/feeds", `{"target_country":"US"}`)
	id, _ := made["id"].(string)
	if res.StatusCode != http.StatusCreated || id == "" {
		t.Fatalf("create: %d %v", res.StatusCode, made)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, `{"products":[{"id":"p1"},{"id":"p2"}]}`)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := "/feeds/" + id + "/products"
	if res, answer := b.send(http.MethodPatch, path, packed.String(), "Content-Encoding", "gzip"); res.StatusCode != http.StatusOK || answer["accepted"] != true {
		t.Fatalf("push: %d %v", res.StatusCode, answer)
	}
	if p := b.state("").Feeds[1]; p.Products != 2 || p.Path != path || !strings.HasPrefix(p.Body, `{"products"`) || p.Size != packed.Len() {
		t.Fatalf("kept: %+v", p)
	}
	if res, _ := b.send(http.MethodGet, "/feeds/"+id, ""); res.StatusCode != http.StatusOK {
		t.Fatalf("show: %d", res.StatusCode)
	}
	if res, _ := b.send(http.MethodPost, "/feeds/upload/products.csv", "id,title\n"); res.StatusCode != http.StatusOK {
		t.Fatalf("file: %d", res.StatusCode)
	}
	for body, status := range map[string]int{`{"products":[]}`: 400, `{"products":[{"title":"x"}]}`: 400, `nonsense`: 400} {
		if res, _ := b.send(http.MethodPatch, path, body); res.StatusCode != status {
			t.Errorf("%s: status %d", body, res.StatusCode)
		}
	}
	if res, answer := b.send(http.MethodPatch, "/feeds/feed_unknown/products", `{}`); res.StatusCode != http.StatusNotFound || answer["code"] != "feed_not_found" {
		t.Errorf("unknown feed: %d %v", res.StatusCode, answer)
	}
	if res, _ := b.send(http.MethodPost, "/feeds", `{"target_country":"USA"}`); res.StatusCode != http.StatusBadRequest {
		t.Errorf("bad country: %d", res.StatusCode)
	}
	b.send(http.MethodPost, "/_sandbox/faults", `{"operation":"feeds","mode":"throttle"}`)
	if res, _ := b.send(http.MethodPatch, path, `{"products":[{"id":"p1"}]}`); res.StatusCode != http.StatusTooManyRequests {
		t.Errorf("throttled push: %d", res.StatusCode)
	}
}

func TestTheBooksOutliveTheProcess(t *testing.T) {
	dir := t.TempDir()
	before := open(t, agent.Config{Dir: dir})
	before.send(http.MethodPost, hook, order)
	_, made := before.send(http.MethodPost, "/feeds", `{}`)
	after := open(t, agent.Config{Dir: dir}) // the first one is not closed: kill -9 closes nothing
	if st := after.state(""); len(st.Events) != 1 || st.Events[0].Body != order || len(st.Feeds) != 1 {
		t.Fatalf("kept: %+v", st)
	}
	if res, _ := after.send(http.MethodGet, fmt.Sprint("/feeds/", made["id"]), ""); res.StatusCode != http.StatusOK {
		t.Fatalf("feed: %d", res.StatusCode)
	}
}

func TestALargeEventIsRefused(t *testing.T) {
	b := open(t, agent.Config{})
	if res, _ := b.send(http.MethodPost, hook, strings.Repeat(" ", 1<<20+1)); res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Fatalf("status %d", res.StatusCode)
	}
	if n := len(b.state("").Events); n != 0 {
		t.Fatalf("kept %d", n)
	}
}

func TestMissingConfigurationIsNamed(t *testing.T) {
	_, err := agent.New(agent.Config{})
	if err == nil || !strings.Contains(err.Error(), "Now") || !strings.Contains(err.Error(), "Log") {
		t.Fatalf("got %v", err)
	}
}
