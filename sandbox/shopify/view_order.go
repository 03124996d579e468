package shopify

import "fmt"

// order shows an order as the Admin API does.
func (s *Server) order(o *order) object {
	q, in := o.Priced.Quote, o.Input
	left := max(q.Total-o.refunded(), 0)
	view := object{
		"__typename": "Order", "id": gid("Order", o.ID), "legacyResourceId": fmt.Sprint(o.ID), "name": o.name(), "number": o.Number,
		"confirmationNumber": o.Confirmation, "confirmed": true, "test": true, "statusPageUrl": s.statusURL(o), "edited": false,
		"createdAt": o.CreatedAt, "processedAt": o.CreatedAt, "updatedAt": o.UpdatedAt, "cancelledAt": o.CancelledAt,
		"cancelReason": nullable(o.CancelReason), "closed": false, "closedAt": nil, "returnStatus": "NO_RETURN", "dutiesIncluded": false,
		"displayFinancialStatus": o.financialStatus(), "displayFulfillmentStatus": o.fulfillmentStatus(), "estimatedTaxes": false,
		"canMarkAsPaid": o.outstanding() > 0, "fullyPaid": o.outstanding() == 0, "unpaid": o.received() == 0, "capturable": false,
		"refundable": o.received() > o.refunded(), "restockable": o.CancelledAt == nil, "fulfillable": o.CancelledAt == nil,
		"email": nullable(in.Email), "phone": nullable(in.Phone), "note": nullable(in.Note), "poNumber": nullable(in.PONumber),
		"tags": append([]string{}, in.Tags...), "customAttributes": attributes(in.Attributes), "customer": nil,
		"currencyCode": s.shop.Currency, "presentmentCurrencyCode": s.shop.Currency, "taxesIncluded": s.shop.TaxesIncluded, "taxExempt": in.TaxExempt,
		"sourceName": s.sourceName(o), "sourceIdentifier": nullable(in.SourceIdentifier), "registeredSourceUrl": nil,
		"app": s.app(), "attribution": nil, "publication": nil, "merchantOfRecordApp": nil, "paymentGatewayNames": o.gateways(),
		"paymentTerms": paymentTerms(o.ID, in.PaymentTerms), "discountCode": nil, "discountCodes": appliedCodes(o),
		"shippingAddress": s.address(o.ID, in.ShippingAddress), "billingAddress": s.address(o.ID+1, in.BillingAddress),
		"billingAddressMatchesShippingAddress": in.BillingAddress == nil, "requiresShipping": requiresShipping(o.Priced.Lines),
		"shippingLine": s.shippingLine(q.Shipping), "shippingLines": s.shippingLines(o), "taxLines": s.taxLines(q.Taxes), "currentTaxLines": s.taxLines(q.Taxes),
		"lineItems": listOf(s.orderLines(o)), "fulfillmentOrders": listOf(s.fulfillmentOrders(o)), "fulfillments": s.fulfillments(o),
		"fulfillmentsCount": object{"count": len(o.Fulfillments), "precision": "EXACT"}, "refunds": s.refunds(o), "returns": listOf(nil),
		"disputes": []object{}, "risk": object{"recommendation": "ACCEPT", "assessments": []object{}},
		"transactions": s.transactions(o), "transactionsCount": object{"count": len(o.Transactions), "precision": "EXACT"},
		"suggestedRefund": s.suggestedRefund(o), "subtotalLineItemsQuantity": units(o.Priced.Lines),
	}
	for name, minor := range map[string]int64{
		"totalPriceSet": q.Total, "originalTotalPriceSet": q.Total, "currentTotalPriceSet": left, "subtotalPriceSet": q.Subtotal,
		"currentSubtotalPriceSet": q.Subtotal, "totalTaxSet": q.TaxTotal, "currentTotalTaxSet": q.TaxTotal, "totalShippingPriceSet": q.ShippingTotal,
		"currentShippingPriceSet": q.ShippingTotal, "totalDiscountsSet": q.DiscountTotal, "currentTotalDiscountsSet": q.DiscountTotal,
		"cartDiscountAmountSet": q.DiscountTotal, "totalRefundedSet": o.refunded(), "totalRefundedShippingSet": o.refundedShipping(),
		"totalOutstandingSet": o.outstanding(), "totalReceivedSet": o.received(), "netPaymentSet": o.received() - o.refunded(),
		"totalCapturableSet": 0, "totalTipReceivedSet": 0, "refundDiscrepancySet": 0,
	} {
		view[name] = s.bag(minor)
	}
	return view
}

func (s *Server) statusURL(o *order) string {
	return fmt.Sprintf("%s/%d/orders/%s/authenticate?key=%s", s.baseURL, s.books.ShopID, o.Token, o.Token[:16])
}

func (s *Server) sourceName(o *order) string {
	if o.Input.SourceName == "" {
		return "shopify_draft_order"
	}
	return o.Input.SourceName
}

func (o *order) gateways() []string {
	out := []string{}
	for _, t := range o.Transactions {
		if same := (term{value: t.Gateway}); t.Gateway != "" && !same.any(out...) {
			out = append(out, t.Gateway)
		}
	}
	return out
}

func (o *order) refundedShipping() int64 {
	var n int64
	for _, r := range o.Refunds {
		n += r.Shipping
	}
	return n
}

func appliedCodes(o *order) []string {
	out := []string{}
	for _, a := range o.Priced.Quote.Applied {
		if a.Code != "" {
			out = append(out, a.Code)
		}
	}
	return out
}

func requiresShipping(lines []pricedLine) bool {
	for _, l := range lines {
		if l.RequiresShipping {
			return true
		}
	}
	return false
}

func (s *Server) shippingLines(o *order) list {
	if o.Priced.Quote.Shipping == nil {
		return listOf(nil)
	}
	return listOf([]object{s.orderShippingLine(o)})
}

func (s *Server) orderShippingLine(o *order) object {
	view := s.shippingLine(o.Priced.Quote.Shipping)
	if view != nil {
		view["id"] = gid("ShippingLine", o.ID)
	}
	return view
}

func (s *Server) orderLines(o *order) []object {
	out := []object{}
	for _, l := range o.Priced.Lines {
		out = append(out, s.orderLine(o, l))
	}
	return out
}

func (s *Server) orderLine(o *order, l pricedLine) object {
	view := s.line(l)
	left := l.Quantity - o.refundedUnits(l.ID)
	view["__typename"], view["id"] = "LineItem", gid("LineItem", l.ID)
	view["currentQuantity"], view["refundableQuantity"] = left, left
	view["unfulfilledQuantity"], view["nonFulfillableQuantity"] = max(left-o.fulfilledUnits(l.ID), 0), 0
	view["merchantEditable"], view["restockable"] = true, true
	view["discountedUnitPriceAfterAllDiscountsSet"] = s.bag(l.Amounts.Net() / l.Quantity)
	view["priceAfterAllDiscountsBeforeTaxesSet"] = s.bag(l.Amounts.Net())
	before := l.Amounts.Original - l.Amounts.LineDiscount
	view["discountedTotalSet"] = lazy(func(args map[string]any) (any, error) {
		if flag(args["withCodeDiscounts"]) {
			return s.bag(l.Amounts.Net()), nil
		}
		return s.bag(before), nil
	})
	allocations := []object{}
	if l.Amounts.OrderDiscount > 0 {
		allocations = append(allocations, object{"allocatedAmountSet": s.bag(l.Amounts.OrderDiscount)})
	}
	view["discountAllocations"] = allocations
	return view
}

func (s *Server) transactions(o *order) []object {
	out := []object{}
	for _, t := range o.Transactions {
		out = append(out, s.transaction(o, t))
	}
	return out
}

func (s *Server) transaction(o *order, t transaction) object {
	view := object{
		"__typename": "OrderTransaction", "id": gid("OrderTransaction", t.ID), "kind": t.Kind, "status": "SUCCESS", "gateway": t.Gateway,
		"formattedGateway": formattedGateway(t.Gateway), "manualPaymentGateway": t.Manual, "manuallyCapturable": false, "multiCapturable": false,
		"amountSet": s.bag(t.Amount), "createdAt": t.At, "processedAt": t.At, "test": true, "errorCode": nil, "fees": []object{},
		"order": ref{gid("Order", o.ID), func() object { return s.order(o) }}, "parentTransaction": nil,
	}
	for _, parent := range o.Transactions {
		if parent.ID == t.Parent {
			view["parentTransaction"] = ref{gid("OrderTransaction", parent.ID), func() object { return s.transaction(o, parent) }}
		}
	}
	return view
}

func formattedGateway(gateway string) string {
	switch gateway {
	case "manual":
		return "Manual"
	case "shopify_payments":
		return "Shopify Payments"
	}
	return gateway
}
