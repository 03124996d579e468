package shopify

import (
	"context"
	"fmt"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// Custom attributes by which an order is recognised; Shopify copies them from the draft. Staff see them
// under "Additional details".
const (
	AttributeSession   = "acp_session_id"
	AttributeReference = "acp_reference"
	AttributeAgent     = "acp_agent"
	// TagAgentSale marks every draft and order that an agent brought, for staff who filter by tag.
	TagAgentSale = "acp"
)

// CreateDraft implements acp.Drafts with draftOrderCreate. It is never repeated after an unknown outcome:
// look with FindDraft.
func (c *Client) CreateDraft(ctx context.Context, m acp.Merchant, d acp.DraftOrder) (acp.Draft, error) {
	input := draftInput(d.Cart)
	input.Tags = []string{TagAgentSale, d.Reference}
	input.CustomAttributes = attributes(
		AttributeSession, string(d.Session), AttributeReference, d.Reference, AttributeAgent, d.Agent)
	input.CustomAttributes = append(input.CustomAttributes, furtherAttributes(d.Attributes)...)
	if !d.HoldStock.IsZero() {
		until := d.HoldStock.UTC()
		input.ReserveInventoryUntil = &until
	}
	if d.PaidElsewhere {
		terms, err := c.dueOnReceipt(ctx, m)
		if err != nil {
			return acp.Draft{}, err
		}
		input.PaymentTerms = &admin.PaymentTermsInput{PaymentTermsTemplateId: &terms}
	}
	answer, err := admin.DraftCreate(ctx, c.changing(m.Shop), input)
	if err != nil {
		return acp.Draft{}, fmt.Errorf("create draft order: %w", err)
	}
	payload := answer.DraftOrderCreate
	if payload == nil {
		return acp.Draft{}, acp.Failed(acp.KindUnknown, "create draft order", errEmptyPayload)
	}
	if err := refusedBy("create draft order", payload.UserErrors); err != nil {
		c.terms.forget(m.Shop)
		return acp.Draft{}, err
	}
	if payload.DraftOrder == nil {
		return acp.Draft{}, acp.Failed(acp.KindUnknown, "create draft order", errEmptyPayload)
	}
	return draftOf(payload.DraftOrder)
}

// draftOf reads Shopify's draft; the total is what the buyer pays.
func draftOf(d *admin.Draft) (acp.Draft, error) {
	read := amountsIn(d.TotalPriceSet.PresentmentMoney.CurrencyCode)
	draft := acp.Draft{
		ID:         d.Id,
		InvoiceURL: value(d.InvoiceUrl),
		Ready:      d.Ready,
		Total:      acp.Money{Amount: read.of(d.TotalPriceSet), Currency: read.currency},
	}
	if d.Order != nil {
		draft.OrderID = d.Order.Id
	}
	return draft, read.err
}
