package acp

import "fmt"

// ofOrder is about the payment of an order.
func (v *verdict) ofOrder(e evidence) {
	o, kept := e.order, e.kept()
	switch {
	case !e.asked:
	case o == nil:
		if kept.Amount > 0 || e.seen.State == PaymentAuthorized {
			v.differ(e, DifferOrderGone, "an order", "none",
				fmt.Sprintf("%s holds %s, its order no longer exists in Shopify", e.provider, e.holds()))
		}
	case !o.CanceledAt.IsZero():
		if kept.Amount > 0 || e.seen.State == PaymentAuthorized {
			v.differ(e, DifferCanceled, "nothing held", e.holds().String()+" held",
				fmt.Sprintf("Order %s is canceled, %s still holds %s", o.Name, e.provider, e.holds()))
		}
	case PaidInShop(o.Sales, *e.placed):
		v.ofPaidInShop(e)
	case e.seen.State == PaymentAuthorized:
		v.notTaken(e)
	case e.seen.State != PaymentCaptured:
		v.differ(e, DifferNothingHeld, o.Total.String()+" taken", "nothing",
			fmt.Sprintf("Order %s is %s, %s holds nothing", o.Name, e.marked(), e.provider))
	default:
		v.ofSale(e)
	}
}

func (v *verdict) notTaken(e evidence) {
	v.differ(e, DifferNotTaken, e.order.Total.String()+" taken", e.seen.Amount.String()+" reserved",
		fmt.Sprintf("Order %s is %s, %s holds only a reservation", e.order.Name, e.marked(), e.provider))
}

// ofPaidInShop is about an order that the buyer paid in Shopify instead: the
// provider should hold nothing for it, unless Shopify's was given back.
func (v *verdict) ofPaidInShop(e evidence) {
	o, kept := e.order, e.kept()
	inShop := Money{Amount: o.Received.Amount - o.Refunded.Amount, Currency: o.Received.Currency}
	switch {
	case e.seen.State == PaymentAuthorized && inShop.Amount > 0:
		v.differ(e, DifferOwnerless, "nothing reserved", e.seen.Amount.String()+" reserved",
			fmt.Sprintf("Order %s was paid in Shopify, %s still holds %s", o.Name, e.provider, e.seen.Amount))
	case e.seen.State == PaymentAuthorized:
		v.notTaken(e)
	case kept.Amount > 0 && inShop.Amount+kept.Amount > o.Total.Amount:
		v.differ(e, DifferTwice, o.Total.String()+" paid", inShop.String()+" and "+kept.String()+" paid",
			fmt.Sprintf("Order %s costs %s, %s was paid for it in Shopify, %s took %s as well", o.Name, o.Total, inShop, e.provider, kept))
	}
}

// holds is what the provider has of the buyer's money.
func (e evidence) holds() Money {
	if e.seen.State == PaymentAuthorized {
		return e.seen.Amount
	}
	return e.kept()
}

func (e evidence) marked() string {
	if e.order.Paid {
		return "marked paid"
	}
	return "placed"
}

// unmarked reports whether the order lacks the mark that this payment would
// give it. One that was edited since it was paid does not, and one that costs
// another amount must not get it: the mark says that all of it was paid.
func (e evidence) unmarked() bool {
	o, taken := e.order, e.seen.Amount.Amount
	left := o.Total.Amount - o.Received.Amount
	return !o.Paid && o.Received.Amount < taken && (left == taken || o.Total.Amount == taken)
}

// ofSale is about money that was taken for an order that stands.
func (v *verdict) ofSale(e evidence) {
	o, given := e.order, e.refunded()
	if e.unmarked() {
		v.differ(e, DifferNotPaid, "marked paid", "not marked paid",
			fmt.Sprintf("%s took %s, order %s is not marked paid", e.provider, e.seen.Amount, o.Name))
	}
	if o.Total != e.seen.Amount {
		v.differ(e, DifferTotal, o.Total.String(), e.seen.Amount.String()+" taken",
			fmt.Sprintf("Order %s costs %s, %s took %s", o.Name, o.Total, e.provider, e.seen.Amount))
	}
	if over := o.Received.Amount - o.Refunded.Amount - o.Total.Amount; over > 0 && o.Total == e.seen.Amount {
		v.differ(e, DifferTwice, o.Total.String()+" received", o.Received.String()+" received",
			fmt.Sprintf("Order %s costs %s and received %s, of which %s by %s", o.Name, o.Total, o.Received, e.seen.Amount, e.provider))
	}
	// What else the order received may have been given back, too, and is none
	// of the provider's.
	others := max(0, o.Received.Amount-e.seen.Amount.Amount)
	if back := o.Refunded.Amount - given.Amount; back < 0 || back > others {
		v.differ(e, DifferRefund, o.Refunded.String()+" refunded", given.String()+" refunded",
			fmt.Sprintf("Order %s says %s refunded, %s says %s", o.Name, o.Refunded, e.provider, given))
	}
}
