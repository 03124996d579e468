package acp

// FulfillmentOption is a way to receive the goods. Amount is in minor units of
// the session's currency, as the shop shows it (with tax in tax-inclusive
// shops).
type FulfillmentOption struct {
	ID          string // stable for the session: Shopify's handle, or DigitalOption
	Title       string
	Description string
	Kind        FulfillmentKind
	Amount      int64
	Location    *PickupLocation // of a pickup, nil otherwise
}

// FulfillmentKind tells how goods are delivered.
type FulfillmentKind string

// The kinds of fulfillment.
const (
	Shipping      FulfillmentKind = "shipping"
	Digital       FulfillmentKind = "digital"
	Pickup        FulfillmentKind = "pickup"
	LocalDelivery FulfillmentKind = "local_delivery"
)

// PickupLocation is where the buyer collects the goods.
type PickupLocation struct {
	Name         string
	Address      Address
	Phone        string
	Instructions string
}

// DigitalOption is the ID of the one option of what need not be moved.
const DigitalOption = "digital"

// Selection is a fulfillment option for some lines of a session.
type Selection struct {
	Kind     FulfillmentKind // empty: whichever the option has; early versions cannot tell
	OptionID string
	// Lines are ids of lines, or of the items in them. A request that names
	// none means all that the option can serve.
	Lines []string
}

// serves reports whether goods of a kind of line can be delivered this way.
func (k FulfillmentKind) serves(shippable bool) bool { return shippable == (k != Digital) }

// SelectedKind is how the physical goods are delivered; false while nothing is
// chosen for them.
func (s Session) SelectedKind() (FulfillmentKind, bool) {
	for _, o := range s.Options {
		if o.ID == s.Selected && o.Kind != Digital {
			return o.Kind, true
		}
	}
	return "", false
}

// Selections says which option serves which lines: one for everything that is
// sent or collected, because a Shopify order has one shipping line, and one
// for what is digital.
func (s Session) Selections() []Selection {
	var list []Selection
	if kind, chosen := s.SelectedKind(); chosen {
		list = append(list, Selection{Kind: kind, OptionID: s.Selected, Lines: s.linesFor(kind)})
	}
	for _, o := range s.Options {
		if o.Kind == Digital {
			list = append(list, Selection{Kind: Digital, OptionID: o.ID, Lines: s.linesFor(Digital)})
		}
	}
	return list
}

func (s Session) linesFor(kind FulfillmentKind) []string {
	ids := []string{}
	for _, l := range s.Lines {
		if kind.serves(l.Shippable) {
			ids = append(ids, l.ID)
		}
	}
	return ids
}
