package shopify

import "slices"

func (s *Server) markOrderPaid(c rootCall) (any, error) {
	o := s.findOrder(idOf("Order", fields(c.args["input"])["id"]))
	if o == nil {
		return refused("Order does not exist", "", "id"), nil
	}
	if o.outstanding() == 0 {
		return refused("Order cannot be marked as paid.", "", "id"), nil
	}
	s.paid(o, "manual", true)
	return done(object{"order": s.order(o)}), nil
}

// createManualPayment records a payment under its method's name. An amount of one's own is
// for Plus shops.
func (s *Server) createManualPayment(c rootCall) (any, error) {
	o := s.findOrder(idOf("Order", c.args["id"]))
	switch {
	case o == nil:
		return refused("Order not found", "ORDER_NOT_FOUND", "id"), nil
	case c.args["amount"] != nil && !s.cfg.Settings.Plus:
		return refused("Amount can only be set by shops on the Shopify Plus plan.", "GATEWAY_NOT_FOUND", "amount"), nil
	case o.outstanding() == 0:
		return refused("Order is already paid", "ORDER_IS_TEMPORARILY_UNAVAILABLE", "id"), nil
	}
	gateway := text(c.args["paymentMethodName"])
	if gateway == "" {
		gateway = "manual"
	}
	s.paid(o, gateway, true)
	return done(object{"order": s.order(o)}), nil
}

func (s *Server) paid(o *order, gateway string, manual bool) {
	o.pay(s, gateway, manual)
	s.notify("orders/paid", s.orderPayload(o))
	s.notify("orders/updated", s.orderPayload(o))
}

// cancelOrder answers with a job that is not done yet, as Shopify does; the order is
// cancelled by the time anyone can ask.
func (s *Server) cancelOrder(c rootCall) (any, error) {
	o := s.findOrder(idOf("Order", c.args["orderId"]))
	if o == nil {
		return refused("Order does not exist", "NOT_FOUND", "orderId"), nil
	}
	if o.CancelledAt != nil {
		return refused("Order has already been cancelled", "INVALID", "orderId"), nil
	}
	method := fields(c.args["refundMethod"])
	if flag(method["storeCreditRefund"]) || method["storeCreditRefund"] != nil {
		return refused("Order has no customer to give store credit to", "STORE_CREDIT_REFUND_MISSING_CUSTOMER", "refundMethod"), nil
	}
	refundMoney := flag(method["originalPaymentMethodsRefund"]) || flag(c.args["refund"])
	s.cancelNow(o, text(c.args["reason"]), flag(c.args["restock"]), refundMoney)
	job := s.books.id()
	s.books.Jobs = append(s.books.Jobs, job)
	return done(object{"job": object{"id": gid("Job", job), "done": false}}), nil
}

func (s *Server) cancelNow(o *order, reason string, restock, refundMoney bool) {
	now := s.now()
	o.CancelledAt, o.CancelReason, o.UpdatedAt = &now, reason, now
	if refundMoney && o.received() > o.refunded() {
		s.addRefund(o, refund{Amount: o.received() - o.refunded(), Note: "Order canceled"})
	}
	if restock {
		s.move(o.Priced.Lines, 1)
	}
	s.notify("orders/cancelled", s.orderPayload(o))
	s.notify("orders/updated", s.orderPayload(o))
}

func (s *Server) updateOrder(c rootCall) (any, error) {
	in := fields(c.args["input"])
	o := s.findOrder(idOf("Order", in["id"]))
	if o == nil {
		return refused("Order does not exist", "", "id"), nil
	}
	changed := o.Input
	setTexts(in, map[string]*string{"email": &changed.Email, "phone": &changed.Phone, "note": &changed.Note, "poNumber": &changed.PONumber})
	if v, given := in["tags"]; given {
		changed.Tags = tagsOf(texts(v))
	}
	if v, given := in["customAttributes"]; given {
		changed.Attributes = attributesOf(v)
	}
	readAddress(in, "shippingAddress", &changed.ShippingAddress)
	if changed.Email != "" && !emailShape.MatchString(changed.Email) {
		return refused("Email is invalid", "", "email"), nil
	}
	o.Input, o.UpdatedAt = changed, s.now()
	s.notify("orders/updated", s.orderPayload(o))
	return done(object{"order": s.order(o)}), nil
}

// addTags adds to drafts and orders; other kinds are not tagged by this app.
func (s *Server) addTags(c rootCall) (any, error) {
	kind, id, _ := parseGID(text(c.args["id"]))
	scope := map[string]string{"Order": "write_orders", "DraftOrder": "write_draft_orders"}[kind]
	if err := s.allow("tagsAdd", scope); err != nil {
		return nil, err
	}
	add := texts(c.args["tags"])
	switch d, o := s.findDraft(id), s.findOrder(id); {
	case kind == "Order" && o != nil:
		o.Input.Tags, o.UpdatedAt = tagsOf(slices.Concat(o.Input.Tags, add)), s.now()
		s.notify("orders/updated", s.orderPayload(o))
	case kind == "DraftOrder" && d != nil:
		d.Input.Tags, d.UpdatedAt = tagsOf(slices.Concat(d.Input.Tags, add)), s.now()
	default:
		return refused("id: Resource does not exist", "", "id"), nil
	}
	return done(object{"node": s.load(kind, id)}), nil
}
