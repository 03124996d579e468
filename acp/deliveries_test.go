package acp

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"
)

// counter is a shop with a shipping rate, a courier and a pickup, that counts
// what it is asked.
type counter struct {
	lines   []QuotedLine
	options []FulfillmentOption
	down    error  // of DeliveryOptions
	gone    string // handle that is refused
	asked   int
	priced  []string // the rates that were asked for
}

func (s *counter) DeliveryOptions(context.Context, Merchant, Cart) ([]FulfillmentOption, error) {
	s.asked++
	return s.options, s.down
}

func (s *counter) Quote(_ context.Context, _ Merchant, c Cart) (Quote, error) {
	s.priced = append(s.priced, c.Rate)
	if c.Rate != "" && c.Rate == s.gone {
		return Quote{}, &Error{Kind: KindRefused}
	}
	q := Quote{Currency: c.Currency, Lines: s.lines, Rate: c.Rate}
	for _, l := range s.lines {
		q.Total += l.Discounted
	}
	for _, o := range s.options {
		if o.Kind == Shipping && c.Address != nil {
			q.Rates = append(q.Rates, ShippingRate{Handle: o.ID, Title: o.Title, Amount: o.Amount})
		}
		if o.ID == c.Rate {
			q.RateAmount, q.Shipping = o.Amount, o.Amount
		}
	}
	q.Total += q.Shipping
	return q, nil
}

func shirtShop() *counter {
	return &counter{
		lines: []QuotedLine{{Unit: 1800, Original: 1800, Discounted: 1800, Shippable: true, Available: true}},
		options: []FulfillmentOption{
			{ID: "express", Kind: Shipping, Amount: 1500},
			{ID: "post", Kind: Shipping, Amount: 500},
			{ID: "courier", Kind: LocalDelivery, Amount: 300},
			{ID: "shop", Kind: Pickup, Location: &PickupLocation{Name: "Shop"}},
		},
	}
}

func checkoutAt(shop *counter, now *time.Time) *Checkout {
	return &Checkout{CheckoutConfig: CheckoutConfig{
		Shop: shop, Deliveries: shop, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return *now },
	}}
}

func shirtSession() *Session {
	return &Session{
		Status: NotReady, Currency: "usd", Lines: []Line{{ID: "li_1", Item: "1", Quantity: 1, Shippable: true}},
		Fulfillment: &FulfillmentDetails{Address: &Address{Country: "US", PostalCode: "94131"}},
	}
}

func reprice(t *testing.T, c *Checkout, s *Session, p pricing) {
	t.Helper()
	if err := c.price(context.Background(), Merchant{ID: "m"}, s, p); err != nil {
		t.Fatal(err)
	}
}

func TestTheCheapestWayThatBringsTheGoodsIsPreselected(t *testing.T) {
	now := time.Unix(0, 0)
	shop := shirtShop()
	s := shirtSession()
	reprice(t, checkoutAt(shop, &now), s, pricing{Fresh: true})
	if s.Selected != "courier" || len(s.Options) != 4 || s.Status != Ready || s.Totals.Total != 2100 {
		t.Errorf("selected %q of %+v, %s", s.Selected, s.Options, s.Status)
	}
	if shop.asked != 1 || !slices.Equal(shop.priced, []string{"courier"}) {
		t.Errorf("asked %d times, priced %q; want two calls in all", shop.asked, shop.priced)
	}
	reprice(t, checkoutAt(shop, &now), s, pricing{Selected: []Selection{{Kind: Pickup, OptionID: "shop"}}})
	if s.Selected != "shop" || len(s.Options) != 4 || shop.asked != 1 || len(shop.priced) != 2 {
		t.Errorf("choosing the pickup: %q, asked %d times, priced %q", s.Selected, shop.asked, shop.priced)
	}
}

func TestAShopThatOnlyShipsIsNotAskedForMoreAllTheTime(t *testing.T) {
	now := time.Unix(0, 0)
	shop := shirtShop()
	shop.options = shop.options[:2]
	c := checkoutAt(shop, &now)
	for range 3 {
		reprice(t, c, shirtSession(), pricing{Fresh: true})
	}
	if want := []string{"post", "", "post", "", "post"}; shop.asked != 1 || !slices.Equal(shop.priced, want) {
		t.Errorf("asked %d times, priced %q; want %q", shop.asked, shop.priced, want)
	}
	now = now.Add(plainFor)
	reprice(t, c, shirtSession(), pricing{Fresh: true})
	if shop.asked != 2 {
		t.Errorf("asked %d times; a shop may open a store", shop.asked)
	}
	unknown := shirtSession()
	unknown.Fulfillment = nil
	reprice(t, c, unknown, pricing{Fresh: true})
	if last := shop.priced[len(shop.priced)-1]; shop.asked != 2 || last != "" || len(unknown.Options) != 0 {
		t.Errorf("without an address: asked %d times, priced %q", shop.asked, shop.priced)
	}
}

func TestAShopThatDoesNotAnswerKeepsTheChosenPickup(t *testing.T) {
	now := time.Unix(0, 0)
	shop := shirtShop()
	shop.down = &Error{Kind: KindUnavailable, Err: errors.New("down")}
	c := checkoutAt(shop, &now)
	s := shirtSession()
	s.Options, s.Selected = shop.options, "shop"
	reprice(t, c, s, pricing{Fresh: true})
	if kind, _ := s.SelectedKind(); kind != Pickup {
		t.Errorf("selected %q of %+v; a buyer who means to fetch the goods must not be sent a parcel", s.Selected, s.Options)
	}
	reprice(t, c, s, pricing{Fresh: true})
	if kind, _ := s.SelectedKind(); kind != Pickup || shop.asked != 1 {
		t.Errorf("not asked again: selected %q of %+v, asked %d times", s.Selected, s.Options, shop.asked)
	}
	now = now.Add(unwellFor)
	reprice(t, c, s, pricing{Fresh: true})
	if shop.asked != 2 {
		t.Errorf("asked %d times in a minute; want 2", shop.asked)
	}
}

// Where only a pickup or a courier could bring the goods, a shop that is busy
// must not read as one that does not deliver there.
func TestABusyShopThatShipsNothingIsAskedAgain(t *testing.T) {
	for kind, told := range map[Kind][]Kind{
		KindThrottled: {KindThrottled, KindThrottled}, KindUnavailable: {KindUnavailable, KindThrottled},
		KindRefused: {"", ""}, // which does not pass: nobody brings them
	} {
		now := time.Unix(0, 0)
		shop := shirtShop()
		shop.options, shop.down = shop.options[2:], &Error{Kind: kind}
		c := checkoutAt(shop, &now)
		for _, want := range told {
			if err := c.price(t.Context(), Merchant{ID: "m"}, shirtSession(), pricing{Fresh: true}); KindOf(err) != want {
				t.Errorf("a shop that is %s: %v", kind, err)
			}
		}
		shop.down, now = nil, now.Add(plainFor)
		s := shirtSession()
		reprice(t, c, s, pricing{Fresh: true})
		if s.Selected != "courier" || len(s.Options) != 2 || s.Status != Ready {
			t.Errorf("when it answers: %q of %+v, %s", s.Selected, s.Options, s.Status)
		}
	}
}

func TestAShopWhoseBudgetIsSpentIsOnlyAskedForPrices(t *testing.T) {
	now := time.Unix(0, 0)
	shop := shirtShop()
	shop.down = &Error{Kind: KindThrottled}
	c := checkoutAt(shop, &now)
	for _, code := range []string{"94131", "10001", "60601"} {
		s := shirtSession()
		s.Fulfillment.Address.PostalCode = code
		if reprice(t, c, s, pricing{Fresh: true}); s.Status != Ready || s.Selected != "post" {
			t.Errorf("%s: selected %q of %+v, %s", code, s.Selected, s.Options, s.Status)
		}
	}
	if shop.asked != 1 {
		t.Errorf("asked %d times for what can be done without", shop.asked)
	}
	now, shop.down = now.Add(busyFor), nil
	s := shirtSession()
	if reprice(t, c, s, pricing{Fresh: true}); s.Selected != "courier" {
		t.Errorf("after a rest: selected %q of %+v", s.Selected, s.Options)
	}
}

func TestAWayThatTheShopNoLongerOffersIsNotOffered(t *testing.T) {
	now := time.Unix(0, 0)
	shop := shirtShop()
	c := checkoutAt(shop, &now)
	s := shirtSession()
	reprice(t, c, s, pricing{Fresh: true})
	shop.gone = "shop"
	err := c.price(context.Background(), Merchant{ID: "m"}, s, pricing{Selected: []Selection{{Kind: Pickup, OptionID: "shop"}}})
	if KindOf(err) != KindInvalid {
		t.Errorf("choosing a pickup that the shop refuses: %v", err)
	}
	shop.gone = "courier"
	reprice(t, c, s, pricing{})
	if s.Selected != "post" || offers(s.Options, "courier") {
		t.Errorf("selected %q of %+v", s.Selected, s.Options)
	}
}

// saves takes sessions and keeps none.
type saves struct{ Sessions }

func (saves) SaveSession(context.Context, *Session, ...Task) error { return nil }

func TestAnotherWayOfDeliveryIsToldNotChargedThoughItCostsTheSame(t *testing.T) {
	now := time.Unix(0, 0)
	shop := shirtShop()
	shop.options[1].Amount = 300 // the post costs what the courier does
	c := checkoutAt(shop, &now)
	c.Sessions = saves{}
	s := shirtSession()
	reprice(t, c, s, pricing{Fresh: true, Selected: []Selection{{Kind: LocalDelivery, OptionID: "courier"}}})
	s.Status, s.Attempt = InProgress, &Attempt{Step: StepStarted, Amount: s.Total()}
	shop.gone = "courier"
	if err := c.recheck(context.Background(), Merchant{ID: "m"}, s); err != nil {
		t.Fatal(err)
	}
	if s.Status != Ready || s.Attempt.Step != StepReleased || s.Attempt.Failure == nil || s.Attempt.Failure.Code != CodeConflict {
		t.Errorf("status %s, attempt %+v", s.Status, s.Attempt)
	}
}

func TestAChosenPickupShowsWhatTheShopChargesForIt(t *testing.T) {
	q := Quote{Lines: []QuotedLine{{Shippable: true}}, Rate: "shop", RateAmount: 250}
	if got := optionsOf(q, []FulfillmentOption{{ID: "shop", Kind: Pickup}}); len(got) != 1 || got[0].Amount != 250 {
		t.Errorf("options %+v; want the 250 that Shopify puts on the shipping line", got)
	}
}
