package stripe

import (
	"encoding/json"
	"maps"
)

// present is the payment intent as Stripe's API shows it.
func (p *payment) present() map[string]any {
	return map[string]any{
		"id": p.ID, "object": "payment_intent", "livemode": false, "created": p.Created,
		"amount": p.Amount, "amount_capturable": p.Capturable, "amount_received": p.Received, "currency": p.Currency,
		"amount_details": map[string]any{"tip": map[string]any{}},
		"status":         p.Status, "capture_method": p.CaptureMethod, "confirmation_method": "automatic",
		"client_secret": p.ClientSecret, "metadata": p.Metadata, "shipping": orNull(p.Shipping != nil, p.Shipping),
		"receipt_email": orNull(p.ReceiptEmail != "", p.ReceiptEmail), "description": orNull(p.Description != "", p.Description),
		"statement_descriptor_suffix": orNull(p.Suffix != "", p.Suffix),
		"latest_charge":               orNull(p.Charge != "", p.Charge),
		// A payment intent without an accepted payment method has none: Stripe takes the declined one off.
		"payment_method":       orNull(p.Status != requiresPaymentMethod, p.PaymentMethod),
		"payment_method_types": []string{"card"}, "next_action": p.nextAction(),
		"last_payment_error": orNull(p.LastError != nil, p.LastError), "canceled_at": orNull(p.CanceledAt != 0, p.CanceledAt),
		"cancellation_reason": orNull(p.CancellationReason != "", p.CancellationReason),
	}
}

func orNull(present bool, v any) any {
	if !present {
		return nil
	}
	return v
}

func (p *payment) nextAction() any {
	return orNull(p.Status == requiresAction, map[string]any{
		"type": "use_stripe_sdk", "use_stripe_sdk": map[string]any{"type": "three_d_secure_redirect"},
	})
}

// presentCharge is the charge of the last attempt. capture_before tells until when the
// hold lasts.
func (p *payment) presentCharge() map[string]any {
	status := "succeeded"
	if p.LastError != nil {
		status = "failed"
	}
	issuer, _ := knownCard(p.Card)
	return map[string]any{
		"id": p.Charge, "object": "charge", "livemode": false, "created": p.Created, "currency": p.Currency,
		"amount": p.Amount, "amount_captured": p.Received, "amount_refunded": p.Refunded,
		"captured": p.Received > 0, "paid": status == "succeeded", "refunded": p.Received > 0 && p.Refunded == p.Received,
		"status": status, "payment_intent": p.ID, "payment_method": p.PaymentMethod, "metadata": p.Metadata,
		"payment_method_details": map[string]any{"type": "card", "card": map[string]any{
			"brand": issuer.brand, "last4": issuer.last4, "capture_before": orNull(p.CaptureMethod == "manual", p.CaptureBefore),
		}},
	}
}

// presentMethod is the payment method that Stripe clones from the agent's.
func (p *payment) presentMethod() map[string]any {
	return map[string]any{
		"id": p.PaymentMethod, "object": "payment_method", "livemode": false, "created": p.Created,
		"type": "card", "card": presentCard(p.Card), "metadata": map[string]string{},
	}
}

func presentCard(name string) map[string]any {
	issuer, _ := knownCard(name)
	return map[string]any{"brand": issuer.brand, "last4": issuer.last4, "funding": "credit", "country": "US", "exp_month": 12, "exp_year": 2034}
}

func (r *refund) present() map[string]any {
	return map[string]any{
		"id": r.ID, "object": "refund", "created": r.Created, "amount": r.Amount, "currency": r.Currency,
		"payment_intent": r.Payment, "charge": r.Charge, "status": r.status(),
		"reason": orNull(r.Reason != "", r.Reason), "metadata": r.Metadata,
	}
}

// present is the token as its seller sees it. There is no field for the seller: being
// able to read it means that it was granted to you.
func (t *token) present() map[string]any {
	return map[string]any{
		"id": t.ID, "object": "shared_payment.granted_token", "livemode": false, "created": t.Created,
		"deactivated_at":     orNull(t.DeactivatedAt != 0, t.DeactivatedAt),
		"deactivated_reason": orNull(t.DeactivatedReason != "", t.DeactivatedReason),
		"usage_limits":       map[string]any{"currency": t.Currency, "max_amount": t.MaxAmount, "expires_at": t.ExpiresAt},
		"usage_details": map[string]any{"amount_captured": map[string]any{
			"currency": t.Currency, "value": t.AmountCaptured,
		}},
		"payment_method_details": map[string]any{"type": "card", "card": presentCard(t.Card), "billing_details": map[string]any{}},
		"agent_details":          map[string]any{"network_business_profile": "profile_test_sandboxagent"},
		"shared_metadata":        t.SharedMetadata,
	}
}

// presentRisk is shown on demand only: risk_details is expandable. Two scores are whole
// numbers in Stripe's description, the others may be fractions.
func (t *token) presentRisk() map[string]any {
	scores := map[string]json.Number{
		"fraudulent_dispute": "3", "stolen_card": "0", "card_testing": "0.02", "card_issuer_decline": "0.05", "bot": "0.01",
	}
	if c, _ := knownCard(t.Card); c.declineCode == "fraudulent" {
		scores["fraudulent_dispute"], scores["stolen_card"] = "95", "95"
	}
	maps.Copy(scores, t.Risk)
	insights := map[string]any{}
	for kind, score := range scores {
		action := "continue"
		if n, err := score.Int64(); err == nil && n >= 75 {
			action = "block"
		}
		insights[kind] = map[string]any{"score": score, "recommended_action": action}
	}
	return map[string]any{"insights": insights}
}
