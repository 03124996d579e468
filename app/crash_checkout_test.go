package app

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// owner is the checkout that a call is for; nil for calls that are nobody's.
func (w *crashWorld) owner(call string) *schedule {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, mark := range marks.FindAllString(call, -1) {
		if s := w.owners[mark]; s != nil {
			return s
		}
	}
	return nil
}

// learn remembers the names that an answer gives to things of a checkout.
func (w *crashWorld) learn(s *schedule, answer []byte) {
	for _, mark := range marks.FindAllString(string(answer), -1) {
		w.own(s, mark)
	}
}

func (w *crashWorld) own(s *schedule, mark string) {
	w.mu.Lock()
	_, known := w.owners[mark]
	if !known {
		w.owners[mark] = s
	}
	w.mu.Unlock()
	if !known {
		s.mu.Lock()
		s.markers = append(s.markers, mark)
		s.mu.Unlock()
	}
}

// open is a checkout that can be paid, with the tokens of its buyer.
func (w *crashWorld) open(s *schedule) error {
	email := fmt.Sprintf("crash-%d@example.com", s.number)
	w.own(s, email)
	pieces := 1
	if s.held {
		pieces = 2
	}
	body := cart(w.item, pieces)
	if s.proves != "" {
		body["capabilities"] = map[string]any{"interventions": map[string]any{"supported": []string{"3ds"}}}
	}
	body["buyer"] = map[string]any{"first_name": "Ada", "last_name": "Lovelace", "email": email}
	var got reply
	var err error
	for range 20 { // a busy machine turns requests away
		got, err = w.request(w.t.Context(), http.MethodPost, w.app+"/checkout_sessions", fmt.Sprintf("open-%d", s.number), body)
		if err != nil {
			return err
		}
		if got.Status != http.StatusConflict && got.Status < http.StatusInternalServerError {
			break
		}
	}
	if err := json.Unmarshal([]byte(got.Raw), &s.session); err != nil || s.session.Status != "ready_for_payment" {
		return fmt.Errorf("open: %d %s", got.Status, got.Raw)
	}
	w.own(s, s.session.ID)
	most := s.session.total()
	if s.short {
		most--
	}
	for i := range s.tokens {
		got, err := w.request(w.t.Context(), http.MethodPost, w.provider(s)+"/_sandbox/tokens", "",
			map[string]any{"max_amount": most, "currency": "usd", "expires_in": 900, "card": s.card})
		if err != nil {
			return err
		}
		s.tokens[i], _ = got.Body["id"].(string)
		w.own(s, s.tokens[i])
	}
	s.cancels = func() {
		a, err := w.request(w.t.Context(), http.MethodPost, w.app+"/checkout_sessions/"+s.session.ID+"/cancel", fmt.Sprintf("cancel-%d", s.number), map[string]any{})
		s.note("cancel: %d %v %v", a.Status, a.Body["status"], err)
	}
	return nil
}

// provider is the stand-in that the checkout is paid at.
func (w *crashWorld) provider(s *schedule) string {
	if s.till {
		return w.around.tillURL()
	}
	return w.around.stripeURL()
}

// confirm plays the card holder whom the bank asked.
func (w *crashWorld) confirm(s *schedule) {
	w.t.Helper()
	for _, p := range w.books(w.page).Payments {
		if p.Status != "requires_action" {
			continue
		}
		outcome := map[bool]string{true: "authenticated", false: "failed"}[!s.balks]
		a, err := w.request(w.t.Context(), http.MethodPost, w.around.stripeURL()+"/_sandbox/payments/"+p.ID+"/authenticate", "", map[string]any{"outcome": outcome})
		if err != nil || a.Status != http.StatusConflict { // which is: the app has canceled it meanwhile
			w.must(a, err)
		}
		s.note("the card holder %s: %v", outcome, a.Body["status"])
	}
}
