package shopify

import (
	"regexp"
	"slices"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// draftInput is the cart as Shopify prices and orders it. Quote and CreateDraft share it, so that what was
// quoted is what is ordered.
func draftInput(c acp.Cart) admin.DraftOrderInput {
	automatic := true
	input := admin.DraftOrderInput{
		AcceptAutomaticDiscounts: &automatic,
		DiscountCodes:            c.DiscountCodes,
		Email:                    set(c.Email),
		Phone:                    set(phone(c)),
		Note:                     set(c.Note),
		PresentmentCurrencyCode:  set(c.Currency.Upper()),
		ShippingAddress:          mailingAddress(c.Address, c),
		BillingAddress:           mailingAddress(c.Billing, c),
		LineItems:                make([]admin.DraftOrderLineItemInput, len(c.Lines)),
	}
	for i, l := range c.Lines {
		input.LineItems[i] = admin.DraftOrderLineItemInput{VariantId: set(l.VariantID), Quantity: int(l.Quantity)}
	}
	if c.Rate != "" {
		input.ShippingLine = &admin.ShippingLineInput{ShippingRateHandle: &c.Rate}
	}
	return input
}

// set is a value to send, or nil to leave the field away.
func set(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func phone(c acp.Cart) string {
	if c.Phone == "" && c.Buyer != nil {
		return c.Buyer.Phone
	}
	return c.Phone
}

func mailingAddress(a *acp.Address, c acp.Cart) *admin.MailingAddressInput {
	if a == nil {
		return nil
	}
	nation := country(a)
	if nation == nil {
		return nil
	}
	first, last := personName(a.Name, c.Buyer)
	code, name := subdivision(a)
	return &admin.MailingAddressInput{
		FirstName: set(first), LastName: set(last), Company: set(companyOf(a, c.Buyer)),
		Address1: set(a.LineOne), Address2: set(a.LineTwo), City: set(a.City), Zip: set(a.PostalCode),
		ProvinceCode: set(code), Province: set(name), CountryCode: nation,
		Phone: set(phone(c)),
	}
}

// companyOf is the address's company, else the one that the buyer buys for.
func companyOf(a *acp.Address, b *acp.Buyer) string {
	if a.Company == "" && b != nil {
		return b.Company
	}
	return a.Company
}

// personName splits a full name at its last word, as Shopify wants two parts; the address comes before the
// buyer because the parcel goes to whoever the address names.
func personName(full string, b *acp.Buyer) (first, last string) {
	if full == "" && b != nil {
		if b.FirstName != "" || b.LastName != "" {
			return b.FirstName, b.LastName
		}
		full = b.FullName
	}
	words := strings.Fields(full)
	if len(words) < 2 {
		return "", strings.Join(words, "") // Shopify asks for a last name, not for a first one
	}
	return strings.Join(words[:len(words)-1], " "), words[len(words)-1]
}

var subdivisionCode = regexp.MustCompile(`^[A-Z0-9]{1,3}$`)

// subdivision tells a code (CA, US-CA) from a name (California), for which Shopify has two fields; the one
// for names is deprecated but there is no other.
func subdivision(a *acp.Address) (code, name string) {
	state := strings.TrimSpace(a.State)
	bare := strings.TrimPrefix(strings.ToUpper(state), strings.ToUpper(a.Country)+"-")
	if subdivisionCode.MatchString(bare) {
		return bare, ""
	}
	return "", state
}

// attributes are custom attributes, which Shopify copies from the draft to the order; empty ones are left out.
func attributes(pairs ...string) []admin.AttributeInput {
	var list []admin.AttributeInput
	for pair := range slices.Chunk(pairs, 2) {
		if pair[1] != "" {
			list = append(list, admin.AttributeInput{Key: pair[0], Value: pair[1]})
		}
	}
	return list
}
