package store_test

import (
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// fill gives every field another value, so that one that is not stored, or
// stored in another's place, shows; also one that the domain gains later.
func fill(t *testing.T, v reflect.Value, n *int) {
	t.Helper()
	*n++
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(noon.Add(time.Duration(*n) * time.Millisecond)))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), n)
		}
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0), n)
		fill(t, v.Index(1), n)
	case v.Kind() == reflect.String:
		v.SetString("text<&>\x00\u00e9 " + strconv.Itoa(*n))
	case v.CanInt():
		v.SetInt(1<<53 + int64(*n)) // more than a float can tell apart
	case v.CanUint():
		v.SetUint(uint64(*n % 250))
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	default:
		t.Fatalf("fill knows no %s", v.Type())
	}
}

func filled[T any](t *testing.T) T {
	t.Helper()
	var x T
	n := 0
	fill(t, reflect.ValueOf(&x).Elem(), &n)
	return x
}

// sessionOf is a session with every field set, of a merchant.
func sessionOf(t *testing.T, m acp.Merchant, id acp.SessionID) acp.Session {
	t.Helper()
	s := filled[acp.Session](t)
	s.ID, s.Merchant, s.Connection, s.Revision = id, m.ID, "con_1", 0
	s.Status, s.Currency = acp.Ready, "usd"
	s.Handover.Token = "go-" + string(m.ID) + "-" + string(id)
	// Movements, differences, matters and claims are rows of their own.
	s.Order, s.Moved, s.Differs, s.Matters, s.Told = nil, nil, nil, nil, nil
	return s
}

// orderOf is what the shop says of a session's order.
func orderOf(s acp.Session, id string) acp.Order {
	return acp.Order{
		ID: id, Name: "#1001", Session: s.ID, URL: "https://shop.example/orders/1", Status: acp.OrderCreated, Currency: "usd",
		Totals: acp.Totals{Total: 4200}, Email: "ada@example.com", PlacedAt: noon, UpdatedAt: noon,
		Lines: []acp.OrderLine{{ID: "li_1", Title: "Tea", Ordered: 2, Current: 2}}, Adjustments: []acp.Adjustment{},
	}
}

func paymentOf(s acp.Session, order string) *acp.Payment {
	return &acp.Payment{
		Merchant: s.Merchant, Session: s.ID, Attempt: 1, Reference: "acp-" + string(s.ID), ProviderID: "pi_1", OrderID: order,
		Amount: acp.Money{Amount: 4200, Currency: "usd"}, State: acp.PaymentAuthorized, CreatedAt: noon, UpdatedAt: noon,
	}
}

func eventOf(s acp.Session, o acp.Order, kind acp.EventType) acp.OrderEvent {
	return acp.OrderEvent{
		Merchant: s.Merchant, Connection: s.Connection, Session: s.ID, OrderID: o.ID, Type: kind, Order: o, CreatedAt: noon,
	}
}

// finished stores a session that became an order.
func (b *books) finished(t *testing.T, id acp.SessionID, order string) (acp.Session, acp.Order) {
	t.Helper()
	s := sessionOf(t, b.m, id)
	must(t, b.CreateSession(t.Context(), s))
	o := orderOf(s, order)
	s.Status, s.Order, s.Attempt.Step, s.Attempt.Token = acp.Completed, &o, acp.StepFinished, ""
	must(t, b.FinishCheckout(t.Context(), &s, paymentOf(s, order), eventOf(s, o, acp.OrderCreate)))
	return s, o
}
