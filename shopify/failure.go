package shopify

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/schema"
)

// failureOf gives a try's outcome one of the domain's kinds, or nil for success:
//
//   - KindThrottled: Shopify did not begin, with the time to wait.
//   - KindUnavailable: nothing took effect.
//   - KindUnknown: a change was sent and its outcome is not known.
//   - KindReauthorize: the token is refused, a fresh one as well.
//   - KindRefused: the shop is frozen, locked or closed (402, 423, 404).
//   - KindInternal: Shopify does not accept the operation, or the app lacks a scope or an approval for
//     protected customer data. Neither an agent nor the staff of the shop can mend that.
func (t *transport) failureOf(a answer) error {
	switch {
	case a.err != nil && !a.connected:
		return t.failed(acp.KindUnavailable, "reach Shopify", a)
	case a.err != nil:
		return t.failed(t.ambiguous(), "hear from Shopify", a)
	case a.throttled():
		failure := t.failed(acp.KindThrottled, "wait for Shopify", a)
		failure.RetryAfter = a.wait(1)
		return failure
	case a.status == http.StatusOK && a.parsed && !a.failed:
		return nil
	}
	kind, what := t.kindOf(a)
	return t.failed(kind, what, a)
}

func (t *transport) kindOf(a answer) (acp.Kind, string) {
	switch {
	case a.status == http.StatusUnauthorized:
		return acp.KindReauthorize, "the shop must open the app again"
	case a.status == http.StatusPaymentRequired, a.status == http.StatusNotFound, a.status == http.StatusLocked:
		return acp.KindRefused, "the shop is not open for business"
	case a.transient():
		return t.ambiguous(), "hear from Shopify"
	case t.effect == changes && a.began:
		// An error inside the answer of a change, such as a field that may not be read, comes after the change.
		return acp.KindUnknown, "read Shopify's whole answer"
	case a.status == http.StatusForbidden, slices.Contains(a.codes, "ACCESS_DENIED"):
		return acp.KindInternal, "Shopify denied access"
	default:
		return acp.KindInternal, "Shopify did not accept the operation"
	}
}

// ambiguous is the kind of a failure that leaves open whether the call ran.
func (t *transport) ambiguous() acp.Kind {
	if t.effect == changes {
		return acp.KindUnknown
	}
	return acp.KindUnavailable
}

// failed tells the log which operation and request it was. Bodies stay out of it: they name buyers.
func (t *transport) failed(kind acp.Kind, what string, a answer) *acp.Error {
	detail := fmt.Sprintf("%s for %s: status %d, request %q", t.operation, t.shop, a.status, a.requestID())
	if len(a.messages) > 0 {
		// Cut short: Shopify quotes a variable that it does not accept in full, addresses included.
		detail += ", codes " + strings.Join(a.codes, " ") + fmt.Sprintf(": %.120s", strings.Join(a.messages, "; "))
	}
	cause := errors.New(detail)
	if a.err != nil {
		cause = fmt.Errorf("%s: %w", detail, a.err)
	}
	return acp.Failed(kind, what, cause)
}

// checkVersion warns once when Shopify answers in another version than was asked for: an expired version
// falls forward silently, and fields may then mean something else.
// https://shopify.dev/docs/api/usage/versioning
func (t *transport) checkVersion(answered string) {
	if answered == "" || answered == schema.APIVersion {
		return
	}
	t.client.versionWarning.Do(func() {
		t.client.Log.Warn("Shopify answers in another API version", "asked", schema.APIVersion, "answered", answered)
	})
}
