package acp

import "time"

// SessionID identifies a checkout session.
type SessionID string

// Session is one checkout, from the first item to an order. It stays ours
// until the buyer commits: nothing is saved in the shop before.
type Session struct {
	ID         SessionID
	Merchant   MerchantID
	Connection ConnectionID
	Agent      string // the connection's name when the session was opened, for staff
	// Revision rises with every save; saving is a compare-and-swap on it.
	Revision int64
	Status   Status
	Currency Currency

	Lines         []Line
	Buyer         *Buyer
	Fulfillment   *FulfillmentDetails
	Options       []FulfillmentOption
	Selected      string // ID of the option for everything physical, DigitalOption if nothing is; empty: none
	DiscountCodes []string
	Discounts     []Discount
	Note          string
	Locale        string       // BCP 47, as the agent asked
	Timezone      string       // IANA, as the agent said; may be empty
	Metadata      []byte       // JSON object, given back as it came
	Interventions []string     // that the agent can carry out
	FirstTouch    *Attribution // who led the buyer here, told when the session was opened
	LastTouch     *Attribution // told when it was completed
	Consents      []Consent    // to channels that were offered
	Left          *IntentTrace // why the buyer left, where the agent said

	TaxesIncluded bool
	Totals        Totals
	Messages      []Message

	// Moved are movements of money that are not in the ledger yet; saving the
	// session writes them there.
	Moved []Movement
	// Differs is what staff must be told of its money; saved with the session
	// as Moved is.
	Differs []Difference
	// Matters are what staff must do about orders of it; saved with the session
	// as Moved is.
	Matters []MoneyMatter
	// Told is the claim, with the answer that tells this state of the session,
	// as which both are saved in one commit. It is not kept as part of the
	// session.
	Told *Claim

	Attempt *Attempt // the newest attempt to pay; nil before the first
	// Challenge is what the agent is asked for while Authenticating; nil else.
	Challenge *Challenge
	Handover  *Handover // nil unless the connection hands the buyer over
	Order     *Order

	CreatedAt   time.Time
	UpdatedAt   time.Time
	ExpiresAt   time.Time
	CompletedAt time.Time
	CanceledAt  time.Time
	CreatedBy   ClaimID // the requests that made these steps, so that their
	CompletedBy ClaimID // retries after a crash are recognised
	CanceledBy  ClaimID
}

// Line is one item of a session with its amounts in minor units.
type Line struct {
	ID           string
	Item         ItemID
	VariantID    string // Shopify's global id
	ProductID    string // Shopify's global id
	Title        string
	Description  string
	SKU          string
	ImageURL     string
	Options      []NamedValue
	Quantity     int64
	UnitAmount   int64 // the price that the shop shows for one
	Base         int64 // before discounts; without the contained tax in tax-inclusive shops
	Discount     int64
	Tax          int64
	Shippable    bool
	Availability Availability
	Stock        *int64 // nil when the shop does not count this item
}

// Subtotal is the line after discounts, before tax.
func (l Line) Subtotal() int64 { return l.Base - l.Discount }

// Total is what the line adds to the order: base - discount + tax.
func (l Line) Total() int64 { return l.Base - l.Discount + l.Tax }

// NamedValue is a variant's option, such as Size: M.
type NamedValue struct{ Name, Value string }

// Availability of an item.
type Availability string

// The availabilities.
const (
	InStock    Availability = "in_stock"
	LowStock   Availability = "low_stock"
	OutOfStock Availability = "out_of_stock"
	Backorder  Availability = "backorder"
)

// Totals are a session's amounts in minor units; Sum is their identity.
type Totals struct {
	ItemsBase     int64
	ItemsDiscount int64
	Discount      int64 // of the order as a whole
	Fulfillment   int64
	Tax           int64
	Fee           int64 // what Shopify's total holds beyond its parts; normally zero
	Total         int64 // as Shopify computed it, never summed here
	TaxParts      []TaxPart
}

// Subtotal is the items after their discounts.
func (t Totals) Subtotal() int64 { return t.ItemsBase - t.ItemsDiscount }

// Sum of the parts; it always equals Total.
func (t Totals) Sum() int64 {
	return t.ItemsBase - t.ItemsDiscount - t.Discount + t.Fulfillment + t.Tax + t.Fee
}

// TaxPart is one tax of the whole order. Rate is a decimal string ("0.0725").
type TaxPart struct {
	Title  string
	Rate   string
	Amount int64
}

// At is the session as it stands at a moment: an open session past its expiry
// reads as expired without anything being written, so that reading stays free
// of side effects.
func (s Session) At(now time.Time) Session {
	if (s.Status.Open() || s.Status == Authenticating) && !s.ExpiresAt.IsZero() && !now.Before(s.ExpiresAt) {
		s.Status = Expired
	}
	return s
}

// Total is what the buyer pays.
func (s Session) Total() Money { return Money{Amount: s.Totals.Total, Currency: s.Currency} }

// shippable reports whether any line has to be sent somewhere.
func (s Session) shippable() bool {
	for _, l := range s.Lines {
		if l.Shippable {
			return true
		}
	}
	return false
}

// email is where Shopify's confirmation goes.
func (s Session) email() string {
	if s.Buyer != nil && s.Buyer.Email != "" {
		return s.Buyer.Email
	}
	if s.Fulfillment != nil {
		return s.Fulfillment.Email
	}
	return ""
}

// address is where the goods go, nil while unknown.
func (s Session) address() *Address {
	if s.Fulfillment == nil {
		return nil
	}
	return s.Fulfillment.Address
}
