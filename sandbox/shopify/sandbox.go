package shopify

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify/pricing"
)

func (s *Server) routeSandbox(mux *http.ServeMux) {
	mux.Handle("/_sandbox/faults", s.faults.Handler())
	mux.HandleFunc("GET /_sandbox/state", s.showState)
	mux.HandleFunc("POST /_sandbox/products", s.addProduct)
	mux.HandleFunc("POST /_sandbox/accounts", s.setAccounts)
	mux.HandleFunc("POST /_sandbox/uninstall", s.uninstall)
	mux.HandleFunc("POST /_sandbox/revoke", s.revoke)
	mux.HandleFunc("POST /_sandbox/compliance/{topic...}", s.sendCompliance)
	mux.HandleFunc("POST /_sandbox/orders/{id}/{deed}", s.doToOrder)
}

// answerChange commits a change made by hand and answers with what became of it.
func (s *Server) answerChange(w http.ResponseWriter, view object) {
	if err := s.commit(); err != nil {
		writeJSON(w, http.StatusInternalServerError, map[string]string{"error": err.Error()})
		return
	}
	writeJSON(w, http.StatusOK, plainView(view))
}

// setAccounts is staff's choice whether buyers must sign in before they pay.
func (s *Server) setAccounts(w http.ResponseWriter, r *http.Request) {
	var in struct {
		SignInRequired bool `json:"sign_in_required"`
		Quietly        bool `json:"quietly"` // the webhook is lost
	}
	if err := readJSON(w, r, &in); err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.books.SignInRequired = in.SignInRequired
	if !in.Quietly {
		s.notify("shop/update", s.shopPayload())
	}
	s.answerChange(w, object{"sign_in_required": in.SignInRequired})
}

// uninstall kills the tokens at once and tells the app afterwards, as Shopify does.
func (s *Server) uninstall(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.books.Grants = nil
	s.notify("app/uninstalled", s.shopPayload())
	s.answerChange(w, object{"uninstalled": true})
}

// revoke kills the tokens without a word, as a refresh token that ran out does.
func (s *Server) revoke(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.books.Grants = nil
	s.answerChange(w, object{"revoked": true})
}

// sendCompliance sends one of the privacy webhooks for the newest order.
func (s *Server) sendCompliance(w http.ResponseWriter, r *http.Request) {
	topic := r.PathValue("topic")
	s.mu.Lock()
	defer s.mu.Unlock()
	payload := object{"shop_id": s.books.ShopID, "shop_domain": s.cfg.Shop}
	orders := []int64{}
	customer := object{"id": s.books.ShopID + 1, "email": "", "phone": nil}
	if n := len(s.books.Orders); n > 0 {
		orders = append(orders, s.books.Orders[n-1].ID)
		customer["email"] = s.books.Orders[n-1].Input.Email
	}
	switch topic {
	case "customers/data_request":
		payload["customer"], payload["orders_requested"] = customer, orders
		payload["data_request"] = object{"id": s.books.id()}
	case "customers/redact":
		payload["customer"], payload["orders_to_redact"] = customer, orders
	case "shop/redact":
	default:
		writeJSON(w, http.StatusNotFound, map[string]string{"error": "no such compliance topic"})
		return
	}
	s.notify(topic, payload)
	s.answerChange(w, payload)
}

var errDeed = errors.New("only fulfill, edit, pay, refund, cancel and delete")

// doToOrder does what staff would do in the admin.
func (s *Server) doToOrder(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.findOrder(numericID(r.PathValue("id")))
	if o == nil {
		writeJSON(w, http.StatusNotFound, map[string]string{"error": "no such order"})
		return
	}
	var how manner
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<10)).Decode(&how); err != nil && !errors.Is(err, io.EOF) {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return
	}
	if err := s.deed(o, r.PathValue("deed"), how); err != nil {
		writeJSON(w, http.StatusConflict, map[string]string{"error": err.Error()})
		return
	}
	s.answerChange(w, s.order(o))
}

// manner is how staff do it; the body may be empty.
type manner struct {
	Amount     string `json:"amount"`      // of a refund, without goods; empty: all that is left. Of an edit: what the order costs more
	Newest     bool   `json:"newest"`      // refund the newest payment instead of the first
	Online     bool   `json:"online"`      // the buyer pays in Shopify's checkout, not staff by hand
	Authorized bool   `json:"authorized"`  // and the shop takes the money later
	KeepsMoney bool   `json:"keeps_money"` // cancel, and refund later
}

func (s *Server) deed(o *order, deed string, how manner) error {
	switch deed {
	case "fulfill":
		return s.fulfill(o)
	case "edit":
		amount, err := pricing.Parse(how.Amount, s.decimal)
		if err != nil {
			return errors.New("amount is none")
		}
		o.Priced.Quote.Total += amount
		o.UpdatedAt = s.now()
		s.notify("orders/edited", s.orderPayload(o))
		s.notify("orders/updated", s.orderPayload(o))
		return nil
	case "pay":
		if o.outstanding() == 0 {
			return errors.New("nothing is owed")
		}
		switch {
		case how.Authorized:
			o.authorize(s)
			s.notify("orders/updated", s.orderPayload(o))
		case how.Online:
			s.paid(o, "shopify_payments", false)
		default:
			s.paid(o, "manual", true)
		}
		return nil
	case "delete":
		s.books.Orders = slices.DeleteFunc(s.books.Orders, func(other *order) bool { return other == o })
		s.notify("orders/delete", object{"id": o.ID})
		return nil
	case "refund":
		if o.received() <= o.refunded() {
			return errors.New("nothing left to refund")
		}
		r := s.refundEverything(o)
		if how.Amount != "" {
			amount, err := pricing.Parse(how.Amount, s.decimal)
			if err != nil || amount <= 0 || amount > r.Amount {
				return errors.New("amount is more than is left")
			}
			r = refund{Amount: amount}
		}
		for _, t := range o.Transactions {
			if how.Newest && t.Kind == "SALE" {
				r.Sale = t.ID
			}
		}
		s.addRefund(o, r)
		s.notify("orders/updated", s.orderPayload(o))
		return nil
	case "cancel":
		if o.CancelledAt != nil {
			return errors.New("already cancelled")
		}
		s.cancelNow(o, "CUSTOMER", true, !how.KeepsMoney)
		return nil
	}
	return errDeed
}

func (s *Server) refundEverything(o *order) refund {
	r := refund{Amount: o.received() - o.refunded(), Shipping: o.Priced.Quote.ShippingTotal - o.refundedShipping()}
	for _, l := range o.Priced.Lines {
		if left := l.Quantity - o.refundedUnits(l.ID); left > 0 {
			r.Lines = append(r.Lines, refundOf(l, left, "NO_RESTOCK"))
		}
	}
	return r
}

func (s *Server) fulfill(o *order) error {
	f := fulfillment{ID: s.books.id(), At: s.now(), Company: "UPS", Tracking: fmt.Sprintf("1Z%010d", o.Number)}
	f.URL = "https://www.ups.com/track?tracknum=" + f.Tracking
	for _, l := range o.Priced.Lines {
		if left := l.Quantity - o.refundedUnits(l.ID) - o.fulfilledUnits(l.ID); left > 0 {
			f.Lines = append(f.Lines, fulfilledLine{ID: s.books.id(), LineID: l.ID, Quantity: left})
		}
	}
	if o.CancelledAt != nil || len(f.Lines) == 0 {
		return errors.New("nothing left to fulfill")
	}
	o.Fulfillments = append(o.Fulfillments, f)
	o.UpdatedAt = f.At
	s.notify("fulfillments/create", fulfillmentPayload(o, &f))
	s.notify("orders/fulfilled", s.orderPayload(o))
	s.notify("orders/updated", s.orderPayload(o))
	return nil
}
