package store_test

import (
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/phrase"
)

// A session as the first release stored it: messages in words, no motives.
const olderSession = `{"v":1,"agent":"Chatty","buyer":{"full_name":"Ada","email":"ada@example.com"},
	"options":[{"id":"digital","title":"Digital delivery","kind":"digital","amount":0}],"selected":"digital",
	"totals":{"items_base":500,"items_discount":0,"discount":0,"fulfillment":0,"tax":0,"fee":0,"total":500},
	"messages":[{"type":"error","code":"out_of_stock","param":"$.line_items[0]","content":"Tea is out of stock.","resolution":"requires_buyer_input"}],
	"attempt":{"number":1,"step":"released","handler":"stripe_card","amount":{"amount":500,"currency":"usd"},
		"failure":{"type":"error","code":"payment_declined","content":"The payment was declined."}}}`

func TestASessionOfTheFirstReleaseStillReads(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s := sessionOf(t, b.m, "cs_old")
		must(t, b.CreateSession(t.Context(), s))
		document := strings.NewReplacer("\n", "", "\t", "").Replace(olderSession)
		must(t, b.Database.Gorm().Exec("UPDATE sessions SET document = ? WHERE id = ?", document, s.ID).Error)

		got, err := b.Session(t.Context(), b.m.ID, "", s.ID)
		must(t, err)
		if len(got.Messages) != 1 || phrase.German.Message(got.Messages[0]) != "Tea is out of stock." || got.Messages[0].Code != acp.CodeOutOfStock {
			t.Errorf("messages %+v", got.Messages)
		}
		if got.Attempt.Failure.Content != "The payment was declined." || got.FirstTouch != nil || got.Left != nil || got.Consents != nil {
			t.Errorf("session %+v", got)
		}
		got.Note = "kept"
		must(t, b.SaveSession(t.Context(), &got))
	})
}
