package shopify

import (
	"net/http"
	"strings"
)

// showInvoice is the page behind DraftOrder.invoiceUrl: what is bought, and a form that
// pays. Until the draft is ready it is an error page, as integrators report of Shopify's.
func (s *Server) showInvoice(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.payable(w, r); d != nil {
		s.render(w, http.StatusOK, "invoice.html", s.invoice(d, r, ""))
	}
}

// payable finds the draft of an invoice page, or says why it cannot be paid.
func (s *Server) payable(w http.ResponseWriter, r *http.Request) *draft {
	var d *draft
	for _, candidate := range s.books.Drafts {
		if candidate.Token == r.PathValue("token") {
			d = candidate
		}
	}
	switch {
	case d == nil:
		s.say(w, http.StatusNotFound, "This invoice does not exist", "It may have been deleted by the shop.")
	case d.CompletedAt != nil:
		n := notice{Shop: s.cfg.Settings.Name, Title: "This invoice has already been paid", Text: "Nothing was charged again."}
		if o := s.findOrder(d.OrderID); o != nil {
			n.Link, n.LinkText = s.statusURL(o), "See order "+o.name()
		}
		s.render(w, http.StatusConflict, "notice.html", n)
	case !d.ready(s.cfg.Now()):
		d.NotReady--
		w.Header().Set("Retry-After", "2")
		s.say(w, http.StatusServiceUnavailable, "One moment", "We are still calculating this order. Reload the page in a few seconds.")
	default:
		return d
	}
	return nil
}

func (s *Server) invoice(d *draft, r *http.Request, fault string) receipt {
	page := s.receipt("Invoice "+d.name(), d.Input, d.Priced)
	page.PayURL = strings.TrimSuffix(r.URL.Path, "/pay") + "/pay"
	page.Fault = fault
	page.AskSignIn = s.books.SignInRequired
	page.AskEmail = d.Input.Email == ""
	page.AskAddress = d.Input.ShippingAddress == nil && requiresShipping(d.Priced.Lines)
	return page
}

// payInvoice is Shopify's checkout in one step: it takes what is missing, makes the order,
// marks it paid through Shopify Payments and leads to its status page.
func (s *Server) payInvoice(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, bodyLimit)
	if err := r.ParseForm(); err != nil {
		s.say(w, http.StatusBadRequest, "That form could not be read", "Go back and try again.")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.payable(w, r)
	if d == nil {
		return
	}
	if s.books.SignInRequired && r.PostForm.Get("signed_in") == "" {
		s.render(w, http.StatusUnprocessableEntity, "invoice.html", s.invoice(d, r, "Sign in to your account to pay."))
		return
	}
	if fault := s.fillIn(d, r); fault != "" {
		s.render(w, http.StatusUnprocessableEntity, "invoice.html", s.invoice(d, r, fault))
		return
	}
	if line, out := s.outOfStock(d); out {
		s.render(w, http.StatusUnprocessableEntity, "invoice.html", s.invoice(d, r, line.name()+" is sold out."))
		return
	}
	o := s.place(d)
	o.pay(s, "shopify_payments", false)
	s.announce(o)
	if err := s.commit(); err != nil {
		s.cfg.Log.Error("pay invoice", "error", err)
		s.say(w, http.StatusInternalServerError, "Something went wrong", "Please try again.")
		return
	}
	http.Redirect(w, r, s.statusURL(o), http.StatusSeeOther)
}

// fillIn takes e-mail and address from the form where the draft lacks them. A new address
// is priced again, because taxes and shipping depend on it.
func (s *Server) fillIn(d *draft, r *http.Request) (fault string) {
	in := d.Input
	if in.Email == "" {
		if in.Email = strings.TrimSpace(r.PostForm.Get("email")); !emailShape.MatchString(in.Email) {
			return "Enter an e-mail address."
		}
	}
	if in.ShippingAddress == nil && requiresShipping(d.Priced.Lines) {
		field := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
		a := &address{
			FirstName: field("first_name"), LastName: field("last_name"), Address1: field("address1"), Address2: field("address2"),
			City: field("city"), ProvinceCode: strings.ToUpper(field("province")), Zip: field("zip"), CountryCode: strings.ToUpper(field("country")),
		}
		if a.Address1 == "" || a.City == "" || len(a.CountryCode) != 2 {
			return "Enter a complete address."
		}
		in.ShippingAddress = a
	}
	if in.ShippingAddress == d.Input.ShippingAddress && (d.Priced.Quote.Shipping != nil || !requiresShipping(d.Priced.Lines)) {
		d.Input = in
		return "" // nothing that prices depend on was missing: the buyer pays what the invoice says
	}
	p, err := s.priceWithRate(in)
	if err != nil {
		return err.Error()
	}
	for i := range p.Lines {
		p.Lines[i].ID = s.books.id()
	}
	d.Input, d.Priced = in, p
	return ""
}

// priceWithRate prices with the cheapest rate where the draft has none that applies and
// something must be shipped.
func (s *Server) priceWithRate(in draftInput) (priced, error) {
	p, err := s.priceInput(in)
	if err == nil && (in.Shipping != nil || !requiresShipping(p.Lines)) {
		return p, nil
	}
	in.Shipping = nil
	if p, err = s.priceInput(in); err != nil {
		return p, err
	}
	if len(p.Quote.Rates) == 0 {
		return p, wrong("This shop does not ship to that address.")
	}
	cheapest := p.Quote.Rates[0]
	for _, rate := range p.Quote.Rates {
		if rate.Price < cheapest.Price {
			cheapest = rate
		}
	}
	in.Shipping = choice(cheapest)
	return s.priceInput(in)
}
