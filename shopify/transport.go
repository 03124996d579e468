package shopify

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptrace"

	"github.com/acp-bridge/acp-bridge/acp"
)

const (
	answerLimit = 16 << 20 // bytes; the largest page that this app asks for is far smaller
	maxTries    = 4
)

// transport carries one GraphQL call. It keeps what go-shopify loses (error codes, cost, the request id),
// waits and tries again where that is safe, and replaces a rejected access token once.
type transport struct {
	client    *Client
	shop      ShopDomain
	token     acp.Secret
	effect    effect
	spare     bool // see sparing
	operation string
	into      any // where the operation wants its data; not nil

	renewed bool
	failure error // the outcome as an *acp.Error; nil when the operation succeeded
}

// RoundTrip implements http.RoundTripper. The answer that it gives back always has a whole body; when it is
// not the operation's success, failure says what it is.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := readBody(req)
	if err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		a := t.send(req, body)
		t.failure = t.failureOf(a)
		if t.failure == nil {
			return a.response(req), nil
		}
		again, err := t.again(req.Context(), a, try)
		if err != nil {
			t.failure = err
		}
		if !again {
			return a.response(req), nil
		}
	}
}

func readBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	defer req.Body.Close()
	return io.ReadAll(req.Body)
}

// send makes one try and reads the whole answer. A connection that was never had proves that nothing ran.
func (t *transport) send(original *http.Request, body []byte) answer {
	a := answer{}
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { a.connected = true }}
	req := original.Clone(httptrace.WithClientTrace(original.Context(), trace))
	req.Body = io.NopCloser(bytes.NewReader(body))
	req.Header.Set("X-Shopify-Access-Token", t.token.Reveal())
	resp, err := t.client.Base.RoundTrip(req)
	if err != nil {
		a.err = err
		return a
	}
	defer resp.Body.Close()
	a.connected, a.status, a.header = true, resp.StatusCode, resp.Header
	a.body, a.err = io.ReadAll(io.LimitReader(resp.Body, answerLimit+1))
	if a.readInto(t.into); !a.read {
		a.parse()
	}
	t.checkVersion(resp.Header.Get("X-Shopify-API-Version"))
	return a
}

// again decides whether the call may be tried once more, and waits for its turn. An error replaces the
// failure of the try.
func (t *transport) again(ctx context.Context, a answer, try int) (bool, error) {
	if a.status == http.StatusUnauthorized {
		return t.renewToken(ctx)
	}
	if try >= maxTries || !t.repeatable(a) || t.spare && a.throttled() {
		return false, nil
	}
	select {
	case <-t.client.After(a.wait(try)):
		return true, nil
	case <-ctx.Done():
		return false, nil
	}
}

// repeatable: a try that certainly did not run may always be repeated; one that perhaps did, only if it
// leaves nothing behind.
func (t *transport) repeatable(a answer) bool {
	if !a.connected || a.throttled() {
		return true
	}
	return t.effect == reads && (a.err != nil || a.transient())
}

func (t *transport) renewToken(ctx context.Context) (bool, error) {
	if t.renewed {
		return false, nil
	}
	t.renewed = true
	token, err := t.client.Tokens.Renew(ctx, t.shop, t.token)
	if err != nil {
		return false, err
	}
	t.token = token
	return true, nil
}
