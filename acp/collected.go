package acp

// shippedStatus is what a parcel on its way is called.
const shippedStatus = "shipped"

// collected tells hand-overs of a session whose buyer fetches the goods as
// such: Shopify's fulfillments do not say how they reach the buyer, and an
// agent that hears "shipped" lets the buyer wait at home. What Shopify tells
// in its own words (picked up, delivered) stays.
func (s *Session) collected(list []Fulfillment) []Fulfillment {
	if kind, _ := s.SelectedKind(); kind != Pickup {
		return list
	}
	for i := range list {
		f := &list[i]
		if f.Kind == Digital {
			continue
		}
		f.Kind = Pickup
		if f.Status == shippedStatus {
			f.Status = "ready_for_pickup"
		}
		events := make([]FulfillmentEvent, len(f.Events))
		for j, e := range f.Events {
			if e.Type == shippedStatus {
				e.Type = "ready_for_pickup"
			}
			events[j] = e
		}
		f.Events = events
	}
	return list
}
