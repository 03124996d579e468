package acp_test

import (
	"context"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// short is a provider that reserves another amount than it is asked for.
type short struct{ strange }

// Read shows what was reserved instead of what was asked for.
func (p *short) Read(ctx context.Context, m acp.Merchant, id string) (acp.Payment, error) {
	pay, err := p.onePagePayments.Read(ctx, m, id)
	pay.Amount.Amount = p.reserves
	return pay, err
}

// A reservation over another amount than the session costs becomes no order.
func TestAnotherAmountThanAskedForIsGivenBack(t *testing.T) {
	for name, first := range map[string]acp.PaymentState{"at once": acp.PaymentAuthorized, "after the holder confirmed": acp.PaymentNeedsAction} {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t)
			w.by(&short{strange{onePagePayments: w.payments, reserves: 300}})
			w.payments.abilities.ProviderSide3DS, w.payments.state = true, first
			id := w.complete(w.create(delegated))
			if first == acp.PaymentNeedsAction {
				w.resume(id, acp.PaymentAuthorized)
			}
			if s := w.session(id); s.Status != acp.Ready || !w.says(id, acp.CodePaymentDeclined) || w.shop.order != "" || w.payments.voided != 1 {
				t.Errorf("%s at %s, order %q, %d voided", s.Status, s.Attempt.Step, w.shop.order, w.payments.voided)
			}
		})
	}
}

// Where the provider cannot be searched, asking again under the same key is the
// only way to learn what it did. After ten minutes nobody wants the order any
// more, and what it reserved is given back.
func TestAReservationThatComesTooLateIsGivenBack(t *testing.T) {
	w := openWorld(t)
	w.payments.abilities.FindByReference = false
	id := w.inProgress()
	w.clock = w.clock.Add(11 * time.Minute)
	w.resume(id, acp.PaymentAuthorized)
	if s := w.session(id); s.Status != acp.Ready || w.shop.order != "" || w.payments.voided != 1 {
		t.Errorf("%s at %s, order %q, %d voided", s.Status, s.Attempt.Step, w.shop.order, w.payments.voided)
	}
}

// A purchase that died before its payment was asked for is not made much later,
// when the buyer has long gone: nothing is reserved at all.
func TestAPurchaseThatIsCarriedOnTooLateReservesNothing(t *testing.T) {
	for name, after := range map[string]time.Duration{"in time": 9 * time.Minute, "too late": 11 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t)
			id := w.shopUnreachable()
			w.clock = w.clock.Add(after)
			w.resume(id, acp.PaymentAuthorized)
			s, late := w.session(id), name == "too late"
			if (s.Status == acp.Ready) != late || (w.payments.asked.Key == "") != late || w.says(id, acp.CodePaymentDeclined) != late || (w.shop.order == "") != late {
				t.Errorf("%s at %s, order %q, asked for %q", s.Status, s.Attempt.Step, w.shop.order, w.payments.asked.Key)
			}
		})
	}
}

// What somebody took back at the provider before its answer arrived holds
// nothing: the buyer pays anew.
func TestAReservationThatIsTakenBackAtOnceEnds(t *testing.T) {
	for _, state := range []acp.PaymentState{acp.PaymentVoided, acp.PaymentRefunded} {
		w := openWorld(t)
		w.payments.state = state
		id := w.complete(w.create(delegated))
		if s := w.session(id); s.Status != acp.Ready || s.Attempt.Live() || !w.says(id, acp.CodePaymentDeclined) || w.shop.order != "" {
			t.Errorf("%s: %s at %s, order %q", state, s.Status, s.Attempt.Step, w.shop.order)
		}
	}
}

// tiny is a provider that cannot charge so little, whatever the token.
type tiny struct{ *onePagePayments }

func (tiny) Authorize(_ context.Context, _ acp.Merchant, a acp.Authorization) (acp.Payment, error) {
	return acp.Payment{Amount: a.Amount, State: acp.PaymentDeclined, BadAmount: true}, nil
}

func TestAnAmountThatCannotBeChargedAsksForNoOtherToken(t *testing.T) {
	w := openWorld(t)
	w.by(tiny{w.payments})
	s := w.session(w.complete(w.create(delegated)))
	if s.Status != acp.Ready || len(s.Messages) != 1 {
		t.Fatalf("%s, %+v", s.Status, s.Messages)
	}
	if m := s.Messages[0]; m.Type != acp.Problem || m.Code != acp.CodeInvalid || m.Param != "$.totals" || m.Resolution != acp.ResolveByBuyerReview {
		t.Errorf("%+v", m)
	}
}
