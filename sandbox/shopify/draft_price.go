package shopify

import (
	"errors"
	"fmt"
	"strings"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify/pricing"
)

// priced is a cart with its lines written out and its quote.
type priced struct {
	Lines []pricedLine  `json:"lines"`
	Quote pricing.Quote `json:"quote"`
}

// pricedLine is a line as it is sold: what it was called and cost at this moment.
type pricedLine struct {
	ID               int64              `json:"id"`
	UUID             string             `json:"uuid"`
	VariantID        int64              `json:"variant_id"`
	ProductID        int64              `json:"product_id"`
	Title            string             `json:"title"`
	VariantTitle     string             `json:"variant_title"`
	SKU              string             `json:"sku"`
	Vendor           string             `json:"vendor"`
	Quantity         int64              `json:"quantity"`
	Unit             int64              `json:"unit"`
	RequiresShipping bool               `json:"requires_shipping"`
	Taxable          bool               `json:"taxable"`
	GiftCard         bool               `json:"gift_card"`
	Attributes       []attribute        `json:"attributes"`
	Discount         *pricing.Discount  `json:"discount"`
	Amounts          pricing.QuotedLine `json:"amounts"`
	tags             []string
}

// priceInput prices what the app asked for against the shop as it is now.
func (s *Server) priceInput(in draftInput) (priced, error) {
	if len(in.Lines) == 0 {
		return priced{}, wrong("Add at least 1 product", "input", "lineItems")
	}
	var out priced
	cart := pricing.Cart{
		Codes: in.Codes, AcceptAutomatic: in.AcceptAutomatic, OrderDiscount: in.Discount, Shipping: in.Shipping,
		TaxExempt: in.TaxExempt, Destination: destination(in), Now: s.cfg.Now(),
	}
	for i, l := range in.Lines {
		line, err := s.writeOut(l, i)
		if err != nil {
			return priced{}, err
		}
		out.Lines = append(out.Lines, line)
		cart.Lines = append(cart.Lines, pricing.Line{
			Unit: line.Unit, Quantity: line.Quantity, Taxable: line.Taxable, RequiresShipping: line.RequiresShipping,
			Tags: line.tags, Discount: l.Discount,
		})
	}
	quote, err := pricing.Price(s.shop, cart)
	if errors.Is(err, pricing.ErrUnknownRate) {
		return priced{}, wrong("Shipping rate is no longer available. Choose a different shipping rate.", "input", "shippingLine")
	}
	if err != nil {
		return priced{}, wrong("Line item is invalid: "+err.Error(), "input", "lineItems")
	}
	out.Quote = quote
	for i := range out.Lines {
		out.Lines[i].Amounts = quote.Lines[i]
	}
	return out, nil
}

func (s *Server) writeOut(l lineInput, index int) (pricedLine, error) {
	line := pricedLine{
		UUID: l.UUID, VariantID: l.VariantID, Title: l.Title, SKU: l.SKU, Quantity: l.Quantity,
		RequiresShipping: l.RequiresShipping, Taxable: l.Taxable, Attributes: l.Attributes, Discount: l.Discount,
	}
	if l.VariantID != 0 {
		p, i := s.find(l.VariantID)
		if p == nil || p.Status == StatusArchived {
			return line, wrong(fmt.Sprintf("Product with ID %d is no longer available.", l.VariantID), "input", "lineItems", fmt.Sprint(index))
		}
		v := &p.Variants[i]
		line.ProductID, line.Title, line.SKU, line.Vendor = p.ID, p.Title, v.SKU, p.Vendor
		line.Unit, line.RequiresShipping, line.Taxable, line.GiftCard = v.Price, !v.Digital, !v.TaxFree, p.GiftCard
		line.tags = p.Tags
		if len(v.OptionValues) > 0 {
			line.VariantTitle = v.title()
		}
	}
	if l.Unit != nil {
		line.Unit = *l.Unit
	}
	return line, nil
}

// destination is where taxes and shipping are reckoned: the shipping address, or the
// billing address for what is not shipped.
func destination(in draftInput) *pricing.Destination {
	a := in.ShippingAddress
	if a == nil {
		a = in.BillingAddress
	}
	if a == nil || a.CountryCode == "" {
		return nil
	}
	return &pricing.Destination{Country: a.CountryCode, Province: strings.ToUpper(a.ProvinceCode), City: a.City, Zip: a.Zip}
}

func (l pricedLine) name() string {
	if l.VariantTitle == "" {
		return l.Title
	}
	return l.Title + " - " + l.VariantTitle
}
