package shopify

// completeDraft turns a draft into an order: paid by hand without payment terms, pending
// with them. It never does so twice.
func (s *Server) completeDraft(c rootCall) (any, error) {
	d := s.findDraft(idOf("DraftOrder", c.args["id"]))
	if d == nil {
		return refused("Draft order does not exist", "", "id"), nil
	}
	if message := s.cannotComplete(d); message != "" {
		return refused(message, "", "id"), nil
	}
	if name := text(c.args["sourceName"]); name != "" {
		d.Input.SourceName = name
	}
	o := s.place(d)
	if d.Input.PaymentTerms == "" && !flag(c.args["paymentPending"]) {
		o.pay(s, "manual", true)
	}
	s.announce(o)
	return done(object{"draftOrder": s.draft(d)}), nil
}

// cannotComplete tells why a draft cannot become an order now; "" when it can.
func (s *Server) cannotComplete(d *draft) string {
	if d.CompletedAt != nil {
		return "This draft order has already been completed."
	}
	if !d.ready(s.cfg.Now()) {
		return "This order has not finished calculating, please try again later."
	}
	if line, out := s.outOfStock(d); out {
		return line.name() + " is out of stock. Remove or replace it to complete this draft order."
	}
	return ""
}

// place makes the order and takes its stock. The order is not paid yet.
func (s *Server) place(d *draft) *order {
	now := s.now()
	s.books.OrderNumber++
	o := &order{
		ID: s.books.id(), Number: s.books.OrderNumber, Confirmation: confirmation(), Token: newToken(), DraftID: d.ID,
		CreatedAt: now, UpdatedAt: now, Input: d.Input, Priced: d.Priced, IndexedAt: s.cfg.Now().Add(indexLag),
	}
	o.Priced.Lines = append([]pricedLine{}, d.Priced.Lines...)
	for i := range o.Priced.Lines {
		o.Priced.Lines[i].ID = s.books.id()
	}
	d.CompletedAt, d.OrderID, d.UpdatedAt = &now, o.ID, now
	s.books.Orders = append(s.books.Orders, o)
	s.move(o.Priced.Lines, -1)
	return o
}

// announce tells the app of a new order.
func (s *Server) announce(o *order) {
	s.notify("orders/create", s.orderPayload(o))
	if o.financialStatus() == "PAID" {
		s.notify("orders/paid", s.orderPayload(o))
	}
	s.notify("orders/updated", s.orderPayload(o))
}
