package acp

import (
	"cmp"
	"context"
	"fmt"
	"strings"
)

// RiskSignals are what the agent says of the buyer's connection and device.
type RiskSignals struct {
	IPAddress         string
	UserAgent         string
	AcceptLanguage    string
	SessionID         string
	DeviceFingerprint string
}

// vet reads what is known of the payment and asks the merchant's rules before
// any money moves. Nothing outside is changed, so it may be repeated. What
// cannot be read of the token decides nothing: the provider enforces its limits
// itself.
func (c *Checkout) vet(ctx context.Context, m Merchant, s *Session) error {
	provider, err := c.provider(s)
	if err != nil {
		return err
	}
	a := s.Attempt
	var grant Grant
	if provider.Capabilities().Inspect {
		if grant, err = provider.Inspect(ctx, m, a.Token); err != nil {
			c.Log.WarnContext(ctx, "payment token not inspected; it is tried unseen", "session", s.ID, "error", err)
		}
	}
	a.Card = grant.Card
	a.AsksAgent = a.AsksAgent && directoryServer(a.Card.Brand) != ""
	verdict, reasons, err := c.judge(ctx, m, s, grant.Risks)
	if err != nil {
		return err
	}
	if verdict == Review && !provider.Capabilities().SeparateCapture {
		// Money that is taken at once cannot wait for staff.
		verdict, reasons = Refuse, append(reasons, provider.Name()+" takes money at once, which a review would come too late for")
	}
	if verdict != Accept {
		if err := c.Vetting.SaveAssessment(ctx, Assessment{
			Merchant: s.Merchant, Session: s.ID, Attempt: a.Number, Verdict: verdict, Reasons: reasons, Agent: s.Agent,
			Amount: a.Amount, At: c.Now(),
		}); err != nil {
			return err
		}
	}
	a.Verdict = verdict
	if verdict == Refuse {
		return c.giveUp(ctx, s, declined())
	}
	return c.advance(ctx, s, StepAuthorizing)
}

// judge asks the rules about the attempt as it stands.
func (c *Checkout) judge(ctx context.Context, m Merchant, s *Session, risks []Risk) (Verdict, []string, error) {
	rules, a := m.Acceptance, s.Attempt
	if !rules.asks() {
		return Accept, nil, nil
	}
	facts := Facts{Total: a.Amount, Country: s.country(), Attempts: int64(a.Number), Risks: risks}
	for _, l := range s.Lines {
		facts.Quantity += l.Quantity
	}
	if rules.Tries.Most > 0 {
		holders := a.Holders
		if a.Card.Last4 != "" {
			holders = append(holders[:len(holders):len(holders)], c.Vetting.Holder(m.ID, "card", a.Card.Brand+a.Card.Last4))
		}
		now := c.Now()
		var err error
		facts.Tries, err = c.Vetting.Try(ctx, Try{
			Merchant: s.Merchant, Session: s.ID, Attempt: a.Number, Holders: holders, At: now,
		}, now.Add(-TryWindow))
		if err != nil {
			return "", nil, fmt.Errorf("count attempts to pay: %w", err)
		}
	}
	verdict, reasons := rules.Judge(facts)
	return verdict, reasons, nil
}

// country is where the goods go, or of the bill where nothing is sent.
func (s *Session) country() string {
	var shipping, billing Address
	if a := s.address(); a != nil {
		shipping = *a
	}
	if s.Attempt.Billing != nil {
		billing = *s.Attempt.Billing
	}
	return strings.ToUpper(cmp.Or(shipping.Country, billing.Country))
}

// holders are those in whose name a payment is tried.
func (c *Checkout) holders(s *Session, signals *RiskSignals) []string {
	var signs RiskSignals
	if signals != nil {
		signs = *signals
	}
	var all []string
	for _, of := range []struct{ kind, value string }{
		{"email", s.email()}, {"address", signs.IPAddress}, {"device", signs.DeviceFingerprint},
	} {
		if value := strings.ToLower(strings.TrimSpace(of.value)); value != "" {
			all = append(all, c.Vetting.Holder(s.Merchant, of.kind, value))
		}
	}
	return all
}
