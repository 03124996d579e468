package shopify

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// RecordRefund implements acp.ShopRefunds with refundCreate, which for a manual gateway only writes down that
// money was given back; the buyer gets no mail of it. A refund whose note has the name is success: it is
// looked for first, and again when the answer was lost. The same idempotency key makes Shopify answer with the
// refund that it has made already.
func (c *Client) RecordRefund(ctx context.Context, m acp.Merchant, p acp.Payment, r acp.RefundNote) (acp.ShopRefund, error) {
	o, err := c.orderMoney(ctx, m, p.OrderID)
	if err != nil {
		return acp.ShopRefund{}, err
	}
	if made, found, err := refundNamed(o, p, r.Name); found || err != nil {
		return made, err
	}
	if len(o.Refunds) == mostRefunds { // it may be among those that are not read
		return acp.ShopRefund{}, &acp.Error{Kind: acp.KindRefused, Code: "refused", Message: "record refund: the order has more refunds than are read"}
	}
	failure := c.createRefund(ctx, m, o, p, r)
	if kind := acp.KindOf(failure); failure != nil && kind != acp.KindRefused && kind != acp.KindUnknown {
		return acp.ShopRefund{}, failure
	}
	if o, err = c.orderMoney(ctx, m, p.OrderID); err == nil {
		if made, found, err := refundNamed(o, p, r.Name); found && err == nil {
			return made, nil
		}
	}
	if failure == nil { // it says that it was made, and does not show it yet
		return acp.ShopRefund{}, &acp.Error{Kind: acp.KindUnavailable, Message: "record refund: it cannot be seen yet"}
	}
	return acp.ShopRefund{}, failure
}

func refundNamed(o *admin.OrderMoneyOrder, p acp.Payment, name string) (acp.ShopRefund, bool, error) {
	money, err := moneyOf(o, p)
	at := slices.IndexFunc(money.Refunds, func(r acp.ShopRefund) bool { return strings.Contains(r.Note, name) })
	if err != nil || at < 0 {
		return acp.ShopRefund{}, false, err
	}
	return money.Refunds[at], true, nil
}

func (c *Client) createRefund(ctx context.Context, m acp.Merchant, o *admin.OrderMoneyOrder, p acp.Payment, r acp.RefundNote) error {
	read := amountsIn(o.PresentmentCurrencyCode)
	sale, recorded := acp.SaleOf(salesOf(o.Transactions, read), p)
	switch {
	case read.err != nil:
		return read.err
	case !recorded:
		return &acp.Error{Kind: acp.KindRefused, Code: "refused", Message: "record refund: no payment is recorded on the order"}
	}
	silent, currency := false, r.Amount.Currency.Upper()
	answer, err := admin.OrderRefund(ctx, c.changing(m.Shop), admin.RefundInput{
		OrderId: o.Id, Note: set(r.Note), Notify: &silent, Currency: &currency,
		Transactions: []admin.OrderTransactionInput{{
			OrderId: o.Id, ParentId: &sale.ID, Gateway: sale.Method,
			Kind: admin.OrderTransactionKindRefund, Amount: r.Amount.Decimal(),
		}},
	}, "acp-refund-"+r.Name)
	if err != nil {
		return fmt.Errorf("record refund: %w", err)
	}
	if answer.RefundCreate == nil {
		return acp.Failed(acp.KindUnknown, "record refund", errEmptyPayload)
	}
	return refusedBy("record refund", answer.RefundCreate.UserErrors)
}
