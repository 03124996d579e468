package standin_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/sandbox/standin"
)

func TestAnOrderedFaultIsTakenAsOftenAsItSays(t *testing.T) {
	faults := standin.NewFaults("capture")
	srv := httptest.NewServer(faults.Handler())
	defer srv.Close()
	res := post(t, srv.URL, `{"operation":"capture","mode":"delay","times":2,"delay_ms":5}`)
	if res.StatusCode != http.StatusOK {
		t.Fatalf("order: status %d", res.StatusCode)
	}
	for range 2 {
		if f, ok := faults.Take("capture"); !ok || f.Mode != standin.Delay || f.DelayMS != 5 {
			t.Fatalf("take: %+v %v", f, ok)
		}
	}
	if _, ok := faults.Take("capture"); ok {
		t.Fatal("a third call failed although two were ordered")
	}
}

func TestAFaultThatWasTakenBackDoesNotCome(t *testing.T) {
	faults := standin.NewFaults("capture")
	srv := httptest.NewServer(faults.Handler())
	defer srv.Close()
	post(t, srv.URL, `{"operation":"capture","mode":"http_500","times":9}`)
	released := faults.Released()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, srv.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if f, ok := faults.Take("capture"); ok || res.StatusCode != http.StatusOK {
		t.Errorf("status %d, left %+v", res.StatusCode, f)
	}
	select {
	case <-released:
	default:
		t.Error("a call that is delayed waits on")
	}
	select {
	case <-faults.Released():
		t.Error("the next delay would end before it begins")
	default:
	}
}

func TestARequestBringsItsOwnFault(t *testing.T) {
	faults := standin.NewFaults("capture")
	if err := faults.Add(standin.Fault{Operation: "capture", Mode: standin.Delay}); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	for _, header := range []string{standin.Throttle, "explode"} {
		r.Header.Set(standin.FaultHeader, header)
		want := map[string]string{standin.Throttle: standin.Throttle, "explode": standin.Delay}[header]
		if f, ok := faults.For(r, "capture"); !ok || f.Mode != want {
			t.Errorf("%s: %+v %v, want %s", header, f, ok, want)
		}
	}
	if n := len(faults.Pending()); n != 0 {
		t.Errorf("%d faults pending, want none", n)
	}
}

func TestAFaultNobodyKnowsIsRefused(t *testing.T) {
	faults := standin.NewFaults("capture")
	srv := httptest.NewServer(faults.Handler())
	defer srv.Close()
	for name, body := range map[string]string{
		"unknown mode":      `{"operation":"capture","mode":"explode"}`,
		"unknown operation": `{"operation":"refund","mode":"delay"}`,
		"unknown field":     `{"operation":"capture","mode":"delay","time":2}`,
		"negative count":    `{"operation":"capture","mode":"delay","times":-1}`,
		"not JSON":          `mode=delay`,
	} {
		if res := post(t, srv.URL, body); res.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: status %d, want 400", name, res.StatusCode)
		}
	}
	if n := len(faults.Pending()); n != 0 {
		t.Errorf("%d faults pending, want none", n)
	}
}

func TestDropClosesTheConnectionWithoutAnAnswer(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { standin.Drop(w) }))
	defer srv.Close()
	res, err := http.Get(srv.URL) //nolint:noctx // one call to a local server
	if err == nil {
		_ = res.Body.Close()
		t.Fatalf("got status %d, want a closed connection", res.StatusCode)
	}
}

func TestBooksComeBackAsTheyWereSaved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "books.json")
	var got map[string]int64
	if found, err := standin.Load(path, &got); found || err != nil {
		t.Fatalf("load before save: %v %v", found, err)
	}
	want := int64(9007199254740993)
	if err := standin.Save(path, map[string]int64{"id": want}); err != nil {
		t.Fatal(err)
	}
	if found, err := standin.Load(path, &got); !found || err != nil || got["id"] != want {
		t.Fatalf("load: %v %v %v", got, found, err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Fatalf("files left: %v %v", left, err)
	}
}

func TestBrokenBooksAreAnErrorNotAnEmptyShop(t *testing.T) {
	path := filepath.Join(t.TempDir(), "books.json")
	if err := os.WriteFile(path, []byte(`{"id":`), 0o600); err != nil {
		t.Fatal(err)
	}
	var got map[string]int64
	if found, err := standin.Load(path, &got); err == nil || found {
		t.Fatal("half-written books were accepted")
	}
}

func post(t *testing.T, url, body string) *http.Response {
	t.Helper()
	res, err := http.Post(url, "application/json", strings.NewReader(body)) //nolint:noctx // one call to a local server
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res
}
