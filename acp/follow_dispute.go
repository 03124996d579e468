package acp

import (
	"context"
	"errors"
	"slices"
	"time"
)

// followDisputes takes over what the provider says of a payment's disputes,
// and returns what they did with the money. An inquiry moves none.
func followDisputes(p Payment, seen []Dispute, known []DisputeEntry, now time.Time) ([]DisputeEntry, []Movement) {
	entries := slices.Clone(known)
	var moved []Movement
	for _, d := range seen {
		d.At, d.AnswerBy = d.At.Truncate(time.Millisecond).UTC(), d.AnswerBy.Truncate(time.Millisecond).UTC() // as the book has them
		at := slices.IndexFunc(entries, func(e DisputeEntry) bool { return e.ID == d.ID })
		if at < 0 {
			entries = append(entries, DisputeEntry{
				Merchant: p.Merchant, Session: p.Session, OrderID: p.OrderID, Provider: p.Provider, PaymentID: p.ProviderID, UpdatedAt: now,
			})
			at = len(entries) - 1
		}
		if entries[at].State != d.State {
			entries[at].HandledAt = time.Time{} // what was dealt with has changed
		}
		entries[at].Dispute = d
		switch d.State {
		case DisputeOpen, DisputeLost:
			moved = append(moved, p.movement(MoveDispute, d.Amount, d.ID, d.Reason, d.At))
		case DisputeWon:
			moved = append(moved,
				p.movement(MoveDispute, d.Amount, d.ID, d.Reason, d.At),
				p.movement(MoveReinstate, d.Amount, d.ID, "the dispute was won", now))
		}
	}
	return entries, moved
}

// tag marks disputed orders in Shopify, where the merchant wants that. The tag
// stays when the dispute is over.
func (a *Aftercare) tag(ctx context.Context, m Merchant, disputes []DisputeEntry) error {
	var failures []error
	for _, d := range disputes {
		if !m.Following.Disputes || d.Marked || d.State == DisputeWithdrawn {
			continue
		}
		err := a.Shop.TagOrder(ctx, m, d.OrderID, disputeTag)
		if kind := KindOf(err); kind == KindRefused || kind == KindNotFound {
			err = nil // an order that is gone needs no tag
		}
		if err == nil {
			d.Marked, d.UpdatedAt = true, a.Settlement.Now()
			err = a.Book.SaveAftermath(ctx, Aftermath{Disputes: []DisputeEntry{d}}, nil)
		}
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}
