package acp

import (
	"cmp"
	"context"
	"fmt"
	"time"
)

// draft saves the cart in the shop as a draft order. After an interruption it
// first looks whether the draft exists already.
func (c *Checkout) draft(ctx context.Context, m Merchant, s *Session, resumed bool) error {
	reference := s.Attempt.Reference(s.ID)
	if resumed {
		d, err := c.Drafts.FindDraft(ctx, m, reference)
		if err == nil {
			return c.drafted(ctx, s, d)
		}
		if KindOf(err) != KindNotFound {
			return c.outOfPatience(ctx, s, fmt.Errorf("look for the draft order: %w", err))
		}
	}
	d, err := c.Drafts.CreateDraft(ctx, m, DraftOrder{
		Cart: s.cart(s.rate()), Session: s.ID, Reference: reference, Agent: s.Agent, Attributes: s.attributes(),
		PaidElsewhere: true, HoldStock: c.holdStock(m, s),
	})
	if KindOf(err) == KindRefused {
		return c.fail(ctx, s, refusedByShop(err))
	}
	if err != nil {
		return c.outOfPatience(ctx, s, fmt.Errorf("create draft order: %w", err))
	}
	return c.drafted(ctx, s, d)
}

// holdStock is until when the draft reserves its stock: as long as it takes to
// make it an order, and as long as staff may take to decide.
func (c *Checkout) holdStock(m Merchant, s *Session) time.Time {
	until := c.Now().Add(c.Lease + time.Minute)
	if s.Attempt.reviewed() {
		until = until.Add(m.Acceptance.reviewTime())
	}
	return until
}

// outOfPatience gives the reservation back when the shop stays out of reach
// before an order could exist: a draft alone takes no money and ships nothing.
func (c *Checkout) outOfPatience(ctx context.Context, s *Session, err error) error {
	if c.Now().Sub(s.Attempt.since()) <= patience {
		return err
	}
	return c.fail(ctx, s, Message{
		Type: Problem, Code: CodeConflict, Resolution: ResolveRecoverable,
		Text: TextShopUnreachable,
	})
}

func (c *Checkout) drafted(ctx context.Context, s *Session, d Draft) error {
	s.Attempt.DraftID = d.ID
	return c.advance(ctx, s, StepDrafted)
}

// verify compares the finished draft with what was authorized: a cent more or
// less is told, never charged.
func (c *Checkout) verify(ctx context.Context, m Merchant, s *Session) error {
	d, err := c.Drafts.AwaitDraft(ctx, m, s.Attempt.DraftID)
	switch {
	case KindOf(err) == KindNotFound:
		return c.fail(ctx, s, refusedByShop(err))
	case err != nil:
		return c.outOfPatience(ctx, s, fmt.Errorf("wait for the draft order: %w", err))
	case d.Total != s.Attempt.Amount:
		return c.fail(ctx, s, Message{
			Type: Warning, Code: CodePriceChange, Param: "$.totals", Resolution: ResolveByBuyerReview,
			Text: TextTotalChanged, Args: []Argument{moneyOf("from", s.Attempt.Amount), moneyOf("to", d.Total)},
		})
	}
	if s.Attempt.reviewed() && s.Attempt.ApprovedAt.IsZero() {
		s.Attempt.ReviewBy = s.Attempt.reviewBy(m.Acceptance, c.Now())
		return c.hold(ctx, m, s)
	}
	if s.Attempt.reviewed() {
		return c.confirm(ctx, m, s)
	}
	return c.advance(ctx, s, StepCompleting)
}

// place makes the draft an order.
func (c *Checkout) place(ctx context.Context, m Merchant, s *Session) error {
	d, err := c.Drafts.CompleteDraft(ctx, m, s.Attempt.DraftID)
	kind := KindOf(err)
	if kind == KindReauthorize && m.Status == Uninstalled {
		kind = KindRefused // nobody can ever ask this shop again
	}
	switch kind {
	case "":
		if d.Total != s.Attempt.Amount { // staff changed it since it was compared
			return c.orderedOtherwise(ctx, s)
		}
		s.Order = &Order{ID: d.OrderID}
		return c.advance(ctx, s, StepPlaced)
	case KindRefused, KindNotFound:
		why := refusedByShop(err)
		s.Attempt.Failure = &why
		return c.advance(ctx, s, StepWithdrawing)
	default:
		return fmt.Errorf("complete draft order: %w", err)
	}
}

func refusedByShop(error) Message {
	return Message{
		Type: Problem, Code: CodeOutOfStock, Param: "$.line_items", Resolution: ResolveByBuyerReview,
		Text: TextOrderRefused,
	}
}

// finish reads the order once and ends the checkout in one commit, together
// with everything that must follow from it.
func (c *Checkout) finish(ctx context.Context, m Merchant, s *Session) error {
	o, err := c.Orders.Order(ctx, m, s.Order.ID)
	if err != nil {
		return fmt.Errorf("read order: %w", err)
	}
	o.URL = permalink(o, m)
	now := c.Now()
	a := s.Attempt
	p := &Payment{
		Merchant: s.Merchant, Session: s.ID, Attempt: a.Number, Reference: a.Reference(s.ID), ProviderID: a.PaymentID,
		Provider: a.Provider, OrderID: o.ID, Amount: a.Amount, State: cmp.Or(a.Holds, PaymentAuthorized),
		CaptureBefore: a.CaptureBefore, CreatedAt: now, UpdatedAt: now,
	}
	if PaidInShop(o.Sales, *p) { // by the draft's invoice, while staff had it under review
		p.LastError = "the buyer paid the order in Shopify" // so that it is looked at before anything is taken
	}
	a.Step = StepFinished
	a.spend()
	event, err := s.complete(o, now)
	if err != nil {
		return err
	}
	return c.Finisher.FinishCheckout(ctx, s, p, event,
		Task{Kind: TaskSettlePayment, Merchant: s.Merchant, Key: string(s.ID)},
		Task{Kind: TaskSendEvents, Merchant: s.Merchant, Key: o.ID})
}

// permalink is the buyer's page of the order. Shopify keeps it to itself until
// the app is approved for protected customer data; the storefront then is the
// best place to send a buyer, and the protocol requires one.
func permalink(o Order, m Merchant) string { return cmp.Or(o.URL, m.StorefrontURL) }

// complete marks the session completed by an order and makes the event that
// tells the agent.
func (s *Session) complete(o Order, now time.Time) (OrderEvent, error) {
	if err := s.become(Completed); err != nil {
		return OrderEvent{}, err
	}
	o = s.asCharged(s.adopt(o))
	s.Order, s.CompletedAt, s.UpdatedAt = &o, now, now
	s.Messages = s.standing()
	return OrderEvent{
		Merchant: s.Merchant, Connection: s.Connection, Session: s.ID, OrderID: o.ID,
		Type: OrderCreate, Order: o, CreatedAt: now,
	}, nil
}

// adopt gives the order's lines the ids that the agent knows from the session.
func (s *Session) adopt(o Order) Order {
	o.Session, o.Locale, o.PublicID = s.ID, s.Locale, s.publicOrderID()
	known := make(map[string]string, len(s.Lines))
	for _, l := range s.Lines {
		known[l.VariantID] = l.ID
	}
	renamed := make(map[string]string, len(o.Lines))
	lines := make([]OrderLine, len(o.Lines))
	for i, l := range o.Lines {
		if id, ok := known[l.VariantID]; ok {
			delete(known, l.VariantID) // a second line of the same variant keeps Shopify's id
			renamed[l.ID], l.ID = id, id
		}
		lines[i] = l
	}
	o.Lines = lines
	o.Fulfillments = s.collected(renameFulfilled(o.Fulfillments, renamed))
	o.Adjustments = renameAdjusted(o.Adjustments, renamed)
	return o
}

func renameFulfilled(list []Fulfillment, ids map[string]string) []Fulfillment {
	renamed := make([]Fulfillment, len(list))
	for i, f := range list {
		f.Lines = renameLines(f.Lines, ids)
		renamed[i] = f
	}
	return renamed
}

func renameAdjusted(list []Adjustment, ids map[string]string) []Adjustment {
	renamed := make([]Adjustment, len(list))
	for i, a := range list {
		a.Lines = renameLines(a.Lines, ids)
		renamed[i] = a
	}
	return renamed
}

func renameLines(list []LineQuantity, ids map[string]string) []LineQuantity {
	renamed := make([]LineQuantity, len(list))
	for i, q := range list {
		if id, ok := ids[q.Line]; ok {
			q.Line = id
		}
		renamed[i] = q
	}
	return renamed
}
