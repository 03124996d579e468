package wire_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
)

type shownMessage struct{ Type, Code, Param, Content string }

func messagesIn(t *testing.T, version wire.Version, s acp.Session, link string) []shownMessage {
	t.Helper()
	body, err := wire.EncodeSession(version, wire.View{Session: s, Merchant: demoMerchant(), ContinueURL: link, Language: "de"})
	if err != nil {
		t.Fatal(err)
	}
	validSession(t, version, body)
	var shown struct{ Messages []shownMessage }
	if err := json.Unmarshal(body, &shown); err != nil {
		t.Fatal(err)
	}
	return shown.Messages
}

// Older dates have fewer words, and other names for what a message is about.
func TestOlderDatesSayWhatTheyHaveWordsFor(t *testing.T) {
	for name, c := range map[string]struct {
		version wire.Version
		said    acp.Message
		want    shownMessage
	}{
		"few left": {
			wire.V20260116,
			acp.Message{Type: acp.Problem, Code: acp.CodeQuantityExceeded, Param: "$.line_items[1].quantity"},
			shownMessage{Type: "error", Code: "out_of_stock", Param: "$.line_items[1].item.quantity"},
		},
		"sold out": {
			wire.V20251212,
			acp.Message{Type: acp.Problem, Code: acp.CodeOutOfStock, Param: "$.line_items[0]"},
			shownMessage{Type: "error", Code: "out_of_stock", Param: "$.line_items[0]"},
		},
		"nowhere to ship": {
			wire.V20250929,
			acp.Message{Type: acp.Problem, Code: acp.CodeRegionRestricted, Param: "$.fulfillment_details.address"},
			shownMessage{Type: "error", Code: "invalid", Param: "$.fulfillment_address"},
		},
		"no way chosen": {
			wire.V20250929,
			acp.Message{Type: acp.Problem, Code: acp.CodeMissing, Param: "$.selected_fulfillment_options"},
			shownMessage{Type: "error", Code: "missing", Param: "$.fulfillment_option_id"},
		},
		"a new price": {
			wire.V20260116,
			acp.Message{Type: acp.Warning, Code: acp.CodePriceChange, Param: "$.line_items[0].unit_amount"},
			shownMessage{Type: "info", Param: "$.line_items[0].unit_amount"},
		},
		"a new price, without prices": {
			wire.V20250929,
			acp.Message{Type: acp.Warning, Code: acp.CodePriceChange, Param: "$.line_items[0].unit_amount"},
			shownMessage{Type: "info", Param: "$.line_items[0]"},
		},
		"a bad code": {
			wire.V20260116,
			acp.Message{Type: acp.Warning, Code: acp.CodeDiscountInvalid, Param: "$.discounts.codes[0]"},
			shownMessage{Type: "info"},
		},
		"a warning that is known": {
			wire.V20260130,
			acp.Message{Type: acp.Warning, Code: acp.CodeDiscountInvalid, Param: "$.discounts.codes[0]"},
			shownMessage{Type: "warning", Code: "discount_code_invalid", Param: "$.discounts.codes[0]"},
		},
		"a bad token": {
			wire.V20260116,
			acp.Message{Type: acp.Problem, Code: acp.CodePaymentDeclined, Param: "$.payment_data.instrument.credential.token"},
			shownMessage{Type: "error", Code: "payment_declined", Param: "$.payment_data.token"},
		},
		"a confirmation that the agent cannot show": {
			wire.V20260116,
			acp.Message{Type: acp.Problem, Code: acp.CodeInterventionRequired, Param: "$.capabilities.interventions.supported"},
			shownMessage{Type: "error", Code: "requires_3ds"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := readySession()
			s.Messages = []acp.Message{c.said}
			if got := messagesIn(t, c.version, s, ""); len(got) != 1 || got[0] != c.want {
				t.Errorf("said %+v, want %+v", got, c.want)
			}
		})
	}
}

// The link is told once, in the reader's language, and only while it leads
// anywhere.
func TestALinkIsToldWhereThereIsNoMemberForIt(t *testing.T) {
	const link = "https://app.example.com/c/tok"
	const told = "Bitte schließen Sie den Kauf auf der Bezahlseite des Shops ab: " + link
	for _, version := range []wire.Version{wire.V20250929, wire.V20251212, wire.V20260116} {
		s := handedOverSession()
		s.Messages = []acp.Message{{Type: acp.Info, Text: acp.TextHandedOver}}
		for _, messages := range [][]acp.Message{s.Messages, nil} {
			s.Messages = messages
			if got := messagesIn(t, version, s, link); len(got) != 1 || got[0] != (shownMessage{Type: "info", Content: told}) {
				t.Errorf("%s: %+v", version, got)
			}
		}
		s.Messages, s.Status = []acp.Message{{Type: acp.Info, Text: acp.TextHandedOver}}, acp.NotReady
		if got := messagesIn(t, version, s, link); len(got) != 0 {
			t.Errorf("%s: %+v", version, got)
		}
		s.Status = acp.Expired
		if got := messagesIn(t, version, s, link); len(got) != 1 || got[0].Content != "Dieser Einkauf ist abgelaufen." {
			t.Errorf("%s: %+v", version, got)
		}
	}
}

// Nothing else can be done with it, the shop's own checkout included.
func TestAnExpiredSessionSaysOnlyThat(t *testing.T) {
	for _, version := range wire.Supported() {
		s := handedOverSession()
		s.Status = acp.Expired
		s.Messages = []acp.Message{
			{Type: acp.Problem, Code: acp.CodeMissing, Param: "$.fulfillment_details.address", Text: acp.TextAddressMissing},
			{Type: acp.Info, Text: acp.TextHandedOver},
		}
		want := shownMessage{Type: "info", Content: "Dieser Einkauf ist abgelaufen."}
		if got := messagesIn(t, version, s, "https://app.example.com/c/tok"); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %+v", version, got)
		}
	}
}

// A date without pickup must not send the buyer after one that it cannot offer.
// Where the shop's own checkout goes on, the hint is true.
func TestADateWithoutPickupDoesNotPointToOne(t *testing.T) {
	pickupOnly := acp.Message{Type: acp.Problem, Code: acp.CodeMissing, Param: "$.selected_fulfillment_options", Text: acp.TextPickupOnly}
	hint := pickupOnly
	hint.Type = acp.Info
	for version, c := range map[wire.Version]struct {
		said acp.Message
		want shownMessage
	}{
		wire.V20250929: {pickupOnly, shownMessage{"error", "invalid", "$.fulfillment_address", "Der Shop liefert diese Artikel nicht an diese Adresse."}},
		wire.V20251212: {pickupOnly, shownMessage{"error", "invalid", "$.fulfillment_details.address", "Der Shop liefert diese Artikel nicht an diese Adresse."}},
		wire.V20260116: {hint, shownMessage{"info", "", "$.selected_fulfillment_options", "Der Shop liefert nicht an diese Adresse, die Artikel können aber abgeholt werden."}},
		wire.V20260130: {pickupOnly, shownMessage{"error", "missing", "$.selected_fulfillment_options", "Der Shop liefert nicht an diese Adresse, die Artikel können aber abgeholt werden."}},
	} {
		s := readySession()
		s.Status, s.Messages = acp.NotReady, []acp.Message{c.said}
		if got := messagesIn(t, version, s, ""); len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %+v", version, got)
		}
	}
}

func TestAStatusFallsBackToAWordOfTheDate(t *testing.T) {
	for status, words := range map[acp.Status][3]string{ // 2025-09-29, 2026-01-16, 2026-01-30
		acp.NotReady:        {"not_ready_for_payment", "not_ready_for_payment", "not_ready_for_payment"},
		acp.Ready:           {"ready_for_payment", "ready_for_payment", "ready_for_payment"},
		acp.Escalated:       {"not_ready_for_payment", "not_ready_for_payment", "requires_escalation"},
		acp.Authenticating:  {"not_ready_for_payment", "not_ready_for_payment", "not_ready_for_payment"},
		acp.InProgress:      {"in_progress", "in_progress", "complete_in_progress"},
		acp.PendingApproval: {"in_progress", "in_progress", "pending_approval"},
		acp.Canceled:        {"canceled", "canceled", "canceled"},
		acp.Expired:         {"canceled", "canceled", "expired"},
		acp.Completed:       {"completed", "completed", "completed"},
	} {
		s := completedSession()
		s.Status, s.Challenge = status, challengedSession().Challenge
		for i, version := range []wire.Version{wire.V20250929, wire.V20260116, wire.V20260130} {
			body, err := wire.EncodeSession(version, wire.View{Session: s, Merchant: demoMerchant()})
			if got := string(member(t, body, "status")); err != nil || got != `"`+words[i]+`"` {
				t.Errorf("%s in %s: %s %v", status, version, got, err)
			}
		}
	}
}

// Before 2026-04-17 no agent is asked to authenticate a card holder, so none
// may be told that this is possible here.
func Test3DSIsPromisedOnlyWhereItIsAskedFor(t *testing.T) {
	s := readySession()
	s.Interventions = []string{"3ds"}
	for version, promised := range map[wire.Version]bool{wire.V20260130: false, wire.V20260417: true} {
		body, err := wire.EncodeSession(version, wire.View{
			Session: s, Merchant: demoMerchant(), Handlers: []acp.PaymentHandler{authenticatingHandler()},
		})
		if err != nil {
			t.Fatal(err)
		}
		told := string(member(t, body, "capabilities"))
		for _, promise := range []string{`"supported":["3ds"]`, `"supports_3ds":true`} {
			if strings.Contains(told, promise) != promised {
				t.Errorf("%s: %s", version, told)
			}
		}
	}
}

// A buyer's name comes in one piece or in two.
func TestANameIsSplitWhereTwoAreWanted(t *testing.T) {
	for full, want := range map[string]string{
		"":                    `{"first_name":"","last_name":"","email":"a@example.com"}`,
		"Ada":                 `{"first_name":"Ada","last_name":"","email":"a@example.com"}`,
		" Ada King Lovelace ": `{"first_name":"Ada King","last_name":"Lovelace","email":"a@example.com"}`,
	} {
		s := readySession()
		s.Buyer = &acp.Buyer{FullName: full, Email: "a@example.com"}
		body, err := wire.EncodeSession(wire.V20260116, wire.View{Session: s, Merchant: demoMerchant()})
		if got := string(member(t, body, "buyer")); err != nil || got != want {
			t.Errorf("%q: %s %v", full, got, err)
		}
	}
}

// The goods are fetched or brought: only the latter may be called shipping.
func TestAPickupIsNoShipping(t *testing.T) {
	s := readySession()
	s.Options = []acp.FulfillmentOption{
		{ID: "fetch", Title: "Shop", Kind: acp.Pickup, Location: &acp.PickupLocation{Name: "Shop"}},
		{ID: "bike", Title: "By bicycle", Kind: acp.LocalDelivery, Amount: 300},
	}
	for selected, want := range map[string]string{"fetch": "", "bike": `"bike"`} {
		s.Selected = selected
		body, err := wire.EncodeSession(wire.V20250929, wire.View{Session: s, Merchant: demoMerchant()})
		if got := string(member(t, body, "fulfillment_option_id")); err != nil || got != want {
			t.Errorf("%s: %s %v", selected, got, err)
		}
		options := string(member(t, body, "fulfillment_options"))
		if options != `[{"type":"shipping","id":"bike","title":"By bicycle","subtotal":300,"tax":0,"total":300}]` {
			t.Errorf("%s: %s", selected, options)
		}
	}
}

// Only one provider has a name in the older dates.
func TestAnotherProviderIsNotOffered(t *testing.T) {
	other, card := cardHandler(), cardHandler()
	other.PSP, other.ID, other.Account = "adyen", "adyen_card", "x"
	for name, c := range map[string]struct {
		handlers []acp.PaymentHandler
		want     string
	}{
		"none":  {nil, ""},
		"other": {[]acp.PaymentHandler{other}, ""},
		"both":  {[]acp.PaymentHandler{other, card}, `{"provider":"stripe","merchant_id":"profile_test_123","supported_payment_methods":[{"type":"card","supported_card_networks":["visa","mastercard"]}]}`},
	} {
		body, err := wire.EncodeSession(wire.V20260116, wire.View{Session: readySession(), Merchant: demoMerchant(), Handlers: c.handlers})
		if got := string(member(t, body, "payment_provider")); err != nil || got != c.want {
			t.Errorf("%s: %s %v", name, got, err)
		}
	}
}
