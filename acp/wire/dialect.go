package wire

import (
	"bytes"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/phrase"
)

// dialect is what one version makes of bodies: the shapes that requests must
// have, how a checked request is read, and how a session is written.
type dialect struct {
	create, update, complete, cancel rule

	readCreate   func(*node) acp.CreateRequest
	readUpdate   func(*node) acp.UpdateRequest
	readComplete func(*node) acp.CompleteRequest
	session      func(View) (any, error)
}

func dialectOf(v Version) (dialect, *acp.Error) {
	switch v {
	case V20260417:
		return dialect20260417(), nil
	default:
		return dialect{}, unsupported()
	}
}

// check parses a body and holds it against a shape.
func check(shape rule, body []byte) (*node, error) {
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
	root, err := check(d.create, body)
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
	root, err := check(d.update, body)
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
	root, err := check(d.complete, body)
	if err != nil {
		return acp.CompleteRequest{}, err
	}
	return d.readComplete(root), nil
}

// DecodeCancel checks the body of a request to cancel a session, which may be
// empty. Nothing in it changes what is done.
func DecodeCancel(v Version, body []byte) error {
	d, unknown := dialectOf(v)
	if unknown != nil {
		return unknown
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	_, err := check(d.cancel, body)
	return err
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
