package handlers_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/acp-bridge/acp-bridge/handlers"
)

func TestAFeedIsServedInItsFormats(t *testing.T) {
	b := open(t)
	for file, want := range map[string]struct{ kind, content string }{
		"feed-token.jsonl":    {"application/x-ndjson", "jsonl of 101\n"},
		"feed-token.csv":      {"text/csv; charset=utf-8", "csv of 101\n"},
		"feed-token.jsonl.gz": {"application/gzip", "jsonl of 101\n"},
		"feed-token.csv.gz":   {"application/gzip", "csv of 101\n"},
	} {
		w := b.call(http.MethodGet, "/feeds/"+file, "")
		wantStatus(t, w, http.StatusOK)
		var body io.Reader = w.Body
		if want.kind == "application/gzip" {
			body = must(gzip.NewReader(w.Body))
		}
		if got := string(must(io.ReadAll(body))); got != want.content || w.Header().Get("Content-Type") != want.kind {
			t.Errorf("%s: %q as %s", file, got, w.Header().Get("Content-Type"))
		}
		if w.Header().Get("X-Robots-Tag") != "noindex" {
			t.Errorf("%s may be indexed", file)
		}
		head := b.call(http.MethodHead, "/feeds/"+file, "")
		if head.Code != http.StatusOK || head.Body.Len() != 0 || head.Header().Get("Content-Type") != want.kind {
			t.Errorf("HEAD of %s: %d, %d bytes", file, head.Code, head.Body.Len())
		}
	}
}

func TestAnUnknownFeedIsNotFound(t *testing.T) {
	b := open(t)
	for _, file := range []string{"other.jsonl", "other.csv.gz", "feed-token.xml", "feed-token", ".jsonl", "feed-token.jsonl.zip"} {
		wantStatus(t, b.call(http.MethodGet, "/feeds/"+file, ""), http.StatusNotFound)
		wantStatus(t, b.call(http.MethodHead, "/feeds/"+file, ""), http.StatusNotFound)
	}
}

func TestAnEmptyFeedIsAFileWithoutLines(t *testing.T) {
	b := open(t, func(c *handlers.Config) {
		c.WriteFeed = func(context.Context, string, string, io.Writer) error { return nil }
	})
	w := b.call(http.MethodGet, "/feeds/feed-token.jsonl.gz", "")
	wantStatus(t, w, http.StatusOK)
	if got := must(io.ReadAll(must(gzip.NewReader(w.Body)))); len(got) != 0 {
		t.Errorf("%q", got)
	}
}

func TestAFeedThatBreaksOffIsNotTakenForWhole(t *testing.T) {
	b := open(t, func(c *handlers.Config) {
		c.WriteFeed = func(_ context.Context, _, _ string, w io.Writer) error {
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				return err
			}
			return errors.New("database went away")
		}
	})
	server := httptest.NewServer(b.handler)
	defer server.Close()
	for _, file := range []string{"feed-token.jsonl", "feed-token.jsonl.gz"} {
		answer, err := http.Get(server.URL + "/feeds/" + file)
		if err != nil {
			continue // cut before the header went out
		}
		_, err = io.ReadAll(answer.Body)
		if err == nil {
			t.Errorf("%s reads as if it were whole", file)
		}
		if err := answer.Body.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestAFeedThatCannotBeReadIsUnavailable(t *testing.T) {
	b := open(t, func(c *handlers.Config) {
		c.WriteFeed = func(context.Context, string, string, io.Writer) error { return errors.New("database went away") }
	})
	w := b.call(http.MethodGet, "/feeds/feed-token.jsonl", "")
	wantStatus(t, w, http.StatusServiceUnavailable)
	if w.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}
