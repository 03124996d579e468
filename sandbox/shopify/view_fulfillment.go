package shopify

import "fmt"

func (s *Server) fulfillments(o *order) []object {
	out := []object{}
	for i, f := range o.Fulfillments {
		var total int64
		lines := []object{}
		for _, l := range f.Lines {
			total += l.Quantity
			lines = append(lines, object{
				"__typename": "FulfillmentLineItem", "id": gid("FulfillmentLineItem", l.ID), "quantity": l.Quantity, "lineItem": s.lineRef(o, l.LineID),
			})
		}
		out = append(out, object{
			"__typename": "Fulfillment", "id": gid("Fulfillment", f.ID), "legacyResourceId": fmt.Sprint(f.ID), "name": fmt.Sprintf("%s-F%d", o.name(), i+1),
			"status": "SUCCESS", "displayStatus": "FULFILLED", "createdAt": f.At, "updatedAt": f.At, "inTransitAt": nil, "deliveredAt": nil,
			"estimatedDeliveryAt": f.At.AddDate(0, 0, 4), "requiresShipping": true, "totalQuantity": total,
			"trackingInfo":         []object{{"company": nullable(f.Company), "number": nullable(f.Tracking), "url": nullable(f.URL)}},
			"fulfillmentLineItems": listOf(lines), "events": listOf(nil), "order": ref{gid("Order", o.ID), func() object { return s.order(o) }},
		})
	}
	return out
}

func (s *Server) lineRef(o *order, line int64) ref {
	return ref{gid("LineItem", line), func() object {
		if l := o.findLine(line); l != nil {
			return s.orderLine(o, *l)
		}
		return nil
	}}
}

// fulfillmentOrders is one per order: the stand-in has one location.
func (s *Server) fulfillmentOrders(o *order) []object {
	if !requiresShipping(o.Priced.Lines) {
		return nil
	}
	lines := []object{}
	for _, l := range o.Priced.Lines {
		left := max(l.Quantity-o.refundedUnits(l.ID)-o.fulfilledUnits(l.ID), 0)
		lines = append(lines, object{
			"__typename": "FulfillmentOrderLineItem", "id": gid("FulfillmentOrderLineItem", l.ID), "totalQuantity": l.Quantity,
			"remainingQuantity": left, "lineItem": s.lineRef(o, l.ID),
		})
	}
	status := map[string]string{"UNFULFILLED": "OPEN", "PARTIALLY_FULFILLED": "IN_PROGRESS", "FULFILLED": "CLOSED"}[o.fulfillmentStatus()]
	name := ""
	if o.Priced.Quote.Shipping != nil {
		name = o.Priced.Quote.Shipping.Title
	}
	return []object{{
		"__typename": "FulfillmentOrder", "id": gid("FulfillmentOrder", o.ID), "status": status, "requestStatus": "UNSUBMITTED",
		"createdAt": o.CreatedAt, "updatedAt": o.UpdatedAt, "fulfillAt": o.CreatedAt, "lineItems": listOf(lines),
		"deliveryMethod": object{
			"id": gid("DeliveryMethod", o.ID), "methodType": "SHIPPING", "presentedName": nullable(name),
			"minDeliveryDateTime": o.CreatedAt.AddDate(0, 0, 3), "maxDeliveryDateTime": o.CreatedAt.AddDate(0, 0, 6),
		},
	}}
}

func (s *Server) refunds(o *order) []object {
	out := []object{}
	for i := range o.Refunds {
		out = append(out, s.refund(o, &o.Refunds[i]))
	}
	return out
}

func (s *Server) refund(o *order, r *refund) object {
	lines, shipping, moved := []object{}, []object{}, []object{}
	for _, l := range r.Lines {
		lines = append(lines, object{
			"id": gid("RefundLineItem", l.ID), "quantity": l.Quantity, "restockType": l.Restock, "restocked": l.Restock != "NO_RESTOCK",
			"subtotalSet": s.bag(l.Subtotal), "priceSet": s.bag(l.Subtotal / l.Quantity), "totalTaxSet": s.bag(l.Tax), "lineItem": s.lineRef(o, l.LineID),
		})
	}
	if r.Shipping > 0 {
		shipping = append(shipping, object{
			"__typename": "RefundShippingLine", "id": gid("RefundShippingLine", r.ID), "shippingLine": s.orderShippingLine(o),
			"subtotalAmountSet": s.bag(r.Shipping), "taxAmountSet": s.bag(0),
		})
	}
	for _, t := range o.Transactions {
		for _, id := range r.Transactions {
			if t.ID == id {
				moved = append(moved, s.transaction(o, t))
			}
		}
	}
	return object{
		"__typename": "Refund", "id": gid("Refund", r.ID), "legacyResourceId": fmt.Sprint(r.ID), "createdAt": r.At, "processedAt": r.At,
		"updatedAt": r.At, "note": nullable(r.Note), "totalRefundedSet": s.bag(r.Amount), "refundLineItems": listOf(lines),
		"refundShippingLines": listOf(shipping), "orderAdjustments": listOf(nil), "transactions": listOf(moved), "return": nil, "duties": []object{},
		"order": ref{gid("Order", o.ID), func() object { return s.order(o) }},
	}
}

// suggestedRefund proposes everything that is still refundable.
func (s *Server) suggestedRefund(o *order) object {
	left := o.received() - o.refunded()
	proposed := []object{}
	for _, t := range o.Transactions {
		if t.Kind == "SALE" && left > 0 {
			proposed = append(proposed, object{
				"gateway": t.Gateway, "formattedGateway": formattedGateway(t.Gateway), "kind": "SUGGESTED_REFUND", "amountSet": s.bag(min(left, t.Amount)),
				"maximumRefundableSet": s.bag(left), "parentTransaction": ref{gid("OrderTransaction", t.ID), func() object { return s.transaction(o, t) }},
			})
		}
	}
	return object{
		"amountSet": s.bag(left), "maximumRefundableSet": s.bag(left), "subtotalSet": s.bag(o.Priced.Quote.Subtotal),
		"discountedSubtotalSet": s.bag(o.Priced.Quote.Subtotal), "totalTaxSet": s.bag(o.Priced.Quote.TaxTotal),
		"totalCartDiscountAmountSet": s.bag(o.Priced.Quote.DiscountTotal), "totalDutiesSet": s.bag(0), "suggestedTransactions": proposed,
		"refundLineItems": []object{}, "refundDuties": []object{}, "suggestedRefundMethods": []object{},
		"shipping": object{"amountSet": s.bag(o.Priced.Quote.ShippingTotal), "maximumRefundableSet": s.bag(o.Priced.Quote.ShippingTotal), "taxSet": s.bag(0)},
	}
}
