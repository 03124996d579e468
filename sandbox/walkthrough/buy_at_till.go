package walkthrough

import (
	"context"
	"encoding/json"
	"net/http"
)

// buyAtTill pays with the provider that takes the money at once.
func (p *player) buyAtTill(ctx context.Context) error {
	p.chapter("The agent pays with the shop's other payment provider")
	a := p.agent(p.ready.BearerToken)
	order := p.order()
	order["buyer"], order["fulfillment_details"] = buyer(), address()
	got, _, err := a.post(ctx, "/checkout_sessions", order)
	if err != nil {
		return err
	}
	s, err := read(got, 201, "a session is created")
	if err != nil {
		return err
	}
	handlers := s.Capabilities.Payment.Handlers
	if err := check(len(handlers) == 2 && handlers[0].ID != handlers[1].ID, "the session offers two ways to pay", "%s", got.Body); err != nil {
		return err
	}
	p.step("create: session %s, total %s, to be paid by %s or %s", s.ID, shown(s.amount("total"), s.Currency), handlers[0].ID, handlers[1].ID)
	token, err := p.mintAtTill(ctx, s)
	if err != nil {
		return err
	}
	got, _, err = a.post(ctx, "/checkout_sessions/"+s.ID+"/complete", map[string]any{"payment_data": map[string]any{
		"handler_id": handlers[1].ID,
		"instrument": map[string]any{"type": "card", "credential": map[string]any{"type": "till_token", "token": token}},
	}})
	if err != nil {
		return err
	}
	if s, err = read(got, 200, "the token is accepted"); err != nil {
		return err
	}
	if err := check(s.Status == "completed" && s.Order != nil, "the checkout is completed", "%s", got.Body); err != nil {
		return err
	}
	p.step("complete by %s: %s, order %s", handlers[1].ID, s.Status, s.Order.OrderNumber)
	if err := p.ordered(ctx, s, "PAID"); err != nil {
		return err
	}
	return p.soldAtTill(ctx, s)
}

func (p *player) mintAtTill(ctx context.Context, s session) (string, error) {
	body, err := json.Marshal(map[string]any{"max_amount": s.amount("total"), "currency": s.Currency})
	if err != nil {
		return "", err
	}
	got, err := fetch(ctx, p.http, http.MethodPost, p.ready.TillURL+"/_sandbox/tokens", body, http.Header{})
	if err != nil {
		return "", err
	}
	var token struct {
		ID string `json:"id"`
	}
	if err := decode(got.Body, &token); err != nil {
		return "", err
	}
	return token.ID, check(token.ID != "", "a payment token is granted", "%s", got.Body)
}

// soldAtTill checks that the money was taken once.
func (p *player) soldAtTill(ctx context.Context, s session) error {
	var state struct {
		Sales []struct {
			Labels   map[string]string `json:"labels"`
			Taken    int64             `json:"taken"`
			Refunded int64             `json:"refunded"`
		} `json:"sales"`
	}
	if err := p.state(ctx, p.ready.TillURL, &state); err != nil {
		return err
	}
	count, taken := 0, int64(0)
	for _, sale := range state.Sales {
		if sale.Labels["session"] == s.ID {
			count++
			taken += sale.Taken - sale.Refunded
		}
	}
	if err := check(count == 1 && taken == s.amount("total"), "the quoted total was taken once", "%d sales, %d", count, taken); err != nil {
		return err
	}
	p.step("the till: one sale, %s taken at once", shown(taken, s.Currency))
	return nil
}
