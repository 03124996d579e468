package app

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/acp-bridge/acp-bridge/acp"
)

// told is what the agent has heard of an order.
type told struct {
	created     bool
	refunded    int64 // in the last event
	adjustments []adjustment
}

// heard are the orders that the agent was told of, by their session.
func (w *crashWorld) heard() map[string]*told {
	heard := map[string]*told{}
	events, _ := w.around.platform.Events()
	for _, e := range events {
		if !e.SignatureValid {
			continue
		}
		var body struct {
			Type string `json:"type"`
			Data struct {
				Adjustments []adjustment `json:"adjustments"`
				Totals      []struct {
					Type   string `json:"type"`
					Amount int64  `json:"amount"`
				} `json:"totals"`
			} `json:"data"`
		}
		if err := json.Unmarshal([]byte(e.Body), &body); err != nil {
			w.t.Errorf("an event that is none: %v", err)
		}
		for _, mark := range marks.FindAllString(e.Body, -1) {
			if heard[mark] == nil {
				heard[mark] = &told{}
			}
			of := heard[mark]
			of.created = of.created || body.Type == string(acp.OrderCreate)
			of.adjustments, of.refunded = body.Data.Adjustments, 0
			for _, total := range body.Data.Totals {
				if total.Type == "amount_refunded" {
					of.refunded = total.Amount
				}
			}
		}
	}
	return heard
}

// wrong says what the agent was not told of an order that there is.
func (of *told) wrong(s *schedule) string {
	if of == nil || !of.created {
		return "the agent never heard of the order"
	}
	has := func(kind, status string) (n int) {
		for _, a := range of.adjustments {
			if a.Type == kind && a.Status == status {
				n++
			}
		}
		return n
	}
	switch {
	case has("refund", "completed") != s.refunds || of.refunded != s.refunded:
		return fmt.Sprintf("the agent was told of other refunds, %+v, %d in all", of.adjustments, of.refunded)
	case s.disputed && has("dispute", "pending") != 1:
		return "the agent never heard of the dispute"
	case s.canceled && !slices.ContainsFunc(of.adjustments, func(a adjustment) bool { return a.Type == "cancellation" }):
		return "the agent never heard that the order was canceled"
	}
	return ""
}
