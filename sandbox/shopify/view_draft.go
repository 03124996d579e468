package shopify

import (
	"fmt"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify/pricing"
)

// totals shows what calculated drafts and drafts have in common. totalShippingPriceSet is
// after shipping discounts and totalDiscountsSet is merchandise only, so that the parts
// add up to the total; Shopify does not say which, clients should read the total.
func (s *Server) totals(in draftInput, p priced, lineType string) object {
	q := p.Quote
	return object{
		"currencyCode": s.shop.Currency, "presentmentCurrencyCode": s.shop.Currency, "taxesIncluded": s.shop.TaxesIncluded,
		"lineItemsSubtotalPrice": s.bag(q.LinesSubtotal), "subtotalPriceSet": s.bag(q.Subtotal), "subtotalPrice": s.price(q.Subtotal),
		"totalLineItemsPriceSet": s.bag(q.LineItemsTotal), "totalDiscountsSet": s.bag(q.DiscountTotal),
		"totalShippingPriceSet": s.bag(q.ShippingTotal), "totalShippingPrice": s.price(q.ShippingTotal),
		"totalTaxSet": s.bag(q.TaxTotal), "totalTax": s.price(q.TaxTotal),
		"totalPriceSet": s.bag(q.Total), "totalPrice": s.price(q.Total),
		"amountDueNowSet": s.dueNow(in, q), "amountDueLaterSet": s.dueLater(in, q), "totalQuantityOfLineItems": units(p.Lines),
		"taxLines": s.taxLines(q.Taxes), "shippingLine": s.shippingLine(q.Shipping), "discountCodes": append([]string{}, in.Codes...),
		"acceptAutomaticDiscounts": in.AcceptAutomatic, "platformDiscounts": s.platformDiscounts(q, p.Lines, lineType), "warnings": warnings(q),
		"appliedDiscount": s.appliedDiscount(in.Discount, q.OrderDiscount), "phone": nullable(in.Phone), "alerts": []object{},
		"allVariantPricesOverridden": false, "anyVariantPricesOverridden": overridden(in), "customer": nil,
		"billingAddressMatchesShippingAddress": in.BillingAddress == nil || in.ShippingAddress != nil && *in.BillingAddress == *in.ShippingAddress,
	}
}

func (s *Server) dueNow(in draftInput, q pricing.Quote) object {
	if in.PaymentTerms != "" {
		return s.bag(0)
	}
	return s.bag(q.Total)
}

func (s *Server) dueLater(in draftInput, q pricing.Quote) object {
	if in.PaymentTerms == "" {
		return s.bag(0)
	}
	return s.bag(q.Total)
}

func overridden(in draftInput) bool {
	for _, l := range in.Lines {
		if l.Unit != nil && l.VariantID != 0 {
			return true
		}
	}
	return false
}

func units(lines []pricedLine) int64 {
	var n int64
	for _, l := range lines {
		n += l.Quantity
	}
	return n
}

func (s *Server) calculated(in draftInput, p priced) object {
	view := s.totals(in, p, "CalculatedDraftOrderLineItem")
	view["lineItems"] = s.calculatedLines(p.Lines)
	rates := []object{}
	for _, r := range p.Quote.Rates {
		rates = append(rates, object{"handle": r.Handle, "title": r.Title, "price": s.money(r.Price)})
	}
	view["availableShippingRates"] = rates
	return view
}

func (s *Server) draft(d *draft) object {
	view := s.totals(d.Input, d.Priced, "DraftOrderLineItem")
	for name, value := range (object{
		"__typename": "DraftOrder", "id": gid("DraftOrder", d.ID), "legacyResourceId": fmt.Sprint(d.ID), "name": d.name(),
		"status": d.status(), "ready": d.ready(s.cfg.Now()), "invoiceUrl": s.invoiceURL(d), "invoiceSentAt": nil,
		"createdAt": d.CreatedAt, "updatedAt": d.UpdatedAt, "completedAt": d.CompletedAt, "email": nullable(d.Input.Email),
		"note2": nullable(d.Input.Note), "poNumber": nullable(d.Input.PONumber), "tags": append([]string{}, d.Input.Tags...),
		"customAttributes": attributes(d.Input.Attributes), "taxExempt": d.Input.TaxExempt, "reserveInventoryUntil": d.Input.ReserveUntil,
		"allowDiscountCodesInCheckout": d.Input.CodesInCheckout, "visibleToCustomer": d.Input.VisibleToBuyer, "hasTimelineComment": false,
		"shippingAddress": s.address(d.ID, d.Input.ShippingAddress), "billingAddress": s.address(d.ID+1, d.Input.BillingAddress),
		"lineItems": listOf(s.draftLines(d.Priced.Lines)), "order": nil, "paymentTerms": paymentTerms(d.ID, d.Input.PaymentTerms),
		"invoiceEmailTemplateSubject": "Complete your purchase", "totalWeight": "0",
	}) {
		view[name] = value
	}
	if o := s.findOrder(d.OrderID); o != nil {
		view["order"] = ref{gid("Order", o.ID), func() object { return s.order(o) }}
	}
	return view
}

func (s *Server) invoiceURL(d *draft) string {
	return fmt.Sprintf("%s/%d/invoices/%s", s.baseURL, s.books.ShopID, d.Token)
}

func (s *Server) shippingLine(q *pricing.QuotedShipping) object {
	if q == nil {
		return nil
	}
	view := object{
		"id": nil, "title": q.Title, "code": q.Title, "source": "shopify", "shippingRateHandle": nullable(q.Handle), "custom": q.Handle == "",
		"originalPriceSet": s.bag(q.Original), "discountedPriceSet": s.bag(q.Net), "currentDiscountedPriceSet": s.bag(q.Net),
		"originalPrice": s.money(q.Original), "discountedPrice": s.money(q.Net), "price": s.price(q.Original),
		"taxLines": s.taxLines(q.Taxes), "isRemoved": false, "discountAllocations": []object{},
	}
	return view
}

// platformDiscounts says of each discount on which lines it falls; target is the type of those lines.
func (s *Server) platformDiscounts(q pricing.Quote, lines []pricedLine, target string) []object {
	out := []object{}
	for _, a := range q.Applied {
		allocations := []object{}
		for i, part := range a.Lines {
			if part > 0 {
				allocations = append(allocations, object{
					"reductionAmountSet": s.bag(part), "reductionAmount": s.money(part),
					"target": object{"__typename": target, "uuid": lines[i].UUID},
				})
			}
		}
		class, level := "ORDER", "ORDER"
		if a.Automatic {
			class, level = "PRODUCT", "LINE"
		}
		if a.Shipping {
			class, level = "SHIPPING", "SHIPPING"
		}
		out = append(out, object{
			"id": nil, "code": nullable(a.Code), "title": a.Title, "automaticDiscount": a.Automatic, "bxgyDiscount": false,
			"discountClass": class, "discountClasses": []string{class}, "presentationLevel": level, "summary": a.Title, "shortSummary": a.Title,
			"totalAmount": s.money(a.Amount), "totalAmountPriceSet": s.bag(a.Amount), "allocations": allocations,
		})
	}
	return out
}

// warnings name the codes that had no effect. Which errorCode values Shopify uses is not
// documented: clients can rely on the message only.
func warnings(q pricing.Quote) []object {
	out := []object{}
	for _, w := range q.Warnings {
		out = append(out, object{
			"__typename": "DraftOrderDiscountNotAppliedWarning", "errorCode": w.Reason, "field": "discount_codes", "message": w.Message,
			"discountCode": w.Code, "discountTitle": nil,
		})
	}
	return out
}

func (s *Server) address(id int64, a *address) object {
	if a == nil {
		return nil
	}
	name := nullable(joined(" ", a.FirstName, a.LastName))
	return object{
		"__typename": "MailingAddress", "id": gid("MailingAddress", id), "firstName": nullable(a.FirstName), "lastName": nullable(a.LastName),
		"name": name, "company": nullable(a.Company), "address1": nullable(a.Address1), "address2": nullable(a.Address2), "city": nullable(a.City),
		"provinceCode": nullable(a.ProvinceCode), "province": nullable(a.ProvinceCode), "zip": nullable(a.Zip), "country": nullable(a.CountryCode),
		"countryCode": nullable(a.CountryCode), "countryCodeV2": nullable(a.CountryCode), "phone": nullable(a.Phone), "coordinatesValidated": false,
		"formatted": a.lines(),
	}
}
