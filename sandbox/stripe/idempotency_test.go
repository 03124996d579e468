package stripe_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	stripego "github.com/stripe/stripe-go/v86"
)

func TestTheSameKeyReplaysTheFirstAnswer(t *testing.T) {
	b := open(t)
	spt := b.mint(`{}`)
	first := b.authorize(spt, 1000, "k")
	again := b.authorize(spt, 1000, "k")
	if again.ID != first.ID || again.LastResponse.Header.Get("Idempotent-Replayed") != "true" ||
		first.LastResponse.Header.Get("Idempotent-Replayed") != "" {
		t.Fatalf("replay: %s, want %s", again.ID, first.ID)
	}
	if string(again.LastResponse.RawJSON) != string(first.LastResponse.RawJSON) ||
		again.LastResponse.Header.Get("Original-Request") != first.LastResponse.RequestID ||
		again.LastResponse.RequestID == first.LastResponse.RequestID {
		t.Fatal("the replay is not the first answer under a request id of its own")
	}
	if n := len(b.state().Payments); n != 1 {
		t.Fatalf("%d payments, want 1", n)
	}
}

func TestARefusalByTheIssuerIsReplayedToo(t *testing.T) {
	b := open(t)
	spt := b.mint(`{"card":"pm_card_chargeDeclined"}`)
	for range 2 {
		_, err := b.client.V1PaymentIntents.Create(t.Context(), charge(spt, 1000, "k"))
		if refused := refusal(t, err); refused.Code != stripego.ErrorCodeCardDeclined {
			t.Fatalf("declined: %v", refused)
		}
	}
	if n := len(b.state().Payments); n != 1 {
		t.Fatalf("%d payments, want 1", n)
	}
}

func TestAKeyBelongsToOneRequest(t *testing.T) {
	b := open(t)
	spt := b.mint(`{}`)
	pi := b.authorize(spt, 1000, "k")
	_, err := b.client.V1PaymentIntents.Create(t.Context(), charge(spt, 2000, "k"))
	if refused := refusal(t, err); refused.HTTPStatusCode != http.StatusBadRequest || refused.Type != stripego.ErrorTypeIdempotency {
		t.Fatalf("other parameters: %v", refused)
	}
	_, err = b.capture(pi.ID, "k")
	if refused := refusal(t, err); refused.Type != stripego.ErrorTypeIdempotency {
		t.Fatalf("other endpoint: %v", refused)
	}
}

func TestAnInvalidRequestDoesNotUseItsKeyUp(t *testing.T) {
	b := open(t)
	spt := b.mint(`{}`)
	_, err := b.client.V1PaymentIntents.Create(t.Context(), charge(spt, 10, "k"))
	refusal(t, err)
	b.authorize(spt, 1000, "k")
}

func TestASecondRequestUnderARunningKeyIsRefused(t *testing.T) {
	b := open(t)
	spt := b.mint(`{}`)
	b.fault(`{"operation":"payment_intents.create","mode":"delay","times":2,"delay_ms":600000}`)
	results := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := b.client.V1PaymentIntents.Create(t.Context(), charge(spt, 1000, "k"))
			results <- err
		}()
	}
	if refused := refusal(t, <-results); refused.HTTPStatusCode != http.StatusConflict || refused.Code != stripego.ErrorCodeIdempotencyKeyInUse {
		t.Fatalf("concurrent: %v", refused)
	}
	if err := b.server.Close(t.Context()); err != nil { // ends the delay
		t.Fatal(err)
	}
	if err := <-results; err != nil {
		t.Fatalf("first: %v", err)
	}
	b.authorize(spt, 1000, "k") // the conflict was not kept: this is a replay
}

func TestAKeyIsForgottenAfterADayAndTheTokenStopsASecondCharge(t *testing.T) {
	b := open(t)
	spt := b.mint(`{"expires_in":604800}`)
	pi := b.authorize(spt, 1000, "k")
	b.clock.advance(24*time.Hour - time.Second)
	if again := b.authorize(spt, 1000, "k"); again.ID != pi.ID {
		t.Fatal("the key was forgotten too early")
	}
	b.clock.advance(time.Second)
	_, err := b.client.V1PaymentIntents.Create(t.Context(), charge(spt, 1000, "k"))
	if refused := refusal(t, err); !strings.Contains(refused.Msg, "deactivated state") {
		t.Fatalf("after a day: %v", refused)
	}
	if found := b.search(`metadata['acp_checkout_session']:'cs_1'`); len(found) != 1 || found[0] != pi.ID {
		t.Fatalf("search found %v, want %s", found, pi.ID)
	}
}

func TestACallerWhoGivesUpHasStillCharged(t *testing.T) {
	b := open(t)
	spt := b.mint(`{}`)
	<-b.served
	b.fault(`{"operation":"payment_intents.create","mode":"delay","delay_ms":600000}`)
	<-b.served
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := b.client.V1PaymentIntents.Create(ctx, charge(spt, 1000, "k")); err == nil {
		t.Fatal("the delayed call was answered in time")
	}
	<-b.served // the stand-in has noticed that the caller is gone, and carried on
	pi := b.authorize(spt, 1000, "k")
	if pi.LastResponse.Header.Get("Idempotent-Replayed") != "true" || len(b.state().Payments) != 1 {
		t.Fatal("the abandoned call did not take effect once")
	}
}

func TestKeysCanBePrunedBeforeTheirTime(t *testing.T) {
	b := open(t)
	for _, key := range []string{"acp:cs_1:1:authorize", "acp:cs_2:1:authorize"} {
		b.authorize(b.mint(`{}`), 1000, key)
	}
	var pruned struct{ Pruned int }
	if status := b.post("/_sandbox/prune", `{"containing":"cs_1"}`, &pruned); status != http.StatusOK || pruned.Pruned != 1 {
		t.Fatalf("prune: %d %+v", status, pruned)
	}
	if _, err := b.client.V1PaymentIntents.Create(t.Context(), charge(b.mint(`{}`), 1000, "acp:cs_2:1:authorize")); err == nil {
		t.Error("a key that was to be kept came with another token, and nobody minded")
	}
	b.authorize(b.mint(`{}`), 1000, "acp:cs_1:1:authorize")
	if n := len(b.state().Payments); n != 3 {
		t.Errorf("%d payments, want 3: the pruned key makes a new one", n)
	}
	b.clock.advance(time.Minute)
	res, err := http.Get(fmt.Sprintf("%s/_sandbox/state?since=%d", b.url, b.clock.now().Unix()))
	if err != nil {
		t.Fatal(err)
	}
	var late state
	if b.read(res, &late); len(late.Payments)+len(late.Tokens) != 0 {
		t.Errorf("made before, shown as made since: %+v", late)
	}
}
