package shopify_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestACartPermalinkShowsWhatWouldBeBought(t *testing.T) {
	f := start(t, nil)
	number := func(sku string) string {
		id := f.variants()[sku]
		return id[strings.LastIndex(id, "/")+1:]
	}
	mug, book := number("MUG"), number("EB")
	status, page := f.page(fmt.Sprintf("/cart/%s:2,%s:1?attributes%%5Bacp_cart_id%%5D=cart_1&note=soon&utm_source=x&ref=y", mug, book))
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, page)
	}
	for _, want := range []string{"Mug", "2 × 12.99 USD", "E-book", "34.98 USD", "acp_cart_id", "cart_1", "soon"} {
		if !strings.Contains(page, want) {
			t.Errorf("lacks %q: %s", want, page)
		}
	}
	for name, lines := range map[string]string{
		"unknown": "1:1", "more than there is": mug + ":101", "no quantity": mug, "nothing": mug + ":0", "garbage": "mug:1",
		"one of two": mug + ":1,1:1",
	} {
		if status, _ := f.page("/cart/" + lines); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, status)
		}
	}
}
