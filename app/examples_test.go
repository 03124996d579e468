package app

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/acp/wire/wiretest"
)

// names are what an official example has to call by names that are real here.
type names struct {
	items           []string
	seen            map[string]string // by the example's id
	option, handler string
	token           string
}

// real puts real names into a parsed example; under is the member that holds
// the value, in is the one that holds that.
func (n *names) real(value any, under, in string) any {
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			v[name] = n.real(v[name], name, under)
		}
	case []any:
		for i := range v {
			v[i] = n.real(v[i], under, in)
		}
	case string:
		return n.name(v, under, in)
	}
	return value
}

func (n *names) name(example, under, in string) string {
	switch {
	case under == "item_ids", under == "id" && (in == "items" || in == "line_items"):
		if n.seen[example] == "" {
			n.seen[example] = n.items[len(n.seen)%len(n.items)]
		}
		return n.seen[example]
	case under == "option_id" || under == "fulfillment_option_id":
		return n.option
	case under == "handler_id":
		return n.handler
	case under == "token" && (in == "payment_data" || in == "credential"):
		return n.token
	}
	return example
}

// Every official request that holds against its own schema is answered without
// a 4xx, once it names items, options, handlers and tokens that exist here. Two
// and a half pieces are the exception.
func TestOfficialRequestsAreAnswered(t *testing.T) {
	if testing.Short() {
		t.Skip("sends some hundred requests in five dates: not in short mode")
	}
	if _, present := wiretest.Spec(); !present {
		t.Skip("no official examples")
	}
	for _, version := range wire.Supported() {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			r := startSandbox(t, func(f *sandboxFlags) { f.Products = 40 })
			for _, example := range wiretest.Requests(t, string(version)) {
				t.Run(example.Name, func(t *testing.T) { r.answers(t, version, example) })
			}
		})
	}
}

func (r *running) answers(t *testing.T, version wire.Version, example wiretest.Request) {
	t.Helper()
	n := names{items: r.available(), seen: map[string]string{}, handler: "stripe_card"}
	path := "/checkout_sessions"
	if example.Operation != "create" {
		s := r.payable(t)
		n.items, n.option, path = []string{r.item(t)}, s.dearest(), path+"/"+s.ID
		n.token = r.token(t, s.total(), "pm_card_visa")
	}
	if example.Operation == "complete" || example.Operation == "cancel" {
		path += "/" + example.Operation
	}
	var body any
	if err := json.Unmarshal(example.Body, &body); err != nil {
		t.Fatal(err)
	}
	got := r.insistIn(t, version, path, n.real(body, "", ""))
	if strings.Contains(string(example.Body), "2.5") {
		if got.Status != http.StatusBadRequest || got.Body["param"] != "$.items[0].quantity" {
			t.Errorf("a fraction of a piece: %d %s", got.Status, got.Raw)
		}
		return
	}
	operation := example.Operation
	if strings.Contains(example.Name, "denied") {
		operation = "" // the buyer did not confirm it: answered, but nothing is bought
		if got.Body["status"] != "ready_for_payment" {
			t.Errorf("a denied authentication: %s", got.Raw)
		}
	}
	answeredWell(t, version, operation, got)
}

// insistIn repeats a request while the shop is busy, as its answer asks.
func (r *running) insistIn(t *testing.T, version wire.Version, path string, body any) (last reply) {
	t.Helper()
	key := r.key()
	r.eventually(t, "an answer to "+path, func() bool {
		var err error
		if last, err = exchangeIn(t.Context(), version, http.MethodPost, r.ACPBaseURL+path, r.BearerToken, key, body); err != nil {
			t.Fatal(err)
		}
		return last.Status != http.StatusConflict && last.Status < http.StatusInternalServerError
	})
	return last
}

// answeredWell checks the status and the official schema.
func answeredWell(t *testing.T, version wire.Version, operation string, got reply) {
	t.Helper()
	want := http.StatusOK
	if operation == "create" || operation == "complete" && version == wire.V20250929 {
		want = http.StatusCreated
	}
	if got.Status != want {
		t.Fatalf("%d, want %d: %s", got.Status, want, got.Raw)
	}
	status := map[string]string{"complete": "completed", "cancel": "canceled"}[operation]
	if status != "" && got.Body["status"] != status {
		t.Errorf("%s: %s", operation, got.Raw)
	}
	if operation == "complete" && version == wire.V20250929 {
		return // its schema contradicts itself where there is an order
	}
	wiretest.Validate(t, string(version), "CheckoutSession", []byte(got.Raw))
}

func (r *running) available() []string {
	var ids []string
	for _, it := range r.Items {
		if it.Available {
			ids = append(ids, it.ID)
		}
	}
	return ids
}
