package shopify

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify/pricing"
)

// wrongInput is what userErrors tell: a field's path and a message.
type wrongInput struct {
	field   []string
	message string
}

func (w *wrongInput) Error() string { return w.message }

func wrong(message string, field ...string) error { return &wrongInput{field: field, message: message} }

func asRefusal(err error) (any, error) {
	var w *wrongInput
	if errors.As(err, &w) {
		return refused(w.message, "", w.field...), nil
	}
	return nil, err
}

var emailShape = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)

// readDraftInput lays the fields that are given over base; fields that are not stay.
func (s *Server) readDraftInput(base draftInput, in map[string]any) (draftInput, error) {
	setTexts(in, map[string]*string{
		"email": &base.Email, "phone": &base.Phone, "note": &base.Note, "poNumber": &base.PONumber, "sourceName": &base.SourceName,
	})
	setFlags(in, map[string]*bool{
		"acceptAutomaticDiscounts": &base.AcceptAutomatic, "allowDiscountCodesInCheckout": &base.CodesInCheckout,
		"taxExempt": &base.TaxExempt, "visibleToCustomer": &base.VisibleToBuyer,
	})
	if base.Email != "" && !emailShape.MatchString(base.Email) {
		return base, wrong("Email is invalid", "input", "email")
	}
	if code := text(in["presentmentCurrencyCode"]); code != "" && code != s.shop.Currency {
		return base, wrong("Presentment currency code is not enabled for this shop", "input", "presentmentCurrencyCode")
	}
	if err := s.readTerms(&base, in); err != nil {
		return base, err
	}
	if v, given := in["tags"]; given {
		base.Tags = tagsOf(texts(v))
	}
	if v, given := in["discountCodes"]; given {
		base.Codes = texts(v)
	}
	if v, given := in["customAttributes"]; given {
		base.Attributes = attributesOf(v)
	}
	if v, given := in["reserveInventoryUntil"]; given {
		base.ReserveUntil = moment(v)
	}
	readAddress(in, "shippingAddress", &base.ShippingAddress)
	readAddress(in, "billingAddress", &base.BillingAddress)
	return base, errors.Join(s.readMoneyFields(&base, in), s.readLines(&base, in))
}

func (s *Server) readMoneyFields(base *draftInput, in map[string]any) error {
	var err error
	if v, given := in["appliedDiscount"]; given {
		base.Discount, err = s.discountOf(v, "input", "appliedDiscount")
	}
	if v, given := in["shippingLine"]; given {
		choice, shipErr := s.choiceOf(v)
		base.Shipping = choice
		err = errors.Join(err, shipErr)
	}
	return err
}

// readTerms wants the scope for payment terms although the schema does not say that a
// draft with terms needs it: unverified, the harsher reading.
func (s *Server) readTerms(base *draftInput, in map[string]any) error {
	v, given := in["paymentTerms"]
	if !given {
		return nil
	}
	if v == nil {
		base.PaymentTerms = ""
		return nil
	}
	if err := s.allow("paymentTerms", "write_payment_terms"); err != nil {
		return err
	}
	id := text(fields(v)["paymentTermsTemplateId"])
	if findTemplate(id) == nil {
		return wrong("Payment terms template is invalid", "input", "paymentTerms")
	}
	base.PaymentTerms = id
	return nil
}

func (s *Server) readLines(base *draftInput, in map[string]any) error {
	v, given := in["lineItems"]
	if !given {
		return nil
	}
	base.Lines = nil
	for i, item := range objects(v) {
		line, err := s.lineOf(item, fmt.Sprint(i))
		if err != nil {
			return err
		}
		base.Lines = append(base.Lines, line)
	}
	return nil
}

func (s *Server) lineOf(in map[string]any, index string) (lineInput, error) {
	at := []string{"input", "lineItems", index}
	l := lineInput{
		UUID: text(in["uuid"]), VariantID: idOf("ProductVariant", in["variantId"]), Title: text(in["title"]), SKU: text(in["sku"]),
		Quantity: whole(in["quantity"]), RequiresShipping: flag(in["requiresShipping"]), Taxable: in["taxable"] == nil || flag(in["taxable"]),
		Attributes: attributesOf(in["customAttributes"]),
	}
	if l.UUID == "" {
		l.UUID = uuid.NewString()
	}
	if l.Quantity < 1 {
		return l, wrong("Quantity must be greater than or equal to 1", append(at, "quantity")...)
	}
	if in["variantId"] != nil && l.VariantID == 0 {
		return l, wrong("Variant is invalid", append(at, "variantId")...)
	}
	override := in["priceOverride"]
	if override == nil && l.VariantID == 0 {
		override = in["originalUnitPriceWithCurrency"]
	}
	if override != nil {
		unit, err := s.amountOf(override, append(at, "price")...)
		if err != nil {
			return l, err
		}
		l.Unit = &unit
	}
	if l.VariantID == 0 && (l.Unit == nil || l.Title == "") {
		return l, wrong("Merchandise title and price are required for custom line items", at...)
	}
	var err error
	l.Discount, err = s.discountOf(in["appliedDiscount"], append(at, "appliedDiscount")...)
	return l, err
}

// amountOf reads a MoneyInput in the shop's currency.
func (s *Server) amountOf(v any, path ...string) (int64, error) {
	in := fields(v)
	if code := text(in["currencyCode"]); code != s.shop.Currency {
		return 0, wrong("Currency "+code+" does not match the shop's currency", path...)
	}
	minor, err := pricing.Parse(text(in["amount"]), s.decimal)
	if err != nil || minor < 0 {
		return 0, wrong("Amount is invalid", path...)
	}
	return minor, nil
}

func (s *Server) discountOf(v any, path ...string) (*pricing.Discount, error) {
	in := fields(v)
	if in == nil {
		return nil, nil //nolint:nilnil // no discount is not an error
	}
	d := &pricing.Discount{Title: text(in["title"])}
	var err error
	if text(in["valueType"]) == "PERCENTAGE" {
		d.PPM, err = pricing.ParsePercent(text(in["value"]))
	} else {
		d.Amount, err = pricing.Parse(text(in["value"]), s.decimal)
	}
	if err != nil || d.Amount < 0 {
		return nil, wrong("Discount value is invalid", path...)
	}
	return d, nil
}

func (s *Server) choiceOf(v any) (*pricing.ShippingChoice, error) {
	in := fields(v)
	if in == nil {
		return nil, nil //nolint:nilnil // no shipping line is not an error
	}
	if handle := text(in["shippingRateHandle"]); handle != "" {
		return &pricing.ShippingChoice{Handle: handle}, nil
	}
	if text(in["title"]) == "" || in["priceWithCurrency"] == nil {
		return nil, wrong("Shipping line needs a rate handle, or a title and a price", "input", "shippingLine")
	}
	price, err := s.amountOf(in["priceWithCurrency"], "input", "shippingLine", "priceWithCurrency")
	return &pricing.ShippingChoice{Title: text(in["title"]), Price: price}, err
}

func readAddress(in map[string]any, name string, into **address) {
	v, given := in[name]
	if !given {
		return
	}
	m := fields(v)
	if m == nil {
		*into = nil
		return
	}
	a := &address{}
	setTexts(m, map[string]*string{
		"firstName": &a.FirstName, "lastName": &a.LastName, "company": &a.Company, "address1": &a.Address1, "address2": &a.Address2,
		"city": &a.City, "provinceCode": &a.ProvinceCode, "zip": &a.Zip, "countryCode": &a.CountryCode, "phone": &a.Phone,
	})
	*into = a
}

func setTexts(in map[string]any, into map[string]*string) {
	for name, field := range into {
		if v, given := in[name]; given {
			*field = text(v)
		}
	}
}

func setFlags(in map[string]any, into map[string]*bool) {
	for name, field := range into {
		if v, given := in[name]; given {
			*field = flag(v)
		}
	}
}

func attributesOf(v any) []attribute {
	out := []attribute{}
	for _, a := range objects(v) {
		out = append(out, attribute{Key: text(a["key"]), Value: text(a["value"])})
	}
	return out
}

// tagsOf splits at commas and drops repetitions, as Shopify does.
func tagsOf(raw []string) []string {
	out := []string{}
	for _, entry := range raw {
		for t := range strings.SplitSeq(entry, ",") {
			t = strings.TrimSpace(t)
			if same := (term{value: t}); t != "" && !same.any(out...) {
				out = append(out, t)
			}
		}
	}
	return out
}
