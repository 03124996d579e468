package acp

import (
	"context"
	"fmt"
)

// lookAgain asks the provider what became of a payment that was given up: staff
// may have captured it by hand, or it may hold the money still, as it does
// after a refusal that was taken for its end. A payment of which the provider
// has nothing any more stays lost.
func (s *Settlement) lookAgain(ctx context.Context, m Merchant, p Payment) (Payment, error) {
	provider, err := s.Payments.Named(p.Provider)
	if err != nil {
		return p, err
	}
	seen, err := provider.Read(ctx, m, p.ProviderID)
	if KindOf(err) == KindNotFound {
		return p, nil
	}
	if err != nil {
		return p, fmt.Errorf("read lost payment: %w", err)
	}
	switch seen.State {
	case PaymentAuthorized:
		return s.take(ctx, m, p, true)
	case PaymentCaptured, PaymentRefunded:
		p.Provider = provider.Name()
		seen.State = PaymentCaptured // its refunds are found when it is compared
		moved := s.moved(p, seen, "taken after it was given up")
		return p.ended(seen), s.save(ctx, p.ended(seen), moved)
	}
	return p, nil
}
