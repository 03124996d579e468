package acp

import (
	"context"
	"sync"
	"time"
)

// Deliveries asks the shop for every way to receive a cart: shipping, pickup
// and local delivery. Pricing alone tells shipping rates only.
type Deliveries interface {
	// DeliveryOptions lists the ways to receive the cart at its address,
	// cheapest or not, in no particular order. It saves nothing in the shop
	// and fails as Quoter.Quote does, but with KindThrottled at once: it does
	// not wait for the shop's budget of calls.
	DeliveryOptions(ctx context.Context, m Merchant, c Cart) ([]FulfillmentOption, error)
}

const (
	// plainFor is how long a shop that neither delivers locally nor offers a
	// pickup for a postal code is not asked for them again.
	plainFor = 15 * time.Minute
	// unwellFor is the same for a shop that could not answer in time.
	unwellFor = time.Minute
	// busyFor is how long a shop whose budget of calls is spent is not asked for
	// any place: what it gets back meanwhile is needed to price carts.
	busyFor = 5 * time.Second
	// plainKnown bounds the memory of such shops.
	plainKnown = 10_000
	// askFor bounds the wait for what is welcome but not needed to sell, unless
	// the configuration says otherwise.
	askFor = 2 * time.Second
)

// deliveries are the ways to receive the physical goods as far as they are
// known before pricing; complete says whether that is all of them. Where the
// shop offers more than shipping, asking for all ways takes the place of the
// pricing without a rate, so that a change still costs two calls. busy is why
// the shop could not be asked, where asking again soon will help.
func (c *Checkout) deliveries(ctx context.Context, m Merchant, s *Session, p pricing) (options []FulfillmentOption, complete bool, busy error) {
	if !p.Fresh {
		return only(s.Options, Shipping, Pickup, LocalDelivery), false, nil
	}
	place, now := placeOf(m.ID, s.address()), c.Now()
	switch {
	case c.Deliveries == nil || place == "" || !s.shippable() || c.plain.knows(place, now):
		return nil, false, nil
	case c.silent.knows(place, now):
		return stillOffered(s), false, nil
	case c.unwell.knows(place, now), c.unwell.knows(string(m.ID), now):
		return stillOffered(s), false, &Error{Kind: KindThrottled, RetryAfter: busyFor}
	}
	bounded, cancel := context.WithTimeout(ctx, c.AskFor)
	defer cancel()
	options, err := c.Deliveries.DeliveryOptions(bounded, m, s.cart(""))
	if err != nil {
		c.Log.WarnContext(ctx, "delivery options not read; pricing tells the shipping rates", "session", s.ID, "error", err)
		c.noteUnwell(m.ID, place, KindOf(err))
		return stillOffered(s), false, passing(err)
	}
	if len(only(options, Pickup, LocalDelivery)) == 0 {
		c.plain.note(place, c.Now().Add(plainFor))
	}
	return only(options, Shipping, Pickup, LocalDelivery), true, nil
}

// passing is err if it is one that will pass.
func passing(err error) error {
	switch KindOf(err) {
	case KindRefused, KindInternal:
		return nil
	default:
		return err
	}
}

// noteUnwell remembers not to ask again too soon.
func (c *Checkout) noteUnwell(m MerchantID, place string, why Kind) {
	switch why {
	case KindThrottled:
		c.unwell.note(string(m), c.Now().Add(busyFor))
	case KindRefused, KindInternal: // not a matter of trying again
		c.silent.note(place, c.Now().Add(plainFor))
	default:
		c.unwell.note(place, c.Now().Add(unwellFor))
	}
}

// stillOffered is what a session may keep while the shop cannot be asked: a
// pickup does not depend on the address, and Shopify decides when it is chosen.
func stillOffered(s *Session) []FulfillmentOption { return only(s.Options, Pickup) }

// only keeps the options of some kinds.
func only(options []FulfillmentOption, kinds ...FulfillmentKind) []FulfillmentOption {
	var list []FulfillmentOption
	for _, o := range options {
		for _, kind := range kinds {
			if o.Kind == kind {
				list = append(list, o)
			}
		}
	}
	return list
}

// placeOf is what local delivery depends on, empty while it is unknown.
func placeOf(m MerchantID, a *Address) string {
	if a == nil {
		return ""
	}
	return string(m) + "\x00" + a.Country + "\x00" + a.PostalCode
}

// plainPlaces remembers where shops need not be asked for a while. It is a
// saving, not a fact: forgetting it costs nothing.
type plainPlaces struct {
	mu    sync.Mutex
	until map[string]time.Time
}

func (p *plainPlaces) knows(place string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return now.Before(p.until[place])
}

func (p *plainPlaces) note(place string, until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.until == nil || len(p.until) >= plainKnown {
		p.until = make(map[string]time.Time)
	}
	p.until[place] = until
}
