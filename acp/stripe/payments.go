package stripe

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"strings"

	stripego "github.com/stripe/stripe-go/v86"

	"github.com/acp-bridge/acp-bridge/acp"
)

// HandlerID names this way to pay in sessions.
const HandlerID = "stripe_card"

// Payments implements acp.Payments with one Stripe account. It is safe for
// concurrent use.
type Payments struct {
	Config
	client  *stripego.Client
	backend stripego.Backend
}

var _ acp.Payments = (*Payments)(nil)

// New checks the configuration and opens a client of its own; nothing of
// stripe-go's global state is read or changed.
func New(c Config) (*Payments, error) {
	c, err := c.complete()
	if err != nil {
		return nil, fmt.Errorf("configure Stripe: %w", err)
	}
	backends := stripego.NewBackendsWithConfig(&stripego.BackendConfig{
		URL: stripego.String(c.BaseURL),
		HTTPClient: &http.Client{
			Transport: c.Transport,
			// A redirected call would carry the secret key to another host.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		// The library's retries sleep through a canceled context and let the
		// last failure hide what the first one may have done.
		MaxNetworkRetries: stripego.Int64(0),
		EnableTelemetry:   stripego.Bool(false),
		// The library logs paths, which hold tokens, and bodies.
		LeveledLogger: &stripego.LeveledLogger{Level: stripego.LevelNull},
	})
	return &Payments{
		Config: c, backend: backends.API,
		client: stripego.NewClient(c.SecretKey.Reveal(), stripego.WithBackends(backends)),
	}, nil
}

// providerName stands in the books of payments and never changes.
const providerName = "Stripe"

// Name implements acp.Payments.
func (p *Payments) Name() string { return providerName }

// Capabilities implements acp.Payments.
func (p *Payments) Capabilities() acp.Capabilities {
	return acp.Capabilities{
		SeparateCapture: true, Inspect: true, FindByReference: true, ProviderSide3DS: true, External3DS: p.Acquirer != nil,
	}
}

// Handlers offers cards to the one merchant whose account this is.
func (p *Payments) Handlers(m acp.Merchant) []acp.PaymentHandler {
	if p.serves(m) != nil {
		return nil
	}
	return []acp.PaymentHandler{{
		ID: HandlerID, DisplayName: "Card", PSP: "stripe", Account: p.Account, Sandbox: p.Sandbox,
		Brands:       []string{"visa", "mastercard", "amex", "discover"},
		FundingTypes: []string{"credit", "debit", "prepaid"}, Acquirer: p.Acquirer,
	}}
}

// serves refuses every merchant but the one whose account this is: another
// one's money would end up in the wrong pocket.
func (p *Payments) serves(m acp.Merchant) error {
	if strings.EqualFold(m.Shop, p.Shop) {
		return nil
	}
	return acp.Invalid(acp.CodeInvalid, "", "this payment provider does not take payments for the shop")
}

// do carries out one call within the time that a call may take, and says what
// its failure means.
func (p *Payments) do(ctx context.Context, call func(context.Context) error) *failure {
	if err := ctx.Err(); err != nil {
		return &failure{kind: acp.KindUnavailable, cause: err}
	}
	bounded, cancel := context.WithTimeout(ctx, p.Timeout)
	defer cancel()
	var sent deliveries
	return classify(call(httptrace.WithClientTrace(bounded, sent.trace())), &sent)
}

// preview marks a call as one that knows shared payment tokens.
func (p *Payments) preview() http.Header {
	return http.Header{"Stripe-Version": {p.APIVersion}}
}
