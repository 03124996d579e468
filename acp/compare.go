package acp

import (
	"fmt"
	"slices"
	"time"
)

// evidence is what all books say of one payment.
type evidence struct {
	provider string
	id       string // the provider's id of the payment
	ledger   []Movement
	seen     *Payment      // as the provider sees it; nil when it knows none
	whose    ownership     // of the payment
	placed   *Payment      // the order's, when it is this very payment
	order    *OrderBalance // nil when the shop has none, or was not asked
	asked    bool          // whether the shop was asked for the order
	now      time.Time
}

// verdict is what follows from the evidence.
type verdict struct {
	differences []Difference
	missing     []Movement // that the provider proves and the ledger lacks
}

// compare holds the books of one payment against each other. First the
// ledger against the provider, then the provider against the shop.
func compare(e evidence) verdict {
	v := &verdict{}
	if e.seen == nil {
		if len(e.ledger) > 0 {
			v.differ(e, DifferPaymentGone, "a payment", "none",
				fmt.Sprintf("The ledger has the payment %s, %s does not know it", e.id, e.provider))
		}
		return *v
	}
	v.ofReservation(e)
	v.ofTaking(e)
	v.ofRefunds(e)
	v.ofDisputes(e)
	if e.placed != nil {
		v.ofOrder(e)
	} else {
		v.ofOwner(e)
	}
	return *v
}

func (v *verdict) differ(e evidence, kind DifferenceKind, expected, found, what string) {
	d := Difference{Provider: e.provider, PaymentID: e.id, Kind: kind, Expected: expected, Found: found, What: what}
	if e.placed != nil {
		d.OrderID = e.placed.OrderID
	}
	if e.order != nil {
		d.OrderName = e.order.Name
	}
	v.differences = append(v.differences, d)
}

// add notes a movement that the provider proves.
func (v *verdict) add(e evidence, kind MovementKind, amount Money, reference string, at time.Time) {
	p := *e.seen
	p.Provider, p.ProviderID = e.provider, e.id
	v.missing = append(v.missing, p.movement(kind, amount, reference, "learned from "+e.provider+" by the nightly comparison", at))
}

// has finds a kind of movement in the ledger.
func (e evidence) has(kind MovementKind) bool {
	return slices.ContainsFunc(e.ledger, func(m Movement) bool { return m.Kind == kind })
}

// sum of the ledger's movements of a kind, in the payment's currency.
func (e evidence) sum(kind MovementKind) Money {
	total := Money{Currency: e.seen.Amount.Currency}
	for _, m := range e.ledger {
		if m.Kind == kind {
			total.Amount += m.Amount.Amount
		}
	}
	return total
}

func (v *verdict) ofReservation(e evidence) {
	switch {
	case e.seen.State == PaymentAuthorized && e.has(MoveVoid):
		v.differ(e, DifferLedgerReserved, "nothing reserved", e.seen.Amount.String()+" reserved",
			fmt.Sprintf("The ledger says that a reservation was given back, %s still holds %s", e.provider, e.seen.Amount))
	case e.seen.State == PaymentVoided && e.has(MoveAuthorize) && !e.has(MoveVoid) && !e.has(MoveCapture):
		reserved := e.sum(MoveAuthorize)
		v.add(e, MoveVoid, reserved, e.id, e.now)
		v.differ(e, DifferLedgerReserved, reserved.String()+" reserved", "nothing reserved",
			fmt.Sprintf("%s holds nothing any more, the ledger said %s reserved", e.provider, reserved))
	}
}

func (v *verdict) ofTaking(e evidence) {
	said := e.sum(MoveCapture)
	switch {
	case e.seen.State == PaymentCaptured && !e.has(MoveCapture):
		if len(e.ledger) == 0 && e.whose == ownerUnknown {
			return // these books have no session that it could be written under
		}
		v.add(e, MoveCapture, e.seen.Amount, e.id, e.now)
		v.differ(e, DifferLedgerTaken, "nothing taken", e.seen.Amount.String()+" taken",
			fmt.Sprintf("%s took %s, the ledger said nothing", e.provider, e.seen.Amount))
	case e.seen.State == PaymentCaptured && said != e.seen.Amount:
		v.differ(e, DifferLedgerTaken, said.String()+" taken", e.seen.Amount.String()+" taken",
			fmt.Sprintf("%s took %s, the ledger says %s", e.provider, e.seen.Amount, said))
	case e.seen.State != PaymentCaptured && e.has(MoveCapture):
		v.differ(e, DifferLedgerTaken, said.String()+" taken", "nothing taken",
			fmt.Sprintf("The ledger says %s taken, %s took nothing", said, e.provider))
	}
}

// refunded is what the provider gave back, or is giving back.
func (e evidence) refunded() Money {
	total := Money{Currency: e.seen.Amount.Currency}
	for _, r := range e.seen.Refunds {
		if r.State != RefundFailed {
			total.Amount += r.Amount.Amount
		}
	}
	return total
}

func (v *verdict) ofRefunds(e evidence) {
	if e.seen.State != PaymentCaptured || (len(e.ledger) == 0 && e.whose == ownerUnknown) {
		return
	}
	given, said := e.refunded(), e.sum(MoveRefund)
	said.Amount -= e.failedRefunds()
	for _, r := range e.seen.Refunds {
		known := slices.ContainsFunc(e.ledger, func(m Movement) bool { return m.Kind == MoveRefund && m.Reference == r.ID })
		if r.State != RefundFailed && !known {
			v.add(e, MoveRefund, r.Amount, r.ID, r.At)
		}
	}
	if given != said {
		v.differ(e, DifferLedgerRefund, said.String()+" refunded", given.String()+" refunded",
			fmt.Sprintf("Refunded %s at %s, the ledger says %s", given, e.provider, said))
	}
}

// failedRefunds is what the ledger says came back from refunds that failed
// after they were counted.
func (e evidence) failedRefunds() (total int64) {
	for _, m := range e.ledger {
		refund := slices.ContainsFunc(e.seen.Refunds, func(r Refund) bool { return r.ID == m.Reference })
		if m.Kind == MoveReinstate && refund {
			total += m.Amount.Amount
		}
	}
	return total
}

func (v *verdict) ofDisputes(e evidence) {
	for _, d := range e.seen.Disputes {
		heard := func(kind MovementKind) bool {
			return slices.ContainsFunc(e.ledger, func(m Movement) bool { return m.Kind == kind && m.Reference == d.ID })
		}
		switch {
		case d.State == DisputeInquiry || d.State == DisputeWithdrawn: // no money moved
		case d.State == DisputeWon && heard(MoveDispute) && !heard(MoveReinstate):
			v.add(e, MoveReinstate, d.Amount, d.ID, e.now)
			v.differ(e, DifferLedgerDispute, d.Amount.String()+" disputed", "the dispute is won",
				fmt.Sprintf("A dispute over %s is won at %s, the ledger did not say so", d.Amount, e.provider))
		case d.State != DisputeWon && !heard(MoveDispute):
			v.add(e, MoveDispute, d.Amount, d.ID, d.At)
			v.differ(e, DifferLedgerDispute, "no dispute", d.Amount.String()+" disputed",
				fmt.Sprintf("A buyer's bank took %s back at %s, the ledger did not say so", d.Amount, e.provider))
		}
	}
}

// disputed is what buyers' banks hold or took for good.
func (e evidence) disputed() Money {
	total := Money{Currency: e.seen.Amount.Currency}
	for _, d := range e.seen.Disputes {
		if d.State == DisputeOpen || d.State == DisputeLost {
			total.Amount += d.Amount.Amount
		}
	}
	return total
}

// kept is what was taken and neither given back nor disputed.
func (e evidence) kept() Money {
	kept := e.seen.Amount
	if e.seen.State != PaymentCaptured {
		kept.Amount = 0
	}
	kept.Amount -= e.refunded().Amount + e.disputed().Amount
	return kept
}

// ofOwner is about a payment that no order owns.
func (v *verdict) ofOwner(e evidence) {
	kept := e.kept()
	switch {
	case e.whose == ownerAttempt:
	case e.seen.State == PaymentCaptured && kept.Amount > 0:
		v.differ(e, DifferNoOrder, "nothing taken", kept.String()+" taken", fmt.Sprintf("%s took %s, no order exists", e.provider, kept))
	case e.seen.State == PaymentAuthorized && e.whose == ownerUnknown:
		v.differences = append(v.differences, unknownCheckout(e.provider, *e.seen))
	case e.seen.State == PaymentAuthorized:
		v.differ(e, DifferOwnerless, "nothing reserved", e.seen.Amount.String()+" reserved",
			fmt.Sprintf("%s holds %s that no checkout and no order owns", e.provider, e.seen.Amount))
	}
}
