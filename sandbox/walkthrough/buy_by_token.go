package walkthrough

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
)

// buyer and address of the person for whom the agent shops.
func buyer() map[string]any {
	return map[string]any{"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com", "phone_number": "+14155550100"}
}

func address() map[string]any {
	return map[string]any{
		"name": "Ada Lovelace", "email": "ada@example.com", "phone_number": "+14155550100",
		"address": map[string]any{
			"name": "Ada Lovelace", "line_one": "1234 Chat Road", "city": "San Francisco",
			"state": "CA", "country": "US", "postal_code": "94131",
		},
	}
}

func (p *player) order() map[string]any {
	return map[string]any{
		"currency": p.cart[0].Currency,
		"line_items": []map[string]any{
			{"id": p.cart[0].ID, "quantity": 1},
			{"id": p.cart[1].ID},
		},
		"capabilities": map[string]any{},
	}
}

func (p *player) buyByToken(ctx context.Context) error {
	p.chapter("The agent buys with a payment token")
	a := p.agent(p.ready.BearerToken)
	s, err := p.open(ctx, a)
	if err != nil {
		return err
	}
	if s, err = p.ship(ctx, a, s); err != nil {
		return err
	}
	if s, err = p.enterCodes(ctx, a, s); err != nil {
		return err
	}
	if s, err = p.pickAnother(ctx, a, s); err != nil {
		return err
	}
	if err := p.readInEveryDate(ctx, a, s); err != nil {
		return err
	}
	if s, err = p.pay(ctx, a, s); err != nil {
		return err
	}
	if err := p.ordered(ctx, s, "PAID"); err != nil {
		return err
	}
	if err := p.captured(ctx, s); err != nil {
		return err
	}
	if err := p.told(ctx, s); err != nil {
		return err
	}
	return p.listed(ctx, s)
}

// read expects a status and decodes the session.
func read(got answer, status int, what string) (session, error) {
	var s session
	if err := check(got.Status == status, what, "status %d: %s", got.Status, got.Body); err != nil {
		return s, err
	}
	return s, decode(got.Body, &s)
}

func (p *player) open(ctx context.Context, a *agent) (session, error) {
	got, key, err := a.post(ctx, "/checkout_sessions", p.order())
	if err != nil {
		return session{}, err
	}
	s, err := read(got, 201, "a checkout session is created")
	if err != nil {
		return s, err
	}
	if err := s.addsUp(); err != nil {
		return s, err
	}
	want := p.cart[0].Price + p.cart[1].Price
	if err := check(s.amount("items_base_amount")-s.amount("items_discount")+taxInside(s) == want, "the checkout charges what the feed said",
		"feed %d, session %v", want, s.Totals); err != nil {
		return s, err
	}
	if err := check(s.Status == "not_ready_for_payment" && len(s.LineItems) == 2, "without an address it cannot be paid", "status %s", s.Status); err != nil {
		return s, err
	}
	p.step("create: session %s, items %s, %s", s.ID, shown(want, s.Currency), s.Status)
	again, err := a.postWithKey(ctx, "/checkout_sessions", key, p.order())
	if err != nil {
		return s, err
	}
	if err := check(bytes.Equal(again.Body, got.Body) && again.Header.Get("Idempotent-Replayed") == "true",
		"the same key gives the same answer", "%d %s", again.Status, again.Body); err != nil {
		return s, err
	}
	p.step("create again with the same key: replayed, still one session")
	return s, nil
}

// taxInside is the tax that a tax-inclusive shop takes out of its items.
func taxInside(s session) int64 {
	for _, m := range s.Messages {
		if m.Content == "The shop's prices include tax." {
			return s.amount("tax")
		}
	}
	return 0
}

func (p *player) ship(ctx context.Context, a *agent, s session) (session, error) {
	got, _, err := a.post(ctx, "/checkout_sessions/"+s.ID, map[string]any{"buyer": buyer(), "fulfillment_details": address()})
	if err != nil {
		return s, err
	}
	if s, err = read(got, 200, "an address is accepted"); err != nil {
		return s, err
	}
	if err := s.addsUp(); err != nil {
		return s, err
	}
	if err := check(s.Status == "ready_for_payment" && len(s.Options) > 1 && len(s.Selected) > 0,
		"an address brings shipping options, one preselected, and makes it payable", "%s", got.Body); err != nil {
		return s, err
	}
	cheapest := s.Options[0]
	for _, o := range s.Options { // a buyer who gave an address does not mean to fetch the goods
		if (o.Type == "shipping" || o.Type == "local_delivery") && amountOf(o.Totals, "total") < amountOf(cheapest.Totals, "total") {
			cheapest = o
		}
	}
	if err := check(s.Selected[0].OptionID == cheapest.ID, "the cheapest option is preselected", "%s, not %s", s.Selected[0].OptionID, cheapest.ID); err != nil {
		return s, err
	}
	p.step("address: %d ways to receive the goods, %q preselected, tax %s, total %s, %s", len(s.Options), cheapest.Title,
		shown(s.amount("tax"), s.Currency), shown(s.amount("total"), s.Currency), s.Status)
	return s, nil
}

func (p *player) pickAnother(ctx context.Context, a *agent, s session) (session, error) {
	other := s.Options[0]
	for _, o := range s.Options {
		if o.Type == "shipping" && o.ID != s.Selected[0].OptionID {
			other = o
		}
	}
	got, _, err := a.post(ctx, "/checkout_sessions/"+s.ID, map[string]any{
		"selected_fulfillment_options": []map[string]any{{"type": "shipping", "option_id": other.ID, "item_ids": s.Selected[0].ItemIDs}},
	})
	if err != nil {
		return s, err
	}
	before := s.amount("total")
	if s, err = read(got, 200, "another shipping option is accepted"); err != nil {
		return s, err
	}
	if err := s.addsUp(); err != nil {
		return s, err
	}
	if err := check(s.Selected[0].OptionID == other.ID && s.amount("total") != before, "the chosen option is priced in", "%s", got.Body); err != nil {
		return s, err
	}
	p.step("another way to ship: %q, total %s", other.Title, shown(s.amount("total"), s.Currency))
	return s, nil
}

func (p *player) pay(ctx context.Context, a *agent, s session) (session, error) {
	token, err := p.mint(ctx, s)
	if err != nil {
		return s, err
	}
	if err := check(len(s.Capabilities.Payment.Handlers) > 0, "the session says how it can be paid", "no payment handler"); err != nil {
		return s, err
	}
	body := map[string]any{"buyer": buyer(), "payment_data": map[string]any{
		"handler_id": s.Capabilities.Payment.Handlers[0].ID,
		"instrument": map[string]any{"type": "card", "credential": map[string]any{"type": "spt", "token": token}},
	}}
	want := s.amount("total")
	got, key, err := a.post(ctx, "/checkout_sessions/"+s.ID+"/complete", body)
	if err != nil {
		return s, err
	}
	if s, err = read(got, 200, "the token is accepted"); err != nil {
		return s, err
	}
	if err := check(s.Status == "completed" && s.Order != nil && s.amount("total") == want, "the checkout is completed at the quoted total", "%s", got.Body); err != nil {
		return s, err
	}
	p.step("complete: %s, order %s, %s", s.Status, s.Order.OrderNumber, shown(want, s.Currency))
	again, err := a.postWithKey(ctx, "/checkout_sessions/"+s.ID+"/complete", key, body)
	if err != nil {
		return s, err
	}
	if err := check(again.Status == 200 && bytes.Equal(again.Body, got.Body) && again.Header.Get("Idempotent-Replayed") == "true",
		"completing again replays the answer", "%d %s", again.Status, again.Body); err != nil {
		return s, err
	}
	p.step("complete again with the same key: replayed, nothing done twice")
	return s, nil
}

// mint makes a payment token as the agent's wallet would.
func (p *player) mint(ctx context.Context, s session) (string, error) {
	body, err := json.Marshal(map[string]any{"max_amount": s.amount("total"), "currency": s.Currency, "expires_in": 900, "card": "pm_card_visa"})
	if err != nil {
		return "", err
	}
	got, err := fetch(ctx, p.http, http.MethodPost, p.ready.StripeURL+"/_sandbox/tokens", body, http.Header{"Content-Type": {"application/json"}})
	if err != nil {
		return "", err
	}
	var token struct {
		ID string `json:"id"`
	}
	if err := decode(got.Body, &token); err != nil {
		return "", err
	}
	p.step("the buyer allows %s: token granted", shown(s.amount("total"), s.Currency))
	return token.ID, check(token.ID != "", "a payment token is granted", "%s", got.Body)
}
