package acp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// Problems that staff are told of, in plain words.
const (
	ProblemRefundFailed   = "The payment provider could not give the money back to the buyer's card. It is with you again."
	ProblemRefundTooLarge = "More was refunded in Shopify than is left of the payment at the provider. Nothing was given back."
	ProblemRefundRefused  = "The payment provider refused to give the money back."
	ProblemOtherCurrency  = "The refund is in another currency than the payment. Nothing was given back."
	ProblemNotRecorded    = "The money was given back at the provider, but Shopify did not take the refund down on the order."
	ProblemTakenForOne    = "The order has a refund in Shopify and the payment one at the provider, of the same amount and each made by hand. They were taken for one, so the money was given back once."
	ProblemManyRefunds    = "The order has so many refunds in Shopify that they cannot all be read. Neither side's refunds are carried over any more."
	ProblemCanceledPaid   = "The order was canceled before its payment was recorded, and the money was taken. It is still with you."
)

// disputeTag marks disputed orders in Shopify.
const disputeTag = "payment-disputed"

// Aftercare keeps the two sides of a placed order in step: the order in Shopify
// and its money at the provider. It reads both, and carries over what only one
// side has, as far as the merchant lets it; so it does not matter who noticed a
// change, how often, or in which order.
type Aftercare struct {
	Settlement *Settlement
	Book       AftermathBook
	Sessions   Sessions // for the lease
	Shop       ShopRefunds
	Lease      time.Duration // how long one run may own a session
	NewID      func() string // unguessable
	Log        *slog.Logger
}

// NewAftercare checks that nothing is missing.
func NewAftercare(a Aftercare) (*Aftercare, error) {
	if a.Settlement == nil || a.Book == nil || a.Sessions == nil || a.Shop == nil || a.Lease <= 0 || a.NewID == nil || a.Log == nil {
		return nil, errors.New("aftercare: a field is missing")
	}
	return &a, nil
}

// Follow settles a session's payment and carries refunds, cancellations and
// disputes over. A session without a payment is left alone. KindInFlight while
// another run is at it.
func (a *Aftercare) Follow(ctx context.Context, id MerchantID, session SessionID) error {
	_, err := a.Settlement.Book.Payment(ctx, id, session)
	if KindOf(err) == KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	m, err := a.Settlement.Merchants.Merchant(ctx, id)
	if err != nil {
		return err
	}
	owner, now := a.NewID(), a.Settlement.Now()
	err = a.Sessions.LeaseSession(ctx, id, session, owner, now, now.Add(a.Lease))
	if KindOf(err) == KindInFlight {
		// Whoever has it is mostly done at once; news must not wait for the
		// lease to run out.
		return &Error{Kind: KindInFlight, Code: "payment_followed", Message: "the payment is being followed", RetryAfter: 2 * time.Second, Err: err}
	}
	if err != nil {
		return err
	}
	defer a.release(context.WithoutCancel(ctx), id, session, owner)
	bounded, cancel := context.WithTimeout(ctx, a.Lease*2/3)
	defer cancel()
	return a.follow(bounded, m, session)
}

func (a *Aftercare) release(ctx context.Context, m MerchantID, id SessionID, owner string) {
	bounded, cancel := context.WithTimeout(ctx, releaseTime)
	defer cancel()
	if err := a.Sessions.ReleaseSession(bounded, m, id, owner); err != nil {
		a.Log.WarnContext(ctx, "lease not released; it runs out by itself", "session", id, "error", err)
	}
}

func (a *Aftercare) follow(ctx context.Context, m Merchant, session SessionID) error {
	// A payment that cannot be recorded must not keep its refunds from being
	// followed.
	_, unsettled := a.Settlement.settle(ctx, m, session, true)
	p, err := a.Settlement.Book.Payment(ctx, m.ID, session)
	if err != nil {
		return err
	}
	switch p.State {
	case PaymentCaptured, PaymentRecorded, PaymentRefunded:
		return errors.Join(unsettled, a.compare(ctx, m, p))
	case PaymentLost:
		if unsettled != nil {
			return unsettled // it may not be lost
		}
		return a.cancelLost(ctx, m, p)
	default:
		return unsettled
	}
}

// cancelLost cancels an order whose money can no longer be had, where the
// merchant wants that, unless it was paid in another way. Goods that are on their way make Shopify refuse it;
// staff see the payment anyway.
func (a *Aftercare) cancelLost(ctx context.Context, m Merchant, p Payment) error {
	if !m.Following.ProviderCancels {
		return nil
	}
	if o, err := a.Settlement.Orders.Order(ctx, m, p.OrderID); err == nil && (o.Paid || PaidInShop(o.Sales, p)) {
		return nil // by another way, meanwhile
	} else if err != nil && KindOf(err) != KindNotFound {
		return fmt.Errorf("read the order of a lost payment: %w", err)
	}
	err := a.Shop.CancelOrder(ctx, m, p.OrderID, "The payment lapsed or was canceled at "+p.Provider+" ("+p.ProviderID+").")
	if kind := KindOf(err); kind == KindRefused || kind == KindNotFound {
		a.Log.WarnContext(ctx, "an order whose payment is lost could not be canceled", "order", p.OrderID, "error", err)
		return nil
	}
	return err
}

// compare reads both sides, notes what changed, and carries over what is open.
func (a *Aftercare) compare(ctx context.Context, m Merchant, p Payment) error {
	provider, err := a.Settlement.Payments.Named(p.Provider)
	if err != nil {
		return err
	}
	p.Provider = provider.Name()
	shop, err := a.Shop.OrderMoney(ctx, m, p) // first: see refundMatch
	if err != nil && KindOf(err) != KindNotFound {
		return fmt.Errorf("read the order's refunds: %w", err)
	}
	seen, err := provider.Read(ctx, m, p.ProviderID)
	if err != nil {
		return fmt.Errorf("read payment: %w", err)
	}
	known, err := a.Book.Aftermath(ctx, m.ID, p.Session)
	if err != nil {
		return err
	}
	now := a.Settlement.Now()
	entries, moved := known.Refunds, []Movement(nil)
	if shop.Unread {
		err = a.tooManyRefunds(ctx, p)
	} else {
		entries, moved = matchRefunds(p, m.Following.where(shop), shop.Refunds, seen.Refunds, known.Refunds, now)
		entries = enterCanceled(entries, m, p, shop, seen, now)
	}
	if err != nil {
		return err
	}
	disputes, disputed := followDisputes(p, seen.Disputes, known.Disputes, now)
	if err := a.saveChanges(ctx, p, known, Aftermath{entries, disputes}, slices.Concat(moved, disputed)); err != nil {
		return err
	}
	if shop.Unread {
		return a.tag(ctx, m, disputes)
	}
	run := carrying{Aftercare: a, provider: provider, merchant: m, payment: p, left: leftOf(seen), inShop: shop.InShop}
	return errors.Join(run.refunds(ctx, entries), run.close(ctx, entries), a.tag(ctx, m, disputes))
}

// tooManyRefunds tells staff that the refunds of an order are not carried over
// any more: without reading all of them nobody can say which the other side
// lacks.
func (a *Aftercare) tooManyRefunds(ctx context.Context, p Payment) error {
	return a.Book.NoteMatter(ctx, p.Merchant, p.Session, MoneyMatter{
		Kind: MatterManyRefunds, ID: p.OrderID, OrderID: p.OrderID, Provider: p.Provider, PaymentID: p.ProviderID, Amount: p.Amount,
		Problem: ProblemManyRefunds, At: a.Settlement.Now(),
	})
}

// leftOf is what could still be given back of a payment.
func leftOf(seen Payment) int64 {
	left := seen.Amount.Amount
	for _, r := range seen.Refunds {
		if r.State != RefundFailed {
			left -= r.Amount.Amount
		}
	}
	return left
}

// enterCanceled notes that an order was canceled whose money was taken and not
// recorded: Shopify takes it for unpaid and refunds nothing.
func enterCanceled(entries []RefundEntry, m Merchant, p Payment, shop OrderMoney, seen Payment, now time.Time) []RefundEntry {
	id := p.OrderID + "#refund"
	known := slices.ContainsFunc(entries, func(e RefundEntry) bool { return e.OriginID == id })
	left := leftOf(seen)
	if p.State != PaymentCaptured || shop.CanceledAt.IsZero() || known || left <= 0 {
		return entries
	}
	e := RefundEntry{
		Merchant: p.Merchant, Session: p.Session, OrderID: p.OrderID, Provider: p.Provider, PaymentID: p.ProviderID, Origin: SideApp,
		OriginID: id, Amount: Money{Amount: left, Currency: p.Amount.Currency}, Carried: CarryOpen, CreatedAt: now, UpdatedAt: now,
	}
	if !m.Following.ShopCancels {
		e.Carried, e.Problem = CarryFailed, ProblemCanceledPaid
	}
	return append(entries, e)
}

// saveChanges writes what differs from what is known, if anything does.
func (a *Aftercare) saveChanges(ctx context.Context, p Payment, known, now Aftermath, moved []Movement) error {
	var changed Aftermath
	for i := range now.Refunds {
		e := &now.Refunds[i]
		if !slices.Contains(known.Refunds, *e) {
			e.UpdatedAt = a.Settlement.Now()
			changed.Refunds = append(changed.Refunds, *e)
		}
	}
	for i := range now.Disputes {
		d := &now.Disputes[i]
		if !slices.Contains(known.Disputes, *d) {
			d.UpdatedAt = a.Settlement.Now()
			changed.Disputes = append(changed.Disputes, *d)
		}
	}
	if len(changed.Refunds)+len(changed.Disputes) == 0 {
		return nil
	}
	return a.Book.SaveAftermath(ctx, changed, moved, refreshOrder(p))
}

// refreshOrder has the agent told.
func refreshOrder(p Payment) Task {
	return Task{Kind: TaskRefreshOrder, Merchant: p.Merchant, Key: p.OrderID}
}
