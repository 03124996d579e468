package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

// benchServer is the measured process, seen from the load.
type benchServer struct {
	benchReady
	plain, addressed, moved []byte
}

func startBenchServer(b *testing.B) *benchServer {
	b.Helper()
	dir := b.TempDir()
	cmd := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^TestBenchServer$", "-test.timeout=0")
	cmd.Env = append(os.Environ(), benchFolder+"="+dir)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	s := &benchServer{}
	eventually(b, "the measured process is up", func() bool {
		raw, err := os.ReadFile(filepath.Join(dir, "up"))
		return err == nil && json.Unmarshal(raw, &s.benchReady) == nil
	})
	full := cart(s.Item, 1)
	s.addressed = encoded(b, full)
	moved := map[string]any{"fulfillment_details": full["fulfillment_details"]}
	s.moved = encoded(b, moved)
	plain := maps.Clone(full)
	delete(plain, "fulfillment_details")
	s.plain = encoded(b, plain)
	return s
}

func (s *benchServer) agent(t testing.TB, i int) *benchAgent {
	a := &benchAgent{address: s.App, bare: s.Bare, token: s.Tokens[i], plain: s.plain, addressed: s.addressed, moved: s.moved}
	t.Cleanup(func() {
		if a.conn != nil {
			a.conn.Close()
		}
	})
	return a
}

func (s *benchServer) usage(t testing.TB) (u benchUsage) {
	t.Helper()
	s.control(t, "/usage", &u)
	return u
}

func (s *benchServer) control(t testing.TB, path string, into any) {
	t.Helper()
	resp, err := http.Post("http://"+s.Control+path, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err == nil && into != nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s %v", path, resp.StatusCode, raw, err)
	}
}

// fromMemory answers a question about a cart that it has seen before with what
// the stand-in said then, so that neither the stand-in's own work nor its rate
// limit is measured. The app's whole adapter runs in front of it.
type fromMemory struct {
	next  http.RoundTripper
	calls atomic.Int64
	mu    sync.RWMutex
	known map[string]remembered
}

type remembered struct {
	header http.Header
	body   []byte
}

// RoundTrip implements http.RoundTripper.
func (f *fromMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	f.calls.Add(1)
	if r.Body == nil {
		return f.next.RoundTrip(r)
	}
	asked, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, fmt.Errorf("read request: %w", err)
	}
	if !bytes.Contains(asked, []byte("draftOrderCalculate")) && !bytes.Contains(asked, []byte("draftOrderAvailableDeliveryOptions")) {
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(asked))
		return f.next.RoundTrip(r)
	}
	f.mu.RLock()
	a, ok := f.known[string(asked)]
	f.mu.RUnlock()
	if !ok {
		if a, err = f.ask(r, asked); err != nil {
			return nil, err
		}
	}
	return &http.Response{
		StatusCode: http.StatusOK, Status: "200 OK", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body)), Request: r,
	}, nil
}

func (f *fromMemory) ask(r *http.Request, asked []byte) (remembered, error) {
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(asked))
	resp, err := f.next.RoundTrip(r)
	if err != nil {
		return remembered{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return remembered{}, fmt.Errorf("stand-in answered %d: %w", resp.StatusCode, err)
	}
	a := remembered{header: resp.Header, body: body}
	if !bytes.Contains(body, []byte("THROTTLED")) {
		f.mu.Lock()
		f.known[string(asked)] = a
		f.mu.Unlock()
	}
	return a, nil
}
