package stripe_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	stripego "github.com/stripe/stripe-go/v86"
)

func (b *bench) search(query string) []string {
	b.t.Helper()
	var ids []string
	p := &stripego.PaymentIntentSearchParams{SearchParams: stripego.SearchParams{Query: query}}
	for pi, err := range b.client.V1PaymentIntents.Search(b.t.Context(), p).All(b.t.Context()) {
		if err != nil {
			b.t.Fatalf("search %s: %v", query, err)
		}
		ids = append(ids, pi.ID)
	}
	return ids
}

func TestSearchTrailsByAMinuteAndTheListDoesNot(t *testing.T) {
	b := open(t)
	pi := b.authorize(b.mint(`{}`), 1000, "")
	listed := 0
	params := &stripego.PaymentIntentListParams{CreatedRange: &stripego.RangeQueryParams{GreaterThanOrEqual: pi.Created}}
	for range b.client.V1PaymentIntents.List(t.Context(), params).All(t.Context()) {
		listed++
	}
	if listed != 1 {
		t.Fatalf("listed %d, want 1", listed)
	}
	const query = `metadata["acp_checkout_session"]:"cs_1" AND status:"requires_capture"`
	b.clock.advance(59 * time.Second)
	for _, early := range []string{query, `metadata["acp_checkout_session"]:"cs_1"`} {
		if found := b.search(early); len(found) != 0 {
			t.Fatalf("%s: found %v before the index caught up", early, found)
		}
	}
	b.clock.advance(time.Second)
	if found := b.search(query); len(found) != 1 || found[0] != pi.ID {
		t.Fatalf("found %v, want %s", found, pi.ID)
	}
	if _, err := b.capture(pi.ID, ""); err != nil {
		t.Fatal(err)
	}
	if found := b.search(query); len(found) != 1 {
		t.Fatal("the index knew of the capture at once")
	}
	b.clock.advance(time.Minute)
	if found := b.search(query); len(found) != 0 {
		t.Fatalf("found %v, a minute after it was captured", found)
	}
}

func TestSearchReadsStripesLanguage(t *testing.T) {
	b := open(t)
	for i := range 12 {
		p := charge(b.mint(`{}`), int64(1000+i), "")
		p.Metadata = map[string]string{"n": fmt.Sprint(i % 2), "it's": `"quoted"`}
		if _, err := b.client.V1PaymentIntents.Create(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	b.clock.advance(time.Minute)
	for query, want := range map[string]int{
		`metadata['n']:'1'`:                                6,
		`metadata["n"]:"1" OR metadata["n"]:"0"`:           12,
		`-metadata['n']:'1' amount>1005`:                   3,
		`currency:'usd' AND amount<=1000`:                  1,
		`metadata['it\'s']:'"quoted"'`:                     12,
		`metadata['other']:'1'`:                            0,
		`status:'requires_capture' AND metadata['n']:'10'`: 0,
	} {
		if found := b.search(query); len(found) != want {
			t.Errorf("%s: found %d, want %d", query, len(found), want)
		}
	}
	for _, query := range []string{``, `metadata['n']`, `status:'a' AND`, `status:'a' AND currency:'usd' OR amount=1`, `color:'red'`, `status>'a'`} {
		res, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.url+"/v1/payment_intents/search", nil)
		if err != nil {
			t.Fatal(err)
		}
		res.Header.Set("Authorization", "Bearer "+secretKey)
		res.URL.RawQuery = "query=" + escape(query)
		got, err := http.DefaultClient.Do(res)
		if err != nil {
			t.Fatal(err)
		}
		if status := b.read(got, nil); status != http.StatusBadRequest {
			t.Errorf("%q: status %d, want 400", query, status)
		}
	}
}
