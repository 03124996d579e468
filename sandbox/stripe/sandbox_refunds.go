package stripe

import (
	"cmp"
	"net/http"
)

// Statuses of a refund beside succeeded, in Stripe's words.
const (
	pending = "pending"
	failed  = "failed"
)

func (r *refund) status() string { return cmp.Or(r.Status, succeeded) }

// changeRefund answers POST /_sandbox/refunds/{id}: the buyer's bank is slow
// ({"status":"pending"}), takes the money ("succeeded"), or sends it back
// ("failed"), which may come days after a success and is final.
func (s *Server) changeRefund(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Status string `json:"status"`
	}
	if err := decodeStrict(w, r, &body); err != nil {
		badRequest(w, "decode status: "+err.Error())
		return
	}
	if body.Status != pending && body.Status != succeeded && body.Status != failed {
		badRequest(w, "status is pending, succeeded or failed")
		return
	}
	status, v := s.becomeRefund(r.PathValue("id"), body.Status)
	answer(w, status, v)
}

func (s *Server) becomeRefund(id, status string) (int, any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.books.Refunds {
		if r.ID != id {
			continue
		}
		if r.Status == failed {
			return http.StatusConflict, map[string]any{"error": "the refund has failed for good"}
		}
		s.settleRefund(r, status)
		if err := s.save(); err != nil {
			return http.StatusInternalServerError, map[string]any{"error": err.Error()}
		}
		return http.StatusOK, r.present()
	}
	return http.StatusNotFound, map[string]any{"error": "no such refund"}
}

func (s *Server) settleRefund(r *refund, status string) {
	c := &call{requestID: newID("req"), now: s.cfg.Now()}
	r.Status = status
	kind := "refund.updated"
	if status == failed {
		kind = "refund.failed"
		if p := s.payment(r.Payment); p != nil {
			p.Refunded -= r.Amount // it is the seller's again
		}
	}
	s.emit(kind, r.present(), c.now, c)
	s.emit("charge.refund.updated", r.present(), c.now, c)
}
