package shopify

import (
	"crypto/hmac"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

//go:embed pages/app-bridge.js
var appBridge []byte

type adminPage struct {
	Shop, Domain, Store, App string
	Frame                    string // the app's URL in the iframe
	Origin                   string // of the app, the only one that may ask for tokens
	TokenURL                 string
	Orders                   []receiptLine
	IDs                      []string
}

// showApp is the admin with the app embedded.
func (s *Server) showApp(w http.ResponseWriter, r *http.Request) {
	frame, err := s.LaunchURL()
	if r.PathValue("store") != s.shopName() || r.PathValue("app") != appHandle {
		s.say(w, http.StatusNotFound, "There is nothing here", "")
		return
	}
	if err != nil {
		s.say(w, http.StatusServiceUnavailable, "The app does not answer", err.Error())
		return
	}
	page := s.adminPage()
	page.Frame, page.Origin = frame, s.cfg.AppURL()
	if u, err := url.Parse(frame); err == nil {
		page.Origin = u.Scheme + "://" + u.Host
	}
	s.render(w, http.StatusOK, "admin.html", page)
}

func (s *Server) adminPage() adminPage {
	return adminPage{
		Shop: s.cfg.Settings.Name, Domain: s.cfg.Shop, Store: s.shopName(), App: appHandle,
		TokenURL: fmt.Sprintf("/store/%s/apps/%s/session-token", s.shopName(), appHandle),
	}
}

// LaunchURL is what Shopify loads into its iframe when staff open the app: the
// application URL with a signed query and a fresh id token that lives a minute.
func (s *Server) LaunchURL() (string, error) {
	base := s.cfg.AppURL()
	if base == "" {
		return "", fmt.Errorf("launch app: it does not listen yet")
	}
	token, err := s.newIDToken()
	if err != nil {
		return "", fmt.Errorf("launch app: %w", err)
	}
	query := url.Values{
		"embedded": {"1"}, "host": {base64.RawStdEncoding.EncodeToString([]byte("admin.shopify.com/store/" + s.shopName()))},
		"id_token": {token}, "locale": {"en"}, "session": {strings.ReplaceAll(uuid.NewString(), "-", "")}, "shop": {s.cfg.Shop},
		"timestamp": {strconv.FormatInt(s.cfg.Now().Unix(), 10)},
	}
	query.Set("hmac", s.queryHMAC(query))
	return strings.TrimRight(base, "/") + "/?" + query.Encode(), nil
}

// queryHMAC signs a query: keys sorted, k=v joined by &, hex.
func (s *Server) queryHMAC(query url.Values) string {
	var pairs []string
	for name := range query {
		pairs = append(pairs, name+"="+query.Get(name))
	}
	slices.Sort(pairs)
	mac := hmac.New(sha256.New, []byte(s.cfg.ClientSecret))
	mac.Write([]byte(strings.Join(pairs, "&")))
	return hex.EncodeToString(mac.Sum(nil))
}

// giveIDToken is what the admin page asks when the app wants a fresh token.
func (s *Server) giveIDToken(w http.ResponseWriter, r *http.Request) {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		http.Error(w, "ask from the admin page", http.StatusForbidden)
		return
	}
	token, err := s.newIDToken()
	if err != nil {
		http.Error(w, "no token", http.StatusInternalServerError)
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"id_token": token})
}

func (s *Server) serveAppBridge(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	_, _ = w.Write(appBridge)
}

func (s *Server) toApp(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, s.AdminURL(), http.StatusSeeOther)
}

func (s *Server) showOrders(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	page := s.adminPage()
	for _, o := range slices.Backward(s.books.Orders) {
		page.Orders = append(page.Orders, receiptLine{o.name(), o.financialStatus(), s.shown(o.Priced.Quote.Total)})
		page.IDs = append(page.IDs, strconv.FormatInt(o.ID, 10))
	}
	s.render(w, http.StatusOK, "orders.html", page)
}

func (s *Server) showOrder(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.findOrder(id)
	if o == nil {
		s.say(w, http.StatusNotFound, "This order does not exist", "")
		return
	}
	s.render(w, http.StatusOK, "order.html", s.orderPage(o))
}

func (s *Server) showDraft(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.findDraft(id)
	if d == nil {
		s.say(w, http.StatusNotFound, "This draft does not exist", "")
		return
	}
	page := s.receipt("Draft "+d.name(), d.Input, d.Priced)
	page.Status = d.status()
	s.render(w, http.StatusOK, "order.html", page)
}
