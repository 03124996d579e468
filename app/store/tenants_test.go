package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/app/store/storetest"
)

// Everything of one merchant is stored; another one asks for it by its exact
// name.
func TestTenantsNeverMeet(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		s, o := b.finished(t, "cs_1", "gid://shopify/Order/1")
		open := sessionOf(t, b.m, "cs_2")
		must(t, b.CreateSession(t.Context(), open))
		cart := cartOf(t, b.m, "cart_1")
		must(t, b.CreateCart(t.Context(), cart))
		must(t, b.SaveConnection(t.Context(), acp.Connection{ID: "con_1", Merchant: b.m.ID, Name: "Agent"}, "hash"))
		must(t, b.PutDelivery(t.Context(), acp.Delivery{ID: "d_1", Merchant: b.m.ID, Body: []byte("{}")}, acp.Task{}))
		must(t, b.MarkDirty(t.Context(), b.m.ID, []string{"gid://shopify/Product/1"}))
		must(t, b.AppendMovements(t.Context(), []acp.Movement{movementOf(s, acp.MoveCapture, "pi_1")}))
		must(t, b.NoteDifference(t.Context(), differenceOf(t, b.m, s.ID, acp.DifferRefund)))
		b.put(t, 1, product(1, noon), variant(11, 1, noon))
		b.finish(t, 1)
		events, err := b.PendingEvents(t.Context(), b.m.ID, o.ID)
		must(t, err)

		other := storetest.Install(t, b.Store, "m_2")
		event := events[0]
		event.Merchant = other.ID
		stolen := open
		stolen.Merchant = other.ID
		stolenCart := cart
		stolenCart.Merchant = other.ID
		payment := *paymentOf(s, o.ID)
		payment.Merchant = other.ID
		for name, ask := range map[string]func(context.Context) error{
			"Session": func(ctx context.Context) error {
				_, err := b.Session(ctx, other.ID, "", s.ID)
				return err
			},
			"Session of another connection": func(ctx context.Context) error {
				_, err := b.Session(ctx, b.m.ID, "con_2", s.ID)
				return err
			},
			"Cart": func(ctx context.Context) error {
				_, err := b.Cart(ctx, other.ID, cart.Connection, cart.ID)
				return err
			},
			"Cart of another connection": func(ctx context.Context) error {
				_, err := b.Cart(ctx, b.m.ID, "con_2", cart.ID)
				return err
			},
			"a cart of a merchant that does not exist": func(ctx context.Context) error {
				return b.CreateCart(ctx, acp.SavedCart{ID: "cart_3", Merchant: "m_3"})
			},
			"LeaseSession": func(ctx context.Context) error {
				return b.LeaseSession(ctx, other.ID, s.ID, "thief", noon, noon.Add(time.Hour))
			},
			"Payment": func(ctx context.Context) error { _, err := b.Payment(ctx, other.ID, s.ID); return err },
			"Order":   func(ctx context.Context) error { _, err := b.Order(ctx, other.ID, o.ID); return err },
			"SaveOrder": func(ctx context.Context) error {
				return b.SaveOrder(ctx, o, 0, event)
			},
			"TakeEvent":  func(ctx context.Context) error { return b.TakeEvent(ctx, event, noon, noon) },
			"SaveEvent":  func(ctx context.Context) error { return b.SaveEvent(ctx, event) },
			"Connection": func(ctx context.Context) error { _, err := b.Connection(ctx, other.ID, "con_1"); return err },
			"RevokeConnection": func(ctx context.Context) error {
				return b.RevokeConnection(ctx, other.ID, "con_1", noon)
			},
			"Delivery": func(ctx context.Context) error { _, err := b.Delivery(ctx, other.ID, "d_1"); return err },
			"ProductOfInventory": func(ctx context.Context) error {
				_, err := b.ProductOfInventory(ctx, other.ID, "gid://shopify/InventoryItem/11")
				return err
			},
			"Merchant":      func(ctx context.Context) error { _, err := b.Merchant(ctx, "m_3"); return err },
			"Forget":        func(ctx context.Context) error { return b.Forget(ctx, "m_3") },
			"SetAcceptance": func(ctx context.Context) error { return b.SetAcceptance(ctx, "m_3", acp.Acceptance{}) },
			"SetCompletion": func(ctx context.Context) error { return b.SetCompletion(ctx, "m_3", acp.HandOff) },
			"a row of a merchant that does not exist": func(ctx context.Context) error {
				return b.CreateSession(ctx, acp.Session{ID: "cs_3", Merchant: "m_3"})
			},
		} {
			t.Run(name, func(t *testing.T) { wantKind(t, ask(t.Context()), acp.KindNotFound) })
		}
		t.Run("TakeReconciliation", func(t *testing.T) {
			_, err := b.TakeReconciliation(t.Context(), "m_3", "thief", noon, noon.Add(time.Hour))
			wantKind(t, err, acp.KindNotFound)
		})
		t.Run("SaveSession", func(t *testing.T) { wantKind(t, b.SaveSession(t.Context(), &stolen), acp.KindStale) })
		t.Run("SaveCart", func(t *testing.T) { wantKind(t, b.SaveCart(t.Context(), &stolenCart), acp.KindStale) })
		t.Run("what only changes", func(t *testing.T) {
			must(t, b.ReleaseSession(t.Context(), other.ID, s.ID, ""))
			must(t, b.CloseDelivery(t.Context(), other.ID, "d_1"))
			marks, err := b.DirtyProducts(t.Context(), b.m.ID, 1)
			must(t, err)
			must(t, b.ClearDirty(t.Context(), other.ID, marks))
			_, err = b.FinishMirror(t.Context(), acp.Mirror{Merchant: other.ID, Generation: 99})
			must(t, err)
			must(t, b.ReplaceProducts(t.Context(), other.ID, 99, nil, []string{"gid://shopify/Product/1"}))
			must(t, b.Redact(t.Context(), other.ID, acp.Redaction{Email: "ada@example.com", Orders: []string{o.ID}}))
			must(t, b.Redact(t.Context(), other.ID, acp.Redaction{WholeShop: true}))
			b.unharmed(t, s, o)
			kept, err := b.Cart(t.Context(), b.m.ID, cart.Connection, cart.ID)
			if err != nil || kept.Buyer == nil {
				t.Fatalf("cart: %v %v", kept.Buyer, err)
			}
		})
		other = storetest.Install(t, b.Store, "m_4")
		t.Run("lists", func(t *testing.T) { b.nothingOf(t, other, o) })
	})
}

// unharmed checks that the first merchant has what it had.
func (b *books) unharmed(t *testing.T, s acp.Session, o acp.Order) {
	t.Helper()
	got, err := b.Order(t.Context(), b.m.ID, o.ID)
	if err != nil || got.Email != o.Email {
		t.Fatalf("order: %q %v", got.Email, err)
	}
	session, err := b.Session(t.Context(), b.m.ID, s.Connection, s.ID)
	if err != nil || session.Buyer == nil {
		t.Fatalf("session: %v", err)
	}
	_, err = b.Delivery(t.Context(), b.m.ID, "d_1")
	must(t, err)
	marks, err := b.DirtyProducts(t.Context(), b.m.ID, 1)
	if err != nil || len(marks) != 1 {
		t.Fatalf("marks: %v %v", marks, err)
	}
	if it := b.item(t, "11"); it.Hidden != "" {
		t.Fatalf("item: %s", it.Hidden)
	}
}

// nothingOf checks that no list shows another merchant anything.
func (b *books) nothingOf(t *testing.T, other acp.Merchant, o acp.Order) {
	t.Helper()
	items, err := b.Items(t.Context(), other.ID, []acp.ItemID{"11"})
	must(t, err)
	events, err := b.PendingEvents(t.Context(), other.ID, o.ID)
	must(t, err)
	connections, err := b.Connections(t.Context(), other.ID)
	must(t, err)
	marks, err := b.DirtyProducts(t.Context(), other.ID, 10)
	must(t, err)
	must(t, b.EachItem(t.Context(), other.ID, func(it acp.Item) error { items = append(items, it); return nil }))
	mirror, err := b.Mirror(t.Context(), other.ID)
	must(t, err)
	sales, err := b.Sales(t.Context(), other, time.Time{}, 10)
	must(t, err)
	money, err := b.MoneyReport(t.Context(), other.ID, 10, 10)
	must(t, err)
	due, err := b.SessionsToCompare(t.Context(), other.ID, []acp.Span{{To: noon.Add(time.Hour)}}, acp.Span{To: noon.Add(time.Hour)}, "", 10)
	must(t, err)
	if len(money.Open)+len(money.Stories)+len(due) > 0 || !money.Run.StartedAt.IsZero() {
		t.Fatalf("seen: %+v %v", money, due)
	}
	if len(items)+len(events)+len(connections)+len(marks)+len(sales.Latest) > 0 || mirror.State != acp.MirrorEmpty ||
		sales.Orders+sales.Sessions+sales.Revenue.Amount > 0 {
		t.Fatalf("seen: %v %v %v %v %v %v", items, events, connections, marks, mirror, sales)
	}
}
