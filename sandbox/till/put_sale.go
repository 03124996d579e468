package till

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// saleRequest is the body of PUT /v1/sales/{request}.
type saleRequest struct {
	Token    string            `json:"token"`
	Amount   string            `json:"amount"`
	Currency string            `json:"currency"`
	Order    string            `json:"order"`
	Email    string            `json:"email"`
	Labels   map[string]string `json:"labels"`
}

// putSale takes the money, or declines, once for each request: whoever puts
// the same again gets the sale as it stands, however much later.
func (s *Server) putSale(r *http.Request, body []byte) answer {
	request, asked := r.PathValue("request"), fingerprint(body)
	if made := first(s.books.Sales, func(v *sale) bool { return v.Request == request }); made != nil {
		if made.Asked != asked {
			return refused(http.StatusConflict, "request_reused", "This request was made with other parameters.")
		}
		return answer{http.StatusOK, made.present()}
	}
	var in saleRequest
	if err := decode(bytes.NewReader(body), &in); err != nil {
		return refused(http.StatusBadRequest, "malformed", err.Error())
	}
	amount, exact := minor(in.Amount, in.Currency)
	if !exact || amount <= 0 || len(in.Currency) != 3 || in.Currency != strings.ToUpper(in.Currency) || in.Order == "" {
		return refused(http.StatusBadRequest, "malformed", "A sale needs an order, an amount such as 12.50 and a currency such as EUR.")
	}
	t := s.token(in.Token)
	if t == nil {
		return refused(http.StatusUnprocessableEntity, "unknown_token", "Nobody granted this token.")
	}
	made := &sale{
		ID: newID("S"), Request: request, Asked: asked, Order: in.Order, Labels: in.Labels,
		Amount: amount, Currency: in.Currency, Reason: t.refuses(amount, in.Currency, s.cfg.Now()), CreatedAt: s.cfg.Now().UTC(),
	}
	if made.Reason == "" {
		t.SpentOn = made.ID
	}
	s.books.Sales = append(s.books.Sales, made)
	return answer{http.StatusCreated, made.present()}
}

// refuses says why the token does not pay; empty when it does.
func (t *token) refuses(amount int64, currency string, now time.Time) string {
	switch {
	case t.Revoked:
		return "token_revoked"
	case t.SpentOn != "":
		return "token_spent"
	case !now.Before(t.ExpiresAt):
		return "token_expired"
	case t.Currency != currency:
		return "token_currency"
	case amount > t.MaxAmount:
		return "token_limit"
	}
	return map[string]string{"good": "", "declined": "declined_by_bank", "no_money": "no_money", "stolen": "stolen"}[t.Card]
}

func (s *Server) getSale(r *http.Request, _ []byte) answer {
	made := s.sale(r.PathValue("id"))
	if made == nil {
		return refused(http.StatusNotFound, "no_such_sale", "There is no such sale.")
	}
	return answer{http.StatusOK, made.present()}
}

func (s *sale) present() map[string]any {
	status := "paid"
	if s.Reason != "" {
		status = "declined"
	}
	refunds, disputes := []any{}, []any{}
	for _, r := range s.Refunds {
		refunds = append(refunds, r.present(s.Currency))
	}
	for _, d := range s.Disputes {
		disputes = append(disputes, map[string]any{
			"id": d.ID, "amount": decimal(d.Amount, s.Currency), "status": d.Status, "created_at": d.CreatedAt,
		})
	}
	return map[string]any{
		"id": s.ID, "request": s.Request, "order": s.Order, "labels": s.Labels, "amount": decimal(s.Amount, s.Currency),
		"currency": s.Currency, "status": status, "reason": s.Reason, "refunds": refunds, "disputes": disputes, "created_at": s.CreatedAt,
	}
}

// fingerprint is over the members, whatever their order and spacing.
func fingerprint(body []byte) string {
	var v any
	if json.Unmarshal(body, &v) == nil {
		if even, err := json.Marshal(v); err == nil {
			body = even
		}
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
