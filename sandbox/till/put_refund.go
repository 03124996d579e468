package till

import (
	"bytes"
	"net/http"
)

// refundRequest is the body of PUT /v1/sales/{id}/refunds/{request}.
type refundRequest struct {
	Amount string `json:"amount"`
	Reason string `json:"reason"`
}

// putRefund gives back part of a sale or all of it, once for each request.
func (s *Server) putRefund(r *http.Request, body []byte) answer {
	of := s.sale(r.PathValue("id"))
	if of == nil {
		return refused(http.StatusNotFound, "no_such_sale", "There is no such sale.")
	}
	request, asked := r.PathValue("request"), fingerprint(body)
	if made := first(of.Refunds, func(v *refund) bool { return v.Request == request }); made != nil {
		if made.Asked != asked {
			return refused(http.StatusConflict, "request_reused", "This request was made with other parameters.")
		}
		return answer{http.StatusOK, made.present(of.Currency)}
	}
	var in refundRequest
	if err := decode(bytes.NewReader(body), &in); err != nil {
		return refused(http.StatusBadRequest, "malformed", err.Error())
	}
	amount, exact := minor(in.Amount, of.Currency)
	switch {
	case !exact || amount <= 0:
		return refused(http.StatusBadRequest, "malformed", "A refund needs an amount.")
	case of.Reason != "":
		return refused(http.StatusUnprocessableEntity, "not_paid", "This sale took no money.")
	case first(of.Disputes, func(d *dispute) bool { return d.Status != "won" }) != nil:
		return refused(http.StatusUnprocessableEntity, "disputed", "The buyer's bank has taken the money back.")
	case amount > of.Amount-of.refunded():
		return refused(http.StatusUnprocessableEntity, "too_much", "More than is left of the sale.")
	}
	made := &refund{ID: newID("R"), Request: request, Asked: asked, Amount: amount, Reason: in.Reason, CreatedAt: s.cfg.Now().UTC()}
	of.Refunds = append(of.Refunds, made)
	return answer{http.StatusCreated, made.present(of.Currency)}
}

func (r *refund) present(currency string) map[string]any {
	return map[string]any{
		"id": r.ID, "request": r.Request, "amount": decimal(r.Amount, currency), "currency": currency, "reason": r.Reason,
		"created_at": r.CreatedAt,
	}
}
