package pay

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// What a sale carries of ours beside the order's reference.
const (
	labelSession = "session"
	labelAttempt = "attempt"
)

// sale is what the till says of one; amounts are decimal strings.
type sale struct {
	ID        string            `json:"id"`
	Request   string            `json:"request"`
	Order     string            `json:"order"`
	Labels    map[string]string `json:"labels"`
	Amount    string            `json:"amount"`
	Currency  string            `json:"currency"`
	Status    string            `json:"status"`
	Reason    string            `json:"reason"`
	Refunds   []refund          `json:"refunds"`
	Disputes  []dispute         `json:"disputes"`
	CreatedAt time.Time         `json:"created_at"`
}

type refund struct {
	ID        string    `json:"id"`
	Request   string    `json:"request"`
	Amount    string    `json:"amount"`
	Currency  string    `json:"currency"`
	Reason    string    `json:"reason"`
	CreatedAt time.Time `json:"created_at"`
}

type dispute struct {
	ID        string    `json:"id"`
	Amount    string    `json:"amount"`
	Status    string    `json:"status"`
	CreatedAt time.Time `json:"created_at"`
}

// payment is a sale in the domain's words. KindInternal when it cannot be
// told, which is never taken for a payment that was or was not made.
func (p *Payments) payment(m acp.Merchant, s sale) (acp.Payment, error) {
	state, known := map[string]acp.PaymentState{"paid": acp.PaymentCaptured, "declined": acp.PaymentDeclined}[s.Status]
	if !known {
		return acp.Payment{}, &acp.Error{Kind: acp.KindInternal, Message: fmt.Sprintf("the till's sale %.40s is %.40q", s.ID, s.Status)}
	}
	money, err := moneyOf(s.Amount, s.Currency)
	if err != nil {
		return acp.Payment{}, err
	}
	attempt, _ := strconv.Atoi(s.Labels[labelAttempt]) // 0 for a sale that is not ours
	pay := acp.Payment{
		Merchant: m.ID, Session: acp.SessionID(s.Labels[labelSession]), Attempt: attempt, Reference: s.Order, ProviderID: s.ID,
		Provider: providerName, Amount: money, State: state, CreatedAt: s.CreatedAt, UpdatedAt: p.Now(),
	}
	if state == acp.PaymentDeclined {
		pay.Decline, pay.Retryable, pay.BadToken = s.Reason, s.Reason != "stolen", strings.HasPrefix(s.Reason, "token_")
	}
	return pay, s.tell(&pay)
}

// tell adds the refunds and disputes.
func (s sale) tell(pay *acp.Payment) error {
	for _, r := range s.Refunds {
		told, err := r.told()
		if err != nil {
			return err
		}
		pay.Refunds = append(pay.Refunds, told)
	}
	for _, d := range s.Disputes {
		money, err := moneyOf(d.Amount, s.Currency)
		if err != nil {
			return err
		}
		state := acp.DisputeState(d.Status)
		if !slices.Contains([]acp.DisputeState{acp.DisputeWon, acp.DisputeLost}, state) {
			state = acp.DisputeOpen
		}
		pay.Disputes = append(pay.Disputes, acp.Dispute{ID: d.ID, Amount: money, State: state, At: d.CreatedAt})
	}
	return nil
}

func (r refund) told() (acp.Refund, error) {
	money, err := moneyOf(r.Amount, r.Currency)
	if err != nil {
		return acp.Refund{}, err
	}
	return acp.Refund{ID: r.ID, Reference: r.Request, Amount: money, State: acp.RefundSucceeded, Reason: r.Reason, At: r.CreatedAt}, nil
}

func moneyOf(amount, currency string) (acp.Money, error) {
	c, err := acp.ParseCurrency(currency)
	if err == nil {
		var m acp.Money
		if m, err = acp.ParseMoney(amount, c); err == nil && !strings.HasPrefix(amount, "-") {
			return m, nil
		}
	}
	return acp.Money{}, &acp.Error{Kind: acp.KindInternal, Message: fmt.Sprintf("the till named an amount of %.40q %.10q", amount, currency)}
}
