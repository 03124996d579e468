package shopify

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

const (
	// locationFor is how long an address of a location is believed; shops hardly ever move.
	locationFor = time.Hour
	// locationsKnown bounds the memory of locations.
	locationsKnown = 10_000
)

// pickupLocations remembers where locations are, so that offering a pickup costs no further call.
type pickupLocations struct {
	mu    sync.Mutex
	known map[string]knownLocation // by shop and location
}

type knownLocation struct {
	at   time.Time
	told acp.PickupLocation
}

func (p *pickupLocations) recall(key string, now time.Time) (acp.PickupLocation, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l, found := p.known[key]
	return l.told, found && now.Sub(l.at) < locationFor
}

func (p *pickupLocations) note(key string, l acp.PickupLocation, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil || len(p.known) >= locationsKnown {
		p.known = make(map[string]knownLocation)
	}
	p.known[key] = knownLocation{at: now, told: l}
}

// pickupLocation reads where a location is. It needs the scope read_locations.
func (c *Client) pickupLocation(ctx context.Context, m acp.Merchant, id string) (acp.PickupLocation, error) {
	key := m.Shop + " " + id
	if l, found := c.locations.recall(key, c.Now()); found {
		return l, nil
	}
	answer, err := admin.PickupLocation(ctx, c.reading(m.Shop), id)
	if err != nil {
		return acp.PickupLocation{}, fmt.Errorf("read location: %w", err)
	}
	if answer.Location == nil {
		return acp.PickupLocation{}, acp.NotFound("location")
	}
	l := locationOf(answer.Location)
	c.locations.note(key, l, c.Now())
	return l, nil
}

func locationOf(l *admin.PickupLocationLocation) acp.PickupLocation {
	a := l.Address
	state := value(a.ProvinceCode)
	if state == "" {
		state = value(a.Province)
	}
	return acp.PickupLocation{
		Name: l.Name, Phone: value(a.Phone),
		Address: acp.Address{
			Name: l.Name, LineOne: value(a.Address1), LineTwo: value(a.Address2), City: value(a.City),
			State: state, Country: value(a.CountryCode), PostalCode: value(a.Zip),
		},
	}
}
