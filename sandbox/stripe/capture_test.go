package stripe_test

import (
	"net/http"
	"testing"
	"time"

	stripego "github.com/stripe/stripe-go/v86"
)

func TestCapturingTwiceShowsThePaymentThatIsAlreadyTaken(t *testing.T) {
	b := open(t)
	pi := b.authorize(b.mint(`{}`), 1000, "")
	if _, err := b.capture(pi.ID, "c1"); err != nil {
		t.Fatal(err)
	}
	_, err := b.capture(pi.ID, "c2")
	refused := refusal(t, err)
	if refused.HTTPStatusCode != http.StatusBadRequest || refused.Code != stripego.ErrorCodePaymentIntentUnexpectedState ||
		refused.PaymentIntent == nil || refused.PaymentIntent.Status != stripego.PaymentIntentStatusSucceeded {
		t.Fatalf("second capture: %v", refused)
	}
	if p := b.state().Payments[0]; p.Received != 1000 {
		t.Fatalf("received %d, want 1000", p.Received)
	}
}

func TestCaptureTakesAtMostWhatIsHeldAndReleasesTheRest(t *testing.T) {
	b := open(t)
	pi := b.authorize(b.mint(`{}`), 1000, "")
	over := &stripego.PaymentIntentCaptureParams{AmountToCapture: stripego.Int64(1001)}
	_, err := b.client.V1PaymentIntents.Capture(t.Context(), pi.ID, over)
	if refused := refusal(t, err); refused.HTTPStatusCode != http.StatusBadRequest {
		t.Fatalf("over: %v", refused)
	}
	part := &stripego.PaymentIntentCaptureParams{AmountToCapture: stripego.Int64(400)}
	got, err := b.client.V1PaymentIntents.Capture(t.Context(), pi.ID, part)
	if err != nil || got.AmountReceived != 400 || got.AmountCapturable != 0 {
		t.Fatalf("part: %v %+v", err, got)
	}
}

func TestCancelReleasesTheHoldAndDoesNotReviveTheToken(t *testing.T) {
	b := open(t)
	spt := b.mint(`{}`)
	pi := b.authorize(spt, 1000, "")
	why := &stripego.PaymentIntentCancelParams{CancellationReason: stripego.String("abandoned")}
	got, err := b.client.V1PaymentIntents.Cancel(t.Context(), pi.ID, why)
	if err != nil || got.Status != stripego.PaymentIntentStatusCanceled || got.AmountCapturable != 0 || got.CancellationReason != "abandoned" {
		t.Fatalf("cancel: %v %+v", err, got)
	}
	_, err = b.client.V1PaymentIntents.Cancel(t.Context(), pi.ID, why)
	if refused := refusal(t, err); refused.PaymentIntent == nil || refused.PaymentIntent.Status != stripego.PaymentIntentStatusCanceled {
		t.Fatalf("cancel twice: %v", refused)
	}
	_, err = b.client.V1PaymentIntents.Create(t.Context(), charge(spt, 1000, ""))
	refusal(t, err)
	_, err = b.capture(pi.ID, "")
	if refused := refusal(t, err); refused.Code != stripego.ErrorCodePaymentIntentUnexpectedState {
		t.Fatalf("capture after cancel: %v", refused)
	}
}

func TestAnAuthorizationLapsesAfterSevenDays(t *testing.T) {
	b := open(t)
	pi := b.authorize(b.mint(`{}`), 1000, "")
	expand := &stripego.PaymentIntentRetrieveParams{}
	expand.AddExpand("latest_charge")
	got, err := b.client.V1PaymentIntents.Retrieve(t.Context(), pi.ID, expand)
	if err != nil || got.LatestCharge.PaymentMethodDetails.Card.CaptureBefore != b.clock.now().Add(7*24*time.Hour).Unix() {
		t.Fatalf("capture_before: %v %+v", err, got.LatestCharge)
	}
	b.clock.advance(7 * 24 * time.Hour)
	_, err = b.capture(pi.ID, "")
	refused := refusal(t, err)
	if refused.PaymentIntent == nil || refused.PaymentIntent.Status != stripego.PaymentIntentStatusCanceled ||
		refused.PaymentIntent.CancellationReason != stripego.PaymentIntentCancellationReasonAutomatic {
		t.Fatalf("late capture: %v", refused)
	}
}

func TestRefundsNeverExceedWhatWasTaken(t *testing.T) {
	b := open(t)
	pi := b.authorize(b.mint(`{}`), 1000, "")
	refund := func(amount int64) (*stripego.Refund, error) {
		p := &stripego.RefundCreateParams{PaymentIntent: stripego.String(pi.ID), Amount: stripego.Int64(amount)}
		return b.client.V1Refunds.Create(t.Context(), p)
	}
	_, err := refund(100)
	refusal(t, err) // nothing has been captured yet
	if _, err := b.capture(pi.ID, ""); err != nil {
		t.Fatal(err)
	}
	r, err := refund(300)
	if err != nil || r.Amount != 300 || r.Status != stripego.RefundStatusSucceeded {
		t.Fatalf("refund: %v %+v", err, r)
	}
	_, err = refund(701)
	refusal(t, err)
	if _, err := refund(700); err != nil {
		t.Fatal(err)
	}
	_, err = refund(1)
	if refused := refusal(t, err); refused.Code != stripego.ErrorCodeChargeAlreadyRefunded {
		t.Fatalf("refund of nothing: %v", refused)
	}
	if p := b.state().Payments[0]; p.Refunded != 1000 || p.Received != 1000 {
		t.Fatalf("state: %+v", p)
	}
	var total int64
	for r, err := range b.client.V1Refunds.List(t.Context(), &stripego.RefundListParams{PaymentIntent: stripego.String(pi.ID)}).All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		total += r.Amount
	}
	if total != 1000 {
		t.Fatalf("listed refunds add up to %d, want 1000", total)
	}
}

func TestADisputeIsListedWithItsPayment(t *testing.T) {
	b := open(t)
	pi := b.authorize(b.mint(`{}`), 1000, "")
	path := "/_sandbox/payments/" + pi.ID + "/dispute"
	if status := b.post(path, `{}`, nil); status != http.StatusConflict {
		t.Fatalf("dispute of money that was not taken: %d", status)
	}
	if _, err := b.capture(pi.ID, ""); err != nil {
		t.Fatal(err)
	}
	for _, status := range []string{"needs_response", "lost"} {
		if code := b.post(path, `{"status":"`+status+`"}`, nil); code != http.StatusOK {
			t.Fatalf("dispute: %d", code)
		}
		var found []*stripego.Dispute
		params := &stripego.DisputeListParams{PaymentIntent: stripego.String(pi.ID)}
		for d, err := range b.client.V1Disputes.List(t.Context(), params).All(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, d)
		}
		if len(found) != 1 || found[0].Amount != 1000 || string(found[0].Status) != status {
			t.Fatalf("disputes: %+v", found)
		}
	}
}
