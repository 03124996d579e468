package wire

import (
	"bytes"
	"errors"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/phrase"
)

// dialect is what one version makes of bodies: the shapes that requests must
// have, the steps that bring a checked request into the newest names, how it is
// then read, how a session is written and what the newest names are called.
type dialect struct {
	create, update, complete, cancel rule
	raise                            []func(*node) *node

	readCreate   func(*node) acp.CreateRequest
	readUpdate   func(*node) acp.UpdateRequest
	readComplete func(*node) acp.CompleteRequest
	readCancel   func(*node) acp.CancelRequest
	session      func(View) (any, error)
	param        func(string) string // nil: the newest names
}

func dialectOf(v Version) (dialect, *acp.Error) {
	switch v.Released() {
	case V20250929:
		return dialect20250929(), nil
	case V20251212:
		return dialect20251212(), nil
	case V20260116:
		return dialect20260116(), nil
	case V20260130:
		return dialect20260130(), nil
	case V20260417:
		return dialect20260417(), nil
	default:
		return dialect{}, unsupported()
	}
}

// check parses a body, holds it against a shape of the version, and returns it
// in the newest version's names.
func (d dialect) check(shape rule, body []byte) (*node, error) {
	root, err := held(shape, body)
	if err != nil {
		return nil, err
	}
	for _, step := range d.raise {
		root = step(root)
	}
	return root, nil
}

// held parses a body and holds it against a shape.
func held(shape rule, body []byte) (*node, error) {
	root, err := parse(body)
	if err != nil {
		return nil, err
	}
	if err := shape(nil, root); err != nil {
		return nil, err
	}
	return root, nil
}

// DecodeCreate reads the body of a request to create a session. All errors of
// the Decode functions are *acp.Error of KindInvalid with the JSONPath of the
// culprit and a code: missing, invalid, unknown_field or malformed_json.
func DecodeCreate(v Version, body []byte) (acp.CreateRequest, error) {
	d, unknown := dialectOf(v)
	if unknown != nil {
		return acp.CreateRequest{}, unknown
	}
	root, err := d.check(d.create, body)
	if err != nil {
		return acp.CreateRequest{}, err
	}
	return d.readCreate(root), nil
}

// DecodeUpdate reads the body of a request to change a session.
func DecodeUpdate(v Version, body []byte) (acp.UpdateRequest, error) {
	d, unknown := dialectOf(v)
	if unknown != nil {
		return acp.UpdateRequest{}, unknown
	}
	root, err := d.check(d.update, body)
	if err != nil {
		return acp.UpdateRequest{}, err
	}
	return d.readUpdate(root), nil
}

// DecodeComplete reads the body of a request to complete a session. The token
// never appears in an error.
func DecodeComplete(v Version, body []byte) (acp.CompleteRequest, error) {
	d, unknown := dialectOf(v)
	if unknown != nil {
		return acp.CompleteRequest{}, unknown
	}
	root, err := d.check(d.complete, body)
	if err != nil {
		return acp.CompleteRequest{}, err
	}
	return d.readComplete(root), nil
}

// DecodeCancel reads the body of a request to cancel a session, which may be
// empty.
func DecodeCancel(v Version, body []byte) (acp.CancelRequest, error) {
	d, unknown := dialectOf(v)
	if unknown != nil {
		return acp.CancelRequest{}, unknown
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return acp.CancelRequest{}, nil
	}
	root, err := d.check(d.cancel, body)
	if err != nil {
		return acp.CancelRequest{}, err
	}
	return d.readCancel(root), nil
}

// View is a session as it is shown to an agent.
type View struct {
	Session  acp.Session
	Merchant acp.Merchant
	// Handlers are the ways to pay; none when the buyer is handed over.
	Handlers []acp.PaymentHandler
	// ContinueURL is where the buyer finishes; empty when not handed over.
	ContinueURL string
	// Language is the one that titles and messages are written in; empty:
	// English.
	Language phrase.Language
}

// EncodeSession writes the body that answers every request about a session
// (CheckoutSession). It fails with KindInternal when the session holds what
// the version cannot say, and with KindInvalid for an unsupported version.
func EncodeSession(v Version, w View) ([]byte, error) {
	d, unknown := dialectOf(v)
	if unknown != nil {
		return nil, unknown
	}
	body, err := d.session(w)
	if err != nil {
		return nil, err
	}
	return encode(body)
}

// InNamesOf is an error of the domain with its Param, which is in the newest
// version's names, in those of the version that the agent speaks. What the
// version has no name for is left out. Other errors stay as they are.
func InNamesOf(v Version, err error) error {
	d, unknown := dialectOf(v)
	if unknown != nil || d.param == nil {
		return err
	}
	return paramRenamed(err, d.param)
}

// InNamesOfPayment is InNamesOf for a request to complete a session, whose
// payment_data may have the older form in a version that has a newer one.
func InNamesOfPayment(v Version, body []byte, err error) error {
	if err == nil {
		return nil
	}
	if root, malformed := parse(body); malformed == nil && olderPayment(root.get("payment_data")) {
		err = paramRenamed(err, olderPaymentParam)
	}
	return InNamesOf(v, err)
}

// olderPaymentParam leaves what is not about the payment alone.
func olderPaymentParam(param string) string {
	if strings.HasPrefix(param, "$.payment_data.") {
		return param20260116(param)
	}
	return param
}

func paramRenamed(err error, name func(string) string) error {
	e, ok := errors.AsType[*acp.Error](err)
	if !ok || e.Param == "" {
		return err
	}
	renamed := *e
	renamed.Param = name(e.Param)
	return &renamed
}

// shown is how a session is written, for a dialect.
func shown[T any](write func(View) (T, error)) func(View) (any, error) {
	return func(w View) (any, error) { return write(w) }
}
