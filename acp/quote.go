package acp

import "context"

// Quoter asks the shop what a cart costs at this moment.
type Quoter interface {
	// Quote prices the cart without saving anything in the shop. It fails
	// with KindRefused when the shop will not sell it like this (the message
	// may be shown, and a *RefusedLine is among its causes when the shop
	// names the line), KindThrottled or KindUnavailable when it could not
	// answer, KindReauthorize when the shop's access is gone.
	Quote(ctx context.Context, m Merchant, c Cart) (Quote, error)
}

// Cart is what is to be priced or ordered.
type Cart struct {
	Lines         []CartLine
	Currency      Currency
	Email         string
	Address       *Address
	Billing       *Address
	Phone         string
	Buyer         *Buyer
	Rate          string // handle of the shipping rate; empty: none chosen
	DiscountCodes []string
	Note          string
}

// CartLine is a quantity of a variant, by Shopify's global id.
type CartLine struct {
	VariantID string
	Quantity  int64
}

// Quote is the shop's answer. Amounts are minor units of Currency; in
// tax-inclusive shops line and shipping amounts contain the tax.
type Quote struct {
	Currency      Currency
	TaxesIncluded bool
	Lines         []QuotedLine // in the order of the cart
	Discounts     []Discount
	Rates         []ShippingRate
	Rate          string // handle of the rate that is priced in; empty: none
	RateAmount    int64  // of that rate, before shipping discounts
	DiscountTotal int64  // of lines and order together, without shipping discounts
	Shipping      int64  // after shipping discounts
	Tax           int64
	TaxParts      []TaxPart
	Total         int64
}

// QuotedLine is one line of a quote with the stock as it is now.
type QuotedLine struct {
	VariantID  string
	Unit       int64
	Original   int64 // before discounts
	Discounted int64 // after discounts of the line
	Taxable    bool
	Shippable  bool
	Available  bool   // Shopify's availableForSale: policy and stock in one
	Backorder  bool   // may be sold without stock
	Stock      *int64 // nil when not counted
}

// ShippingRate is a way to ship that the shop offers for the address.
type ShippingRate struct {
	Handle string
	Title  string
	Amount int64
}
