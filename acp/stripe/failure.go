package stripe

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	stripego "github.com/stripe/stripe-go/v86"

	"github.com/acp-bridge/acp-bridge/acp"
)

// failure is what a call to Stripe came to. It never holds Stripe's message:
// messages quote tokens and customers' e-mail addresses. The request id leads
// staff to it in Stripe's dashboard.
type failure struct {
	kind       acp.Kind
	status     int    // 0: Stripe gave no answer that could be read
	declined   string // the issuer's reason
	tokenDead  bool   // the token cannot be used, or not for this much
	badAmount  bool   // less or more than Stripe takes (docs.stripe.com/currencies#minimum-and-maximum-charge-amounts)
	nested     *stripego.PaymentIntent
	retryAfter time.Duration
	cause      error
}

// answered is true when Stripe finished with the call; the answer is kept
// under its idempotency key, 500s included.
func (f *failure) answered() bool { return f.status != 0 }

// nothingDone is true when the call itself certainly had no effect.
func (f *failure) nothingDone() bool {
	return f.kind == acp.KindThrottled || f.kind == acp.KindUnavailable
}

func (f *failure) err(verb string) error {
	return &acp.Error{Kind: f.kind, Code: string(f.kind), Message: verb, RetryAfter: f.retryAfter, Err: f.cause}
}

// reading is err for a call that has no effect: its outcome is never unknown.
func (f *failure) reading(verb string) error {
	if f.kind == acp.KindUnknown {
		return acp.Failed(acp.KindUnavailable, verb, f.cause)
	}
	return f.err(verb)
}

func classify(err error, sent *deliveries) *failure {
	if err == nil {
		return nil
	}
	refused, ok := errors.AsType[*stripego.Error](err)
	if !ok {
		return unanswered(err, sent)
	}
	f := understand(refused)
	if f.nothingDone() && sent.several() {
		f.kind = acp.KindUnknown
	}
	return f
}

// unanswered is a broken connection, a timeout, or an answer that cannot be
// read.
func unanswered(err error, sent *deliveries) *failure {
	if sent.none(err) {
		return &failure{kind: acp.KindUnavailable, cause: fmt.Errorf("reach Stripe: %w", innermost(err))}
	}
	return &failure{kind: acp.KindUnknown, cause: fmt.Errorf("wait for Stripe's answer: %w", innermost(err))}
}

// innermost drops what would show a secret: the URL of a url.Error can hold a
// token, and a decoding error quotes the body.
func innermost(err error) error {
	for _, known := range []error{context.DeadlineExceeded, context.Canceled, io.ErrUnexpectedEOF, io.EOF} {
		if errors.Is(err, known) {
			return known
		}
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return errors.New("it could not be read")
}

// understand maps Stripe's errors (docs.stripe.com/error-low-level): status
// and type first, since shared payment tokens have no codes of their own.
func understand(e *stripego.Error) *failure {
	f := &failure{status: e.HTTPStatusCode, nested: e.PaymentIntent, cause: describe(e)}
	switch {
	case e.HTTPStatusCode == http.StatusUnauthorized || e.HTTPStatusCode == http.StatusForbidden:
		f.kind = acp.KindUnavailable
		f.cause = fmt.Errorf("the operator must check the secret key and its permissions: %w", f.cause)
	case e.HTTPStatusCode == http.StatusTooManyRequests:
		f.kind, f.retryAfter = acp.KindThrottled, retryAfter(e)
	case e.HTTPStatusCode == http.StatusConflict:
		// This call did nothing, but the one that holds the key may succeed.
		f.kind, f.retryAfter = acp.KindUnknown, retryAfter(e)
	case e.HTTPStatusCode >= http.StatusInternalServerError || e.HTTPStatusCode == http.StatusRequestTimeout:
		f.kind = acp.KindUnknown
	case e.Type == stripego.ErrorTypeIdempotency:
		f.kind = acp.KindInternal
	case e.HTTPStatusCode == http.StatusPaymentRequired || e.Type == stripego.ErrorTypeCard:
		f.kind, f.declined = acp.KindRefused, declineReason(e)
	case e.Code == stripego.ErrorCodeResourceMissing:
		f.kind = acp.KindInvalid
	default:
		f.kind, f.tokenDead = acp.KindRefused, saysTokenDead(e)
		f.badAmount = e.Code == stripego.ErrorCodeAmountTooSmall || e.Code == stripego.ErrorCodeAmountTooLarge
	}
	return f
}

func declineReason(e *stripego.Error) string {
	switch {
	case e.DeclineCode != "":
		return string(e.DeclineCode)
	case e.Code != "":
		return string(e.Code)
	default:
		return "declined"
	}
}

// saysTokenDead reads the two refusals for which Stripe has no code.
func saysTokenDead(e *stripego.Error) bool {
	message := strings.ToLower(e.Msg)
	return e.Type == stripego.ErrorTypeInvalidRequest && strings.Contains(message, "shared payment granted token") &&
		(strings.Contains(message, "deactivated state") || strings.Contains(message, "remaining amount capturable"))
}

func describe(e *stripego.Error) error {
	parts := []string{"Stripe answered " + strconv.Itoa(e.HTTPStatusCode)}
	for _, part := range []string{string(e.Type), string(e.Code), string(e.DeclineCode), e.Param} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if e.RequestID != "" {
		parts = append(parts, "request "+e.RequestID)
	}
	return errors.New(strings.Join(parts, ", "))
}

func retryAfter(e *stripego.Error) time.Duration {
	if e.LastResponse != nil {
		if s, err := strconv.Atoi(e.LastResponse.Header.Get("Retry-After")); err == nil && s > 0 && s <= 3600 {
			return time.Duration(s) * time.Second
		}
	}
	return time.Second
}
