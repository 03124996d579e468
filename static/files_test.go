package static_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/static"
)

func TestFilesAreServedForEverUnderHashedAddresses(t *testing.T) {
	files, err := static.New()
	if err != nil {
		t.Fatal(err)
	}
	for name, kind := range map[string]string{"app.css": "text/css", "dashboard.js": "text/javascript"} {
		address, err := files.URL(name)
		if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`^/static/[a-z]+\.[0-9a-f]{12}\.(css|js)$`).MatchString(address) {
			t.Errorf("address %q", address)
		}
		w := httptest.NewRecorder()
		files.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
		if w.Code != http.StatusOK || w.Body.Len() == 0 || !strings.HasPrefix(w.Header().Get("Content-Type"), kind) ||
			!strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", name, w.Code, w.Header())
		}
	}
	for _, unknown := range []string{"/static/app.css", "/static/app.000000000000.css", "/static/../files.go"} {
		w := httptest.NewRecorder()
		files.ServeHTTP(w, httptest.NewRequest(http.MethodGet, unknown, nil))
		if w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", unknown, w.Code)
		}
	}
	if _, err := files.URL("missing.css"); err == nil {
		t.Error("a link to nothing")
	}
}
