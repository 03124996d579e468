package acp

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// Limits of a cart. Shopify takes 250 lines in one draft; an agent that wants
// more than 100 different things has lost its way.
const (
	MaxLines    = 100
	MaxQuantity = 9999
)

// ItemRequest asks for a quantity of an item.
type ItemRequest struct {
	ID       ItemID
	Quantity int64
}

// CreateRequest opens a session.
type CreateRequest struct {
	Items         []ItemRequest
	Currency      Currency // empty: the shop's (versions before 2026-01-30 cannot ask for one)
	Buyer         *Buyer
	Fulfillment   *FulfillmentDetails
	DiscountCodes []string
	Note          string
	Locale        string
	Timezone      string
	Metadata      []byte
	Interventions []string
	Attribution   *Attribution
}

// Create opens a session and prices it. KindInvalid names an unknown item, a
// bad quantity or a currency that the shop does not sell in. Calling it again
// with the same claim returns the session that it opened the first time.
func (c *Checkout) Create(ctx context.Context, who Caller, r CreateRequest) (Session, error) {
	id := SessionID("cs_" + string(who.Claim))
	if !who.FirstTry {
		if s, err := c.Get(ctx, who, id); KindOf(err) != KindNotFound {
			return s, err
		}
	}
	r.Currency = cmp.Or(r.Currency, who.Merchant.Currency)
	if r.Currency != who.Merchant.Currency {
		return Session{}, Invalid(CodeInvalid, "$.currency", "this shop sells in "+string(who.Merchant.Currency))
	}
	now := c.Now()
	s := Session{
		ID: id, Merchant: who.Merchant.ID, Connection: who.Connection.ID, Agent: who.Connection.Name, CreatedBy: who.Claim,
		Status: NotReady, Currency: r.Currency, Locale: r.Locale, Metadata: r.Metadata, Interventions: r.Interventions,
		Buyer: r.Buyer, Fulfillment: r.Fulfillment, DiscountCodes: r.DiscountCodes, Note: r.Note,
		Timezone: r.Timezone, FirstTouch: r.Attribution.touched(now),
		CreatedAt: now, UpdatedAt: now, ExpiresAt: now.Add(c.SessionTTL),
	}
	if c.completes(who) == HandOff {
		s.Handover = c.newHandover(s)
	}
	if err := c.fill(ctx, &s, r.Items); err != nil {
		return Session{}, err
	}
	if err := c.price(ctx, who.Merchant, &s, pricing{Fresh: true}); err != nil {
		return Session{}, err
	}
	var err error
	if s.Told, err = who.told(s); err != nil {
		return Session{}, err
	}
	if err := c.Sessions.CreateSession(ctx, s); err != nil {
		return Session{}, err
	}
	s.Told = nil
	return s, nil
}

// fill replaces the session's lines by the requested items.
func (c *Checkout) fill(ctx context.Context, s *Session, requested []ItemRequest) error {
	merged, err := mergeItems(requested)
	if err != nil {
		return err
	}
	ids := make([]ItemID, len(merged))
	for i, r := range merged {
		ids[i] = r.ID
	}
	found, err := c.Items.Items(ctx, s.Merchant, ids)
	if err != nil {
		return fmt.Errorf("look up items: %w", err)
	}
	lines := make([]Line, 0, len(merged))
	for _, r := range merged {
		at := slices.IndexFunc(found, func(it Item) bool { return it.ID == r.ID })
		if at < 0 || found[at].Hidden != "" {
			return Invalid(CodeInvalid, itemParam(requested, r.ID)+".id", fmt.Sprintf("item %q is not sold here", r.ID))
		}
		lines = append(lines, newLine(found[at], r.Quantity))
	}
	s.Lines = lines
	return nil
}

func newLine(it Item, quantity int64) Line {
	title := it.Title
	if it.VariantTitle != "" {
		title += " - " + it.VariantTitle
	}
	return Line{
		ID: "li_" + string(it.ID), Item: it.ID, VariantID: it.VariantID, ProductID: it.ProductID,
		Title: title, Description: it.Description, SKU: it.SKU, ImageURL: it.ImageURL, Options: it.Options,
		Quantity: quantity, Shippable: it.Shippable, Availability: it.Availability, Stock: it.Stock,
	}
}

// mergeItems adds up repeated ids, because an agent that names an item twice
// wants two of it, and checks the limits.
func mergeItems(requested []ItemRequest) ([]ItemRequest, error) {
	if len(requested) == 0 {
		return nil, Invalid(CodeMissing, "$.line_items", "at least one item is required")
	}
	merged := make([]ItemRequest, 0, len(requested))
	for i, r := range requested {
		param := fmt.Sprintf("$.line_items[%d]", i)
		if strings.TrimSpace(string(r.ID)) == "" {
			return nil, Invalid(CodeMissing, param+".id", "an item needs an id")
		}
		if r.Quantity < 1 || r.Quantity > MaxQuantity {
			return nil, Invalid(CodeInvalid, param+".quantity", fmt.Sprintf("quantity must be a whole number from 1 to %d", MaxQuantity))
		}
		at := slices.IndexFunc(merged, func(m ItemRequest) bool { return m.ID == r.ID })
		if at < 0 {
			merged = append(merged, r)
			continue
		}
		merged[at].Quantity += r.Quantity
		if merged[at].Quantity > MaxQuantity {
			return nil, Invalid(CodeInvalid, param+".quantity", fmt.Sprintf("more than %d of one item", MaxQuantity))
		}
	}
	if len(merged) > MaxLines {
		return nil, Invalid(CodeInvalid, "$.line_items", fmt.Sprintf("at most %d different items", MaxLines))
	}
	return merged, nil
}

func itemParam(requested []ItemRequest, id ItemID) string {
	at := slices.IndexFunc(requested, func(r ItemRequest) bool { return r.ID == id })
	return fmt.Sprintf("$.line_items[%d]", at)
}
