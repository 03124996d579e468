package store_test

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/app/store"
	"github.com/acp-bridge/acp-bridge/app/store/storetest"
)

// ada buys, and leaves traces everywhere.
func (b *books) ada(t *testing.T) (acp.Session, acp.Order) {
	t.Helper()
	s := sessionOf(t, b.m, "cs_ada")
	s.Buyer = &acp.Buyer{FullName: "Ada Lovelace", Email: "Ada&Co@Lovelace.example", Phone: "+15550100"}
	s.Fulfillment = &acp.FulfillmentDetails{
		Name: "Ada Lovelace", Phone: "+15550100", Email: "parcels@lovelace.example", Address: &acp.Address{LineOne: "12 Analytical St"},
	}
	s.Note, s.Metadata = "For Ada Lovelace", []byte(`{"for":"Ada Lovelace"}`)
	s.Buyer.Company, s.Buyer.TaxID = "Lovelace Ltd", "DE-Lovelace"
	touch := acp.Attribution{
		Provider: "impact.example", PublisherID: "pub_1", Token: "tok_Lovelace", SubID: "Lovelace", SourceURL: "https://blog.example/Lovelace",
		Metadata: []byte(`{"for":"Ada Lovelace"}`),
	}
	s.FirstTouch, s.LastTouch = &touch, &touch
	s.Consents = []acp.Consent{{Channel: acp.ConsentByEmail, OptedIn: true}}
	s.Left = &acp.IntentTrace{Reason: acp.LeftForPrice, Summary: "Ada Lovelace waits", Metadata: []byte(`{"for":"Ada Lovelace"}`)}
	s.Attempt.Billing = &acp.Address{Name: "Ada Lovelace", LineOne: "12 Analytical St"}
	s.Attempt.Card = acp.Card{Brand: "visa of Lovelace", Last4: "4242"}
	must(t, b.CreateSession(t.Context(), s))
	o := orderOf(s, "gid://shopify/Order/77")
	o.Email = "ada&co@lovelace.example"
	o.Fulfillments = []acp.Fulfillment{{
		ID: "f_1", TrackingNumber: "TRACK-ADA", TrackingURL: "https://parcels.example/TRACK-ADA",
		Events: []acp.FulfillmentEvent{{ID: "fe_1", Description: "Left with Ada Lovelace"}},
	}}
	s.Status, s.Order, s.Attempt.Step, s.Attempt.Token = acp.Completed, &o, acp.StepFinished, ""
	must(t, b.FinishCheckout(t.Context(), &s, nil, eventOf(s, o, acp.OrderCreate)))
	c := claimOf(b, "c_ada", "o")
	c.Operation = "POST /acp/checkout_sessions/cs_ada/complete"
	c, err := b.Claim(t.Context(), c, noon)
	must(t, err)
	must(t, b.Answer(t.Context(), c, 200, []byte(`{"buyer":{"full_name":"Ada Lovelace"}}`)))
	webhook := acp.Delivery{ID: "d_ada", Merchant: b.m.ID, Body: []byte(`{"id":77,"name":"Ada Lovelace"}`)}
	must(t, b.PutDelivery(t.Context(), webhook, acp.Task{}))
	return s, o
}

func TestNothingOfAPersonIsLeftAfterRedaction(t *testing.T) {
	for name, r := range map[string]acp.Redaction{
		"found by e-mail":         {Email: "ADA&CO@lovelace.example "},
		"found by order":          {Orders: []string{"gid://shopify/Order/77"}},
		"found by where it went":  {Email: "parcels@lovelace.example"},
		"found by all of the two": {Email: "ada&co@lovelace.example", Orders: []string{"gid://shopify/Order/77"}},
	} {
		t.Run(name, func(t *testing.T) {
			onEachEngine(t, func(t *testing.T, b *books) { redacted(t, b, r) })
		})
	}
}

func redacted(t *testing.T, b *books, r acp.Redaction) {
	s, o := b.ada(t)
	read, err := b.Order(t.Context(), b.m.ID, o.ID)
	must(t, err)
	other, _ := b.finished(t, "cs_other", "gid://shopify/Order/777")
	must(t, b.Redact(t.Context(), b.m.ID, acp.Redaction{Email: "nobody@example.com", Orders: []string{"gid://shopify/Order/7"}}))
	if found := traces(rows(t, b)); len(found) < 6 {
		t.Fatalf("of the traces only these would be found: %v", found)
	}
	must(t, b.Redact(t.Context(), b.m.ID, r))
	if found := traces(rows(t, b)); len(found) > 0 {
		t.Fatalf("left: %v", found)
	}
	got, err := b.Session(t.Context(), b.m.ID, "", s.ID)
	if err != nil || got.Totals.Total != s.Totals.Total || got.Revision != s.Revision+1 {
		t.Fatalf("session: %v", err)
	}
	if want := (acp.Attribution{Provider: "impact.example", PublisherID: "pub_1"}); !reflect.DeepEqual(*got.FirstTouch, want) || !reflect.DeepEqual(*got.LastTouch, want) {
		t.Errorf("affiliates %+v, %+v", got.FirstTouch, got.LastTouch)
	}
	if got.Consents != nil || !reflect.DeepEqual(*got.Left, acp.IntentTrace{Reason: acp.LeftForPrice}) {
		t.Errorf("consents %v, left %+v", got.Consents, got.Left)
	}
	wantKind(t, b.SaveSession(t.Context(), &s), acp.KindStale) // by a request that had read it before
	if r.Orders != nil {
		wantKind(t, b.SaveOrder(t.Context(), read.Order, read.Revision, eventOf(s, read.Order, acp.OrderUpdate)), acp.KindStale)
	}
	kept, err := b.Session(t.Context(), b.m.ID, "", other.ID)
	if err != nil || kept.Buyer == nil {
		t.Fatalf("somebody else's session: %v", err)
	}
	replay, err := b.Claim(t.Context(), claimFor("c_2", s.ID, b), noon)
	if err != nil || replay.State != acp.Done || len(replay.Body) != 0 {
		t.Fatalf("the request could be carried out again: %+v %v", replay, err)
	}
	_, err = b.Delivery(t.Context(), b.m.ID, "d_ada")
	wantKind(t, err, acp.KindNotFound)
	must(t, b.CloseDelivery(t.Context(), b.m.ID, "d_ada"))
}

func TestAnswersAreRedactedHoweverTheAddressIsWritten(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		for i, body := range []string{`{"email":"Ada&Co@Lovelace.Example"}`, `{"email":"ada\u0026co@lovelace.example"}`, `{"email":"bob@example.com"}`} {
			c := claimOf(b, "c", "o")
			c.Key = fmt.Sprint("key ", i)
			c, err := b.Claim(t.Context(), c, noon)
			must(t, err)
			must(t, b.Answer(t.Context(), c, 201, []byte(body)))
		}
		must(t, b.Redact(t.Context(), b.m.ID, acp.Redaction{Email: "ada&co@lovelace.example"}))
		if stored := rows(t, b); strings.Contains(strings.ToLower(stored), "lovelace") || !strings.Contains(stored, "bob@") {
			t.Fatalf("stored: %s", stored)
		}
	})
}

func TestACheckoutThatIsBeingCompletedIsRedactedLater(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		b.ada(t)
		live := sessionOf(t, b.m, "cs_live")
		live.Buyer.Email, live.Attempt.Step = "ada&co@lovelace.example", acp.StepCompleting
		must(t, b.CreateSession(t.Context(), live))
		ask := func() error {
			return b.Redact(t.Context(), b.m.ID, acp.Redaction{Email: "ada&co@lovelace.example"})
		}
		wantKind(t, ask(), acp.KindInFlight)
		gone, err := b.Session(t.Context(), b.m.ID, "", "cs_ada")
		if err != nil || gone.Buyer != nil {
			t.Fatalf("the finished one: %v %v", gone.Buyer, err)
		}
		live.Attempt.Step = acp.StepReleased
		must(t, b.SaveSession(t.Context(), &live)) // undisturbed
		must(t, ask())
		gone, err = b.Session(t.Context(), b.m.ID, "", "cs_live")
		if err != nil || gone.Buyer != nil {
			t.Fatalf("the live one: %v %v", gone.Buyer, err)
		}
	})
}

// money stores one of everything that the books of payments keep.
func (b *books) money(t *testing.T) {
	t.Helper()
	m, s, amount := b.m.ID, acp.SessionID("cs_2"), acp.Money{Amount: 500, Currency: "usd"}
	must(t, b.SaveComparison(t.Context(), acp.Comparison{
		Merchant: m, Session: s, Later: "on its way", At: noon,
		Moved:       []acp.Movement{{Merchant: m, Session: s, Kind: acp.MoveCapture, Amount: amount, Reference: "pi_2"}},
		Differences: []acp.Difference{{Merchant: m, Session: s, PaymentID: "pi_2", Kind: acp.DifferTotal, FirstSeen: noon}},
	}))
	_, err := b.TakeReconciliation(t.Context(), m, "o", noon, noon)
	must(t, err)
	_, err = b.Try(t.Context(), acp.Try{Merchant: m, Session: s, Attempt: 1, Holders: []string{"h"}, At: noon}, noon)
	must(t, err)
	must(t, b.SaveAssessment(t.Context(), acp.Assessment{Merchant: m, Session: s, Attempt: 1, Verdict: acp.Refuse, Amount: amount, At: noon}))
	must(t, b.SaveAftermath(t.Context(), acp.Aftermath{
		Refunds:  []acp.RefundEntry{{Merchant: m, Session: s, Origin: acp.SideShop, OriginID: "r", Amount: amount}},
		Disputes: []acp.DisputeEntry{{Merchant: m, Session: s, Dispute: acp.Dispute{ID: "d", Amount: amount}}},
	}, nil))
}

func TestAWholeShopIsDeleted(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		b.ada(t)
		b.finished(t, "cs_2", "gid://shopify/Order/2")
		must(t, b.CreateCart(t.Context(), cartOf(t, b.m, "cart_2")))
		b.secrets(t)
		b.money(t)
		b.put(t, 1, product(1, noon), variant(11, 1, noon), media(1, 1))
		b.finish(t, 1)
		must(t, b.MarkDirty(t.Context(), b.m.ID, []string{"p"}))
		for _, row := range store.Rows() {
			var count int64
			must(t, b.Database.Gorm().Model(row).Count(&count).Error)
			if count == 0 {
				t.Fatalf("%T: the test stores none", row)
			}
		}
		other := storetest.Install(t, b.Store, "m_2")
		must(t, b.Redact(t.Context(), b.m.ID, acp.Redaction{WholeShop: true}))
		must(t, b.CloseDelivery(t.Context(), b.m.ID, "d_ada"))
		must(t, b.Redact(t.Context(), b.m.ID, acp.Redaction{WholeShop: true}))
		stored := rows(t, b)
		if strings.Contains(stored, "m_1") || !strings.Contains(stored, string(other.ID)) {
			t.Fatalf("left: %s", stored)
		}
	})
}

func claimFor(id string, s acp.SessionID, b *books) acp.Claim {
	c := claimOf(b, id, "o2")
	c.Operation = "POST /acp/checkout_sessions/" + string(s) + "/complete"
	return c
}

// rows prints every row of every table.
func rows(t *testing.T, b *books) string {
	t.Helper()
	var all strings.Builder
	for _, row := range store.Rows() {
		var list []map[string]any
		must(t, b.Database.Gorm().Model(row).Find(&list).Error)
		for _, columns := range list {
			for name, value := range columns {
				if raw, ok := value.([]byte); ok {
					value = string(raw)
				}
				fmt.Fprintln(&all, name, value)
			}
		}
	}
	return strings.ReplaceAll(all.String(), `\u0026`, "&")
}

func traces(stored string) (found []string) {
	for _, trace := range []string{
		"Lovelace", "lovelace", "Analytical", "+15550100", "TRACK-ADA",
		base64.StdEncoding.EncodeToString([]byte(`{"for":"Ada Lovelace"}`)),
	} {
		if strings.Contains(stored, trace) {
			found = append(found, trace)
		}
	}
	return found
}
