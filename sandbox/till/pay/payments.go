package pay

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// HandlerID names this way to pay in sessions.
const HandlerID = "till_card"

// providerName stands in the books of payments and never changes.
const providerName = "Till"

// Config is what Payments needs; all but Transport is required.
type Config struct {
	BaseURL   string
	Key       acp.Secret
	Account   string            // the merchant's id at the till
	Shop      string            // the one shop domain whose payments this key takes
	Timeout   time.Duration     // of one call
	Transport http.RoundTripper // nil: the standard one
	Now       func() time.Time
}

// Payments implements acp.Payments with one account at the till. It is safe
// for concurrent use.
type Payments struct {
	Config
	http *http.Client
}

var _ acp.Payments = (*Payments)(nil)

// New checks the configuration.
func New(c Config) (*Payments, error) {
	if c.BaseURL == "" || c.Key.Empty() || c.Account == "" || c.Shop == "" || c.Timeout <= 0 || c.Now == nil {
		return nil, errors.New("configure till: BaseURL, Key, Account, Shop, Timeout and Now are required")
	}
	return &Payments{Config: c, http: &http.Client{
		Transport: c.Transport,
		// A redirected call would carry the key to another host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Name implements acp.Payments.
func (p *Payments) Name() string { return providerName }

// Capabilities implements acp.Payments: the till can do none of it. Its
// requests are remembered for good, which is what a provider without
// FindByReference owes.
func (p *Payments) Capabilities() acp.Capabilities { return acp.Capabilities{} }

// Handlers offers cards to the one merchant whose account this is.
func (p *Payments) Handlers(m acp.Merchant) []acp.PaymentHandler {
	if p.serves(m) != nil {
		return nil
	}
	return []acp.PaymentHandler{{
		ID: HandlerID, DisplayName: "Card, by the sandbox's till", PSP: "till", Account: p.Account, Sandbox: true,
		Brands: []string{"visa", "mastercard"}, FundingTypes: []string{"credit", "debit"},
	}}
}

// serves refuses every merchant but the one whose account this is.
func (p *Payments) serves(m acp.Merchant) error {
	if strings.EqualFold(m.Shop, p.Shop) {
		return nil
	}
	return acp.Invalid(acp.CodeInvalid, "", "this payment provider does not take payments for the shop")
}
