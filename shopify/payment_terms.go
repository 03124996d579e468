package shopify

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

const (
	// termsFor is how long a template's id is believed. Templates are Shopify's own and cannot be edited by
	// staff, so a day only bounds how long a template that Shopify takes back is tried in vain by a process
	// that has not been refused yet.
	termsFor = 24 * time.Hour
	// termsKnown bounds the memory of templates, one for each shop.
	termsKnown = 10_000
)

// paymentTerms remembers, by shop, the template under which a completed draft is an unpaid order: reading it
// for every order would be a call between the buyer's click and their order.
type paymentTerms struct {
	mu    sync.Mutex
	known map[string]knownTerms
}

type knownTerms struct {
	at time.Time
	id string
}

func (p *paymentTerms) recall(shop string, now time.Time) (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t, found := p.known[shop]
	return t.id, found && now.Sub(t.at) < termsFor
}

func (p *paymentTerms) note(shop, id string, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil || len(p.known) >= termsKnown {
		p.known = make(map[string]knownTerms)
	}
	p.known[shop] = knownTerms{at: now, id: id}
}

// forget is for a shop that refused a draft: errors of drafts have no code, so it may have been the terms.
func (p *paymentTerms) forget(shop string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.known, shop)
}

// dueOnReceipt finds the payment terms under which a completed draft is an unpaid order. They are the way
// that replaced paymentPending; without any, completing marks the order paid.
func (c *Client) dueOnReceipt(ctx context.Context, m acp.Merchant) (string, error) {
	if id, found := c.terms.recall(m.Shop, c.Now()); found {
		return id, nil
	}
	answer, err := admin.PaymentTermsTemplates(ctx, c.reading(m.Shop))
	if err != nil {
		return "", fmt.Errorf("read payment terms: %w", err)
	}
	for _, t := range answer.PaymentTermsTemplates {
		if t.PaymentTermsType == admin.PaymentTermsTypeReceipt {
			c.terms.note(m.Shop, t.Id, c.Now())
			return t.Id, nil
		}
	}
	return "", &acp.Error{Kind: acp.KindRefused, Code: "refused", Message: "the shop offers no payment terms that are due on receipt"}
}
