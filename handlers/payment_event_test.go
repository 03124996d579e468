package handlers_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

const eventPath = "/payments/bank/events"

// kept is the one payment event of these tests as the inbox has it.
func (b *bridge) kept() (acp.Delivery, bool) {
	b.t.Helper()
	d, err := b.books.Delivery(b.t.Context(), "m_1", "evt_1")
	if err != nil && acp.KindOf(err) != acp.KindNotFound {
		b.t.Fatal(err)
	}
	return d, err == nil
}

func TestASignedPaymentEventIsStoredOnceForTheShopOfTheAccount(t *testing.T) {
	b := open(t)
	for _, body := range []string{"captured", "refunded"} { // the same id: the same event
		wantStatus(t, b.call(http.MethodPost, eventPath, body, "Bank-Signature", goodSigned, "X-Shopify-Shop-Domain", "other.myshopify.com"), http.StatusOK)
	}
	if d, ok := b.kept(); !ok || d.Topic != "bank/captured" || d.Merchant != "m_1" {
		t.Errorf("stored %+v", d)
	}
}

func TestAPaymentEventThatIsNotRightIsNotStored(t *testing.T) {
	for name, test := range map[string]struct {
		path, signature, body string
		status                int
	}{
		"forged":                     {eventPath, "forged", "captured", 401},
		"unsigned":                   {eventPath, "", "captured", 401},
		"unreadable":                 {eventPath, goodSigned, "", 400},
		"too large":                  {eventPath, goodSigned, strings.Repeat("x", 2<<20+1), 413},
		"of no concern":              {eventPath, goodSigned, "weather", 200},
		"for an unknown provider":    {"/payments/stripe/events", goodSigned, "captured", 404},
		"with the shop's own secret": {"/webhooks/payments/bank/events", goodSigned, "captured", 401},
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t)
			wantStatus(t, b.call(http.MethodPost, test.path, test.body, "Bank-Signature", test.signature), test.status)
			if d, ok := b.kept(); ok {
				t.Errorf("stored %+v", d)
			}
		})
	}
}

func TestAPaymentEventThatCannotBeStoredComesAgain(t *testing.T) {
	b := open(t)
	b.books.breakDown(errors.New("disk full"))
	wantStatus(t, b.call(http.MethodPost, eventPath, "captured", "Bank-Signature", goodSigned), http.StatusServiceUnavailable)
}
