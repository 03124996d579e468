package app

import (
	"fmt"
	"net/http"
	"regexp"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp/wire"
	"github.com/acp-bridge/acp-bridge/acp/wire/wiretest"
)

const (
	somewhere = `{"name":"Ada Lovelace","line_one":"1 Main Street","city":"San Francisco","state":"CA","country":"US","postal_code":"94131"}`
	ada       = `{"first_name":"Ada","last_name":"Lovelace","email":"ada@example.com"}`
)

// speech are the bodies of one purchase in the words of a date.
type speech struct{ create, choose, pay string }

// speechOf takes verbs: %[1]s an item, an option, a token.
func speechOf(v wire.Version) speech {
	older := `{"payment_data":{"token":%q,"provider":"stripe"}}`
	switch {
	case v.Before(wire.V20251212):
		return speech{
			create: `{"items":[{"id":%q,"quantity":1}],"buyer":` + ada + `,"fulfillment_address":` + somewhere + `}`,
			choose: `{"fulfillment_option_id":%q}`, pay: older,
		}
	case v.Before(wire.V20260130):
		return speech{
			create: `{"items":[{"id":%q,"quantity":1}],"buyer":` + ada + `,"fulfillment_details":{"address":` + somewhere + `}}`,
			choose: `{"selected_fulfillment_options":[{"type":"shipping","shipping":{"option_id":%q,"item_ids":[]}}]}`, pay: older,
		}
	default:
		return speech{
			create: `{"currency":"usd","capabilities":{},"line_items":[{"id":%q,"quantity":1}],"buyer":` + ada +
				`,"fulfillment_details":{"address":` + somewhere + `}}`,
			choose: `{"selected_fulfillment_options":[{"type":"shipping","option_id":%q,"item_ids":[]}]}`,
			pay:    `{"payment_data":{"handler_id":"stripe_card","instrument":{"type":"card","credential":{"type":"spt","token":%q}}}}`,
		}
	}
}

func TestAnAgentOfAnyDateBuys(t *testing.T) {
	for _, version := range append(wire.Supported(), wire.V20250912) {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			if testing.Short() && version != wire.V20250929 && version != wire.V20260417 {
				t.Skip("the oldest and the newest date stand for those between in short mode")
			}
			r := startSandbox(t, nil)
			words := speechOf(version)
			var s checkoutSession
			ask := func(status int, path, body string) {
				t.Helper()
				got := r.insistIn(t, version, path, body)
				if got.decode(t, &s); got.Status != status || got.Header.Get("API-Version") != string(version) {
					t.Fatalf("%s: %d %s", path, got.Status, got.Raw)
				}
				if s.Order == nil {
					wiretest.Validate(t, string(version.Released()), "CheckoutSession", []byte(got.Raw))
				}
			}
			ask(http.StatusCreated, "/checkout_sessions", fmt.Sprintf(words.create, r.item(t)))
			first := s.total()
			ask(http.StatusOK, "/checkout_sessions/"+s.ID, fmt.Sprintf(words.choose, s.dearest()))
			if s.Status != "ready_for_payment" || s.total() == first {
				t.Fatalf("the dearer option: %+v after %d", s, first)
			}
			placed := http.StatusOK
			if version.Released() == wire.V20250929 {
				placed = http.StatusCreated
			}
			ask(placed, "/checkout_sessions/"+s.ID+"/complete", fmt.Sprintf(words.pay, r.token(t, s.total(), "pm_card_visa")))
			if s.Status != "completed" || s.Order == nil || s.Order.ID == "" {
				t.Fatalf("completed: %+v", s)
			}
			r.soldOnce(t, s)
		})
	}
}

// A date that knows no continue_url tells the buyer's link in a message.
func TestAnAgentOfAnOlderDateHandsItsBuyerOver(t *testing.T) {
	inFull(t)
	t.Parallel()
	r := startSandbox(t, nil)
	link := regexp.MustCompile(regexp.QuoteMeta(r.AppURL) + `/go/[A-Za-z0-9]+`)
	for _, version := range []wire.Version{wire.V20250929, wire.V20251212, wire.V20260116} {
		got, err := exchangeIn(t.Context(), version, http.MethodPost, r.ACPBaseURL+"/checkout_sessions", r.HandoffBearerToken, r.key(),
			fmt.Sprintf(speechOf(version).create, r.item(t)))
		if err != nil {
			t.Fatal(err)
		}
		if got.Status != http.StatusCreated || got.Body["status"] != "not_ready_for_payment" {
			t.Fatalf("%s: %d %s", version, got.Status, got.Raw)
		}
		wiretest.Validate(t, string(version), "CheckoutSession", []byte(got.Raw))
		url := link.FindString(got.Raw)
		if followed := r.send(t, http.MethodGet, url, "", "", nil); followed.Status != http.StatusSeeOther && followed.Status != http.StatusFound {
			t.Errorf("%s: %q led to %d", version, url, followed.Status)
		}
	}
}
