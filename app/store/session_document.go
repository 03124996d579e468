package store

import (
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

const sessionVersion = 1

// sessionDocument is what of a session is never queried.
type sessionDocument struct {
	Version       int                         `json:"v"`
	Agent         string                      `json:"agent,omitzero"`
	Lines         []lineDocument              `json:"lines,omitzero"`
	Buyer         *buyerDocument              `json:"buyer,omitzero"`
	Fulfillment   *fulfillmentDocument        `json:"fulfillment,omitzero"`
	Options       []fulfillmentOptionDocument `json:"options,omitzero"`
	Selected      string                      `json:"selected,omitzero"`
	DiscountCodes []string                    `json:"discount_codes,omitzero"`
	Discounts     []discountDocument          `json:"discounts,omitzero"`
	Note          string                      `json:"note,omitzero"`
	Locale        string                      `json:"locale,omitzero"`
	Timezone      string                      `json:"timezone,omitzero"`
	Metadata      []byte                      `json:"metadata,omitzero"`
	Interventions []string                    `json:"interventions,omitzero"`
	Motives       motivesDocument             `json:"motives,omitzero"`
	TaxesIncluded bool                        `json:"taxes_included,omitzero"`
	Totals        totalsDocument              `json:"totals"`
	Messages      []messageDocument           `json:"messages,omitzero"`
	Attempt       *attemptDocument            `json:"attempt,omitzero"`
	Challenge     *challengeDocument          `json:"challenge,omitzero"`
	Handover      *handoverDocument           `json:"handover,omitzero"`
	Order         *orderDocument              `json:"order,omitzero"`
	UpdatedAt     time.Time                   `json:"updated_at,omitzero"`
	ExpiresAt     time.Time                   `json:"expires_at,omitzero"`
	CanceledAt    time.Time                   `json:"canceled_at,omitzero"`
	CreatedBy     acp.ClaimID                 `json:"created_by,omitzero"`
	CompletedBy   acp.ClaimID                 `json:"completed_by,omitzero"`
	CanceledBy    acp.ClaimID                 `json:"canceled_by,omitzero"`
}

func (s *Store) newSessionDocument(x acp.Session) sessionDocument {
	return sessionDocument{
		Version: sessionVersion, Agent: x.Agent, Lines: each(x.Lines, newLineDocument),
		Buyer: (*buyerDocument)(x.Buyer), Fulfillment: newFulfillmentDocument(x.Fulfillment),
		Options:  each(x.Options, newOptionDocument),
		Selected: x.Selected, DiscountCodes: x.DiscountCodes,
		Discounts: each(x.Discounts, newDiscountDocument),
		Note:      x.Note, Locale: x.Locale, Timezone: x.Timezone, Metadata: x.Metadata, Interventions: x.Interventions,
		Motives:       s.newMotivesDocument(x),
		TaxesIncluded: x.TaxesIncluded, Totals: newTotalsDocument(x.Totals),
		Messages:  each(x.Messages, newMessageDocument),
		Attempt:   s.newAttemptDocument(x.Attempt, owner(x.Merchant, x.ID)),
		Challenge: newChallengeDocument(x.Challenge),
		Handover:  newHandoverDocument(x.Handover), Order: newOrderDocument(x.Order),
		UpdatedAt: x.UpdatedAt, ExpiresAt: x.ExpiresAt, CanceledAt: x.CanceledAt,
		CreatedBy: x.CreatedBy, CompletedBy: x.CompletedBy, CanceledBy: x.CanceledBy,
	}
}

// fill writes the document into a session that has its columns already.
func (d sessionDocument) fill(x *acp.Session) {
	x.Agent, x.Lines = d.Agent, each(d.Lines, lineDocument.line)
	x.Buyer, x.Fulfillment = (*acp.Buyer)(d.Buyer), d.Fulfillment.details()
	x.Options = each(d.Options, fulfillmentOptionDocument.option)
	x.Selected, x.DiscountCodes = d.Selected, d.DiscountCodes
	x.Discounts = each(d.Discounts, discountDocument.discount)
	x.Note, x.Locale, x.Timezone, x.Metadata, x.Interventions = d.Note, d.Locale, d.Timezone, d.Metadata, d.Interventions
	x.TaxesIncluded, x.Totals = d.TaxesIncluded, d.Totals.totals()
	x.Messages = each(d.Messages, messageDocument.message)
	x.Challenge = d.Challenge.challenge()
	x.Handover, x.Order = d.Handover.handover(), d.Order.order()
	x.UpdatedAt, x.ExpiresAt, x.CanceledAt = d.UpdatedAt, d.ExpiresAt, d.CanceledAt
	x.CreatedBy, x.CompletedBy, x.CanceledBy = d.CreatedBy, d.CompletedBy, d.CanceledBy
}
