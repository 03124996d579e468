package pricing

import "time"

// Shop is what the merchant has set: currency, taxes, shipping, discounts.
type Shop struct {
	Currency         string // ISO 4217
	TaxesIncluded    bool   // prices contain the tax
	TaxShipping      bool
	Country          string         // ISO 3166 alpha-2
	ShipsTo          []string       // countries beside Country
	FreeShippingOver int64          // minor units of merchandise from which Standard is free; 0 never
	Collection       *Collection    // nil: nothing can be collected
	LocalDelivery    *LocalDelivery // nil: none
	Codes            []Code
	Automatic        []Automatic
}

// Cart is what is priced.
type Cart struct {
	Lines           []Line
	Destination     *Destination // nil: not known yet, no taxes and no rates
	Codes           []string
	AcceptAutomatic bool
	OrderDiscount   *Discount // given by staff or app, on top of codes
	Shipping        *ShippingChoice
	TaxExempt       bool
	Now             time.Time
}

// Line is one line of the cart. Unit is minor units before discounts.
type Line struct {
	Unit             int64
	Quantity         int64
	Taxable          bool
	RequiresShipping bool
	Tags             []string
	Discount         *Discount
}

// Discount is a share in parts per million or, with PPM zero, a fixed amount in minor
// units. A fixed discount on a line counts per unit.
type Discount struct {
	Title  string `json:"title"`
	PPM    int64  `json:"ppm"`
	Amount int64  `json:"amount"`
}

// Destination is as much of an address as shipping and taxes depend on.
type Destination struct {
	Country, Province, City, Zip string
}

// ShippingChoice picks a rate by handle or, with no handle, sets a price by hand.
type ShippingChoice struct {
	Handle string `json:"handle"`
	Title  string `json:"title"`
	Price  int64  `json:"price"` // minor units
}

// Quote is the priced cart. In exclusive shops Total = Subtotal + ShippingTotal + TaxTotal;
// in tax-inclusive ones Total = Subtotal + ShippingTotal and TaxTotal is contained in it.
type Quote struct {
	Lines          []QuotedLine    `json:"lines"`
	LineItemsTotal int64           `json:"line_items_total"` // before any discount
	LinesSubtotal  int64           `json:"lines_subtotal"`   // after line discounts, before order discounts
	Subtotal       int64           `json:"subtotal"`         // after all merchandise discounts
	DiscountTotal  int64           `json:"discount_total"`   // LineItemsTotal - Subtotal
	ShippingTotal  int64           `json:"shipping_total"`   // after shipping discounts
	TaxTotal       int64           `json:"tax_total"`
	Total          int64           `json:"total"`
	Taxes          []TaxLine       `json:"taxes"`
	Shipping       *QuotedShipping `json:"shipping"`
	Rates          []Rate          `json:"rates"`
	Collected      bool            `json:"collected"` // the buyer fetches the goods
	Applied        []Applied       `json:"applied"`
	Warnings       []Warning       `json:"warnings"`
	OrderDiscount  int64           `json:"order_discount"` // what Cart.OrderDiscount came to
}

// QuotedLine is one priced line, in the cart's order.
type QuotedLine struct {
	Original      int64     `json:"original"`       // Unit * Quantity
	LineDiscount  int64     `json:"line_discount"`  // manual and automatic ones
	OrderDiscount int64     `json:"order_discount"` // its part of codes and of the order's discount
	Taxes         []TaxLine `json:"taxes"`
}

// Net is what the line costs after every discount.
func (l QuotedLine) Net() int64 { return l.Original - l.LineDiscount - l.OrderDiscount }

// QuotedShipping is the chosen rate.
type QuotedShipping struct {
	Handle   string    `json:"handle"` // empty for a price set by hand
	Title    string    `json:"title"`
	Original int64     `json:"original"`
	Net      int64     `json:"net"`
	Taxes    []TaxLine `json:"taxes"`
}

// Applied is a discount that took effect; Lines holds its part of every line.
type Applied struct {
	Code      string  `json:"code"` // empty for automatic ones
	Title     string  `json:"title"`
	Automatic bool    `json:"automatic"`
	Shipping  bool    `json:"shipping"`
	Amount    int64   `json:"amount"`
	Lines     []int64 `json:"lines"`
}

// Warning tells why a code had no effect.
type Warning struct {
	Code    string `json:"code"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
}
