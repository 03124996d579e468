package acp

import (
	"context"
	"errors"
	"time"
)

// Delivery is a webhook of the shop, or of the provider that takes its
// payments, as it arrived, its signature verified.
type Delivery struct {
	ID          string // the platform's id of the delivery; retries have the same
	Merchant    MerchantID
	Topic       string
	Body        []byte
	TriggeredAt time.Time // ReceivedAt when the platform did not say
	ReceivedAt  time.Time
}

// News is what a delivery says, in the domain's words. At most one of the
// fields means something; none does for news that do not concern us.
type News struct {
	Products      []string // changed or deleted
	InventoryItem string   // stock changed
	Order         string   // something about it changed
	BulkFinished  bool
	ShopChanged   bool
	Uninstalled   bool
	Redact        *Redaction
	Payment       *PaymentNews // something happened to it at its provider
}

// Redaction asks for personal data to be erased (Shopify's customers/redact
// and shop/redact).
type Redaction struct {
	WholeShop bool
	Email     string
	Orders    []string // global ids
}

// InboxBook keeps deliveries until they are worked off.
type InboxBook interface {
	// PutDelivery inserts d and enqueues the task in one commit; a delivery
	// that is known already changes nothing.
	PutDelivery(ctx context.Context, d Delivery, task Task) error
	// Delivery reads one that is not worked off, KindNotFound.
	Delivery(ctx context.Context, m MerchantID, id string) (Delivery, error)
	// CloseDelivery marks it worked off and drops its body.
	CloseDelivery(ctx context.Context, m MerchantID, id string) error
	// Redact erases personal data of the merchant.
	Redact(ctx context.Context, m MerchantID, r Redaction) error
}

// Inbox takes what the shop and its payment providers have to tell: first a
// row, then the work.
type Inbox struct {
	Book    InboxBook
	Parse   func(topic string, body []byte) (News, error)
	Install *Install
	Catalog *Catalog
	Orders  *Orders
	Watch   *PaymentWatch
	Shops   ShopDirectory
	Now     func() time.Time
}

// NewInbox checks that nothing is missing.
func NewInbox(i Inbox) (*Inbox, error) {
	if i.Book == nil || i.Parse == nil || i.Install == nil || i.Catalog == nil || i.Orders == nil || i.Watch == nil || i.Shops == nil || i.Now == nil {
		return nil, errors.New("inbox: a field is missing")
	}
	return &i, nil
}

// Receive stores a delivery of the named shop; a shop that we do not know is
// ignored, because answering with an error would only bring it back.
func (i *Inbox) Receive(ctx context.Context, shop string, d Delivery) error {
	m, err := i.Shops.MerchantByShop(ctx, shop)
	if KindOf(err) == KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	d.Merchant, d.ReceivedAt = m.ID, i.Now()
	if d.TriggeredAt.IsZero() {
		d.TriggeredAt = d.ReceivedAt
	}
	return i.Book.PutDelivery(ctx, d, Task{Kind: TaskProcessInbox, Merchant: m.ID, Key: d.ID})
}

// Process works a delivery off. Each kind of news leads to reading the truth
// again, so order and repetition do not matter.
func (i *Inbox) Process(ctx context.Context, m MerchantID, id string) error {
	d, err := i.Book.Delivery(ctx, m, id)
	if KindOf(err) == KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	news, err := i.Parse(d.Topic, d.Body)
	if err != nil {
		return err
	}
	if err := i.act(ctx, d, news); err != nil {
		return err
	}
	return i.Book.CloseDelivery(ctx, m, id)
}

func (i *Inbox) act(ctx context.Context, d Delivery, n News) error {
	switch {
	case len(n.Products) > 0:
		return i.Catalog.Changed(ctx, d.Merchant, n.Products)
	case n.InventoryItem != "":
		return i.Catalog.StockChanged(ctx, d.Merchant, n.InventoryItem)
	case n.Order != "":
		return i.Orders.Refresh(ctx, d.Merchant, n.Order)
	case n.ShopChanged:
		return i.Install.RefreshProfile(ctx, d.Merchant)
	case n.Uninstalled:
		if d.TriggeredAt.Equal(d.ReceivedAt) {
			d.TriggeredAt = time.Time{} // it did not say
		}
		return i.Install.Uninstall(ctx, d.Merchant, d.TriggeredAt)
	case n.Redact != nil:
		return i.redact(ctx, d, *n.Redact)
	case n.Payment != nil:
		return i.Watch.Hear(ctx, d.Merchant, *n.Payment)
	}
	return nil
}

// redact erases personal data. A whole shop is erased 48 hours after it left;
// one that has come back since keeps its data, however late the order to erase
// it arrives.
func (i *Inbox) redact(ctx context.Context, d Delivery, r Redaction) error {
	if r.WholeShop {
		m, err := i.Install.Book.Merchant(ctx, d.Merchant)
		if err != nil {
			return err
		}
		if m.Status != Uninstalled {
			return nil
		}
	}
	return i.Book.Redact(ctx, d.Merchant, r)
}
