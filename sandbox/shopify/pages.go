package shopify

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify/pricing"
)

//go:embed pages
var pageFiles embed.FS

func parsePages() (*template.Template, error) {
	t, err := template.New("").ParseFS(pageFiles, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse pages: %w", err)
	}
	return t, nil
}

func (s *Server) routePages(mux *http.ServeMux) {
	shop := fmt.Sprintf("/%d", s.books.ShopID)
	mux.HandleFunc("GET "+shop+"/invoices/{token}", s.showInvoice)
	mux.HandleFunc("POST "+shop+"/invoices/{token}/pay", s.payInvoice)
	mux.HandleFunc("GET "+shop+"/orders/{token}/authenticate", s.showStatus)
	mux.HandleFunc("GET /products/{handle}", s.showProduct)
	mux.HandleFunc("GET /cart/{lines}", s.showCart)
	mux.HandleFunc("GET /images/{file}", s.showPicture)
	mux.HandleFunc("GET /policies/{path}", s.showPolicy)
	mux.HandleFunc("GET /store/{store}/{$}", s.toApp)
	mux.HandleFunc("GET /store/{store}/apps/{app}", s.showApp)
	mux.HandleFunc("GET /store/{store}/apps/{app}/session-token", s.giveIDToken)
	mux.HandleFunc("GET /store/{store}/orders", s.showOrders)
	mux.HandleFunc("GET /store/{store}/orders/{id}", s.showOrder)
	mux.HandleFunc("GET /store/{store}/draft_orders/{id}", s.showDraft)
	mux.HandleFunc("GET /app-bridge.js", s.serveAppBridge)
}

// render writes a page. It is rendered before the status goes out, so that a page that
// cannot be rendered is an error and not half a page.
func (s *Server) render(w http.ResponseWriter, status int, page string, data any) {
	var out bytes.Buffer
	if err := s.pages.ExecuteTemplate(&out, page, data); err != nil {
		s.cfg.Log.Error("render page", "page", page, "error", err)
		http.Error(w, "the page could not be rendered", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes()) // the status is out: a caller who hung up cannot be told more
}

// notice is a page that only says something.
type notice struct {
	Shop, Title, Text, Link, LinkText string
}

func (s *Server) say(w http.ResponseWriter, status int, title, text string) {
	s.render(w, status, "notice.html", notice{Shop: s.cfg.Settings.Name, Title: title, Text: text})
}

// receipt is what an invoice, an order and a status page show.
type receipt struct {
	Shop, Admin, Title, Status, Email, Note string
	Lines                                   []receiptLine
	Totals                                  []receiptLine
	Address                                 []string
	Attributes                              []attribute
	Tags                                    []string
	Payments                                []receiptLine
	PayURL, Fault                           string
	AskSignIn, AskEmail, AskAddress         bool
	Refunded, Cancelled, Fulfilled          string
}

type receiptLine struct{ Name, Detail, Amount string }

func (s *Server) receipt(title string, in draftInput, p priced) receipt {
	r := receipt{
		Shop: s.cfg.Settings.Name, Admin: s.adminURL(), Title: title, Email: in.Email, Note: in.Note, Attributes: in.Attributes, Tags: in.Tags,
	}
	for _, l := range p.Lines {
		r.Lines = append(r.Lines, receiptLine{l.name(), fmt.Sprintf("%d × %s", l.Quantity, s.shown(l.Unit)), s.shown(l.Amounts.Net())})
	}
	if in.ShippingAddress != nil {
		r.Address = in.ShippingAddress.lines()
	}
	q := p.Quote
	r.Totals = append(r.Totals, receiptLine{Name: "Subtotal", Amount: s.shown(q.Subtotal)})
	if q.DiscountTotal > 0 {
		r.Totals = append(r.Totals, receiptLine{Name: "Discounts (included above)", Amount: "−" + s.shown(q.DiscountTotal)})
	}
	if q.Shipping != nil {
		r.Totals = append(r.Totals, receiptLine{Name: "Shipping: " + q.Shipping.Title, Amount: s.shown(q.Shipping.Net)})
	}
	for _, t := range q.Taxes {
		name := t.Title
		if s.shop.TaxesIncluded {
			name += " (included)"
		}
		r.Totals = append(r.Totals, receiptLine{Name: name, Amount: s.shown(t.Amount)})
	}
	r.Totals = append(r.Totals, receiptLine{Name: "Total", Amount: s.shown(q.Total)})
	return r
}

func (s *Server) shown(minor int64) string {
	return pricing.Format(minor, s.decimal) + " " + s.shop.Currency
}
