package walkthrough

import "github.com/acp-bridge/acp-bridge/acp"

// session is what the agent reads of a checkout session.
type session struct {
	ID           string `json:"id"`
	Status       string `json:"status"`
	Currency     string `json:"currency"`
	ContinueURL  string `json:"continue_url"`
	Capabilities struct {
		Payment struct {
			Handlers []struct {
				ID string `json:"id"`
			} `json:"handlers"`
		} `json:"payment"`
	} `json:"capabilities"`
	LineItems []struct {
		ID   string `json:"id"`
		Item struct {
			ID string `json:"id"`
		} `json:"item"`
		Quantity int64   `json:"quantity"`
		Totals   []total `json:"totals"`
	} `json:"line_items"`
	Options []struct {
		Type   string  `json:"type"`
		ID     string  `json:"id"`
		Title  string  `json:"title"`
		Totals []total `json:"totals"`
	} `json:"fulfillment_options"`
	Selected []struct {
		Type     string   `json:"type"`
		OptionID string   `json:"option_id"`
		ItemIDs  []string `json:"item_ids"`
	} `json:"selected_fulfillment_options"`
	Totals   []total `json:"totals"`
	Messages []struct {
		Type    string `json:"type"`
		Code    string `json:"code"`
		Content string `json:"content"`
	} `json:"messages"`
	Discounts struct {
		Applied []struct {
			Code   string `json:"code"`
			Amount int64  `json:"amount"`
		} `json:"applied"`
		Rejected []struct {
			Code   string `json:"code"`
			Reason string `json:"reason"`
		} `json:"rejected"`
	} `json:"discounts"`
	Order *struct {
		ID          string `json:"id"`
		OrderNumber string `json:"order_number"`
		URL         string `json:"permalink_url"`
	} `json:"order"`
}

type total struct {
	Type   string `json:"type"`
	Amount int64  `json:"amount"`
}

func (s session) amount(kind string) int64 { return amountOf(s.Totals, kind) }

func amountOf(totals []total, kind string) int64 {
	for _, t := range totals {
		if t.Type == kind {
			return t.Amount
		}
	}
	return 0
}

// says reports whether there is a message of that code.
func (s session) says(code string) bool {
	for _, m := range s.Messages {
		if m.Code == code {
			return true
		}
	}
	return false
}

// addsUp checks the protocol's identity over the totals.
func (s session) addsUp() error {
	sum := s.amount("items_base_amount") - s.amount("items_discount") - s.amount("discount") +
		s.amount("fulfillment") + s.amount("tax") + s.amount("fee")
	return check(sum == s.amount("total") && sum > 0, "the session's totals add up", "parts %d, total %d", sum, s.amount("total"))
}

// shown is an amount as a person reads it.
func shown(minor int64, currency string) string {
	return acp.Money{Amount: minor, Currency: acp.Currency(currency)}.String()
}
