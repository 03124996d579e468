// Package agent is every call that this app makes to an agent platform. It
// delivers order events; when and how often is decided by acp.Events.
package agent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/signature"
	"github.com/acp-bridge/acp-bridge/acp/wire"
)

// Config is what a Sender needs.
type Config struct {
	// Timeout bounds one delivery, from the name look-up to the last byte of
	// the answer that is read.
	Timeout time.Duration
	Now     func() time.Time
	// UserAgent names this app and its version to the agent platform.
	UserAgent string
	// AllowLoopback lets events go to this machine, also by plain HTTP. Only
	// the sandbox and tests set it.
	AllowLoopback bool
	// Transport replaces the guarded one, and with it the check of the
	// addresses that names resolve to. Nil in production.
	Transport http.RoundTripper
}

// Sender delivers order events over HTTP. It implements acp.EventSender.
type Sender struct {
	cfg    Config
	client *http.Client
}

var _ acp.EventSender = (*Sender)(nil)

// NewSender checks the configuration. Close the sender when it is not needed
// any more.
func NewSender(cfg Config) (*Sender, error) {
	if cfg.Timeout <= 0 || cfg.Now == nil || cfg.UserAgent == "" {
		return nil, errors.New("agent sender: Timeout, Now and UserAgent are required")
	}
	if cfg.Transport == nil {
		cfg.Transport = guardedTransport(cfg.AllowLoopback)
	}
	client := &http.Client{
		Transport: cfg.Transport,
		// A redirect would carry the order to an address that nobody entered.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Sender{cfg: cfg, client: client}, nil
}

// Close drops connections that are kept open.
func (s *Sender) Close() { s.client.CloseIdleConnections() }

// SendOrderEvent posts the event, signed with the connection's secret. Its
// Request-Id is the event's id, the same on every try, so that the agent can
// recognise what it has already. Nil means a 2xx answer. Errors:
//   - KindRefused: the agent said no for good (4xx but for those that a secret or
//     an address put right would mend), or the event can never be sent: a bad
//     address, a private one, no secret;
//   - KindThrottled: 429, or 503 with Retry-After; RetryAfter says how long;
//   - KindUnavailable: anything else. The event may have arrived all the same;
//     sending it again is safe.
func (s *Sender) SendOrderEvent(ctx context.Context, c acp.Connection, e acp.OrderEvent) error {
	if err := s.mayCall(c); err != nil {
		return err
	}
	body, err := wire.EncodeOrderEvent(e)
	if err != nil {
		return fmt.Errorf("encode order event: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	req, err := s.request(ctx, c, e, body)
	if err != nil {
		return refusal("the event address cannot be called")
	}
	res, err := s.client.Do(req)
	if err != nil {
		return unreachable(err)
	}
	defer res.Body.Close()
	return s.answer(res, c, req.Header.Get(signature.Header))
}

// request signs the bytes that are sent, and no others.
func (s *Sender) request(ctx context.Context, c acp.Connection, e acp.OrderEvent, body []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.EventURL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	now := s.cfg.Now()
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", s.cfg.UserAgent)
	req.Header.Set("Request-Id", e.ID)
	req.Header.Set("Timestamp", now.UTC().Format(time.RFC3339))
	req.Header.Set(signature.Header, signature.Sign(c.EventSecret, now, body))
	return req, nil
}

// mayCall refuses what could only be sent in the clear or unsigned.
func (s *Sender) mayCall(c acp.Connection) error {
	u, err := url.Parse(c.EventURL)
	switch {
	case err != nil || u.Host == "":
		return refusal("the event address is not a URL")
	case u.Scheme != "https" && (u.Scheme != "http" || !s.cfg.AllowLoopback || !namesLoopback(u.Hostname())):
		return refusal("order events are sent over https only")
	case c.EventSecret.Empty():
		return refusal("the connection has no secret to sign with")
	default:
		return nil
	}
}

func refusal(why string) *acp.Error {
	return &acp.Error{Kind: acp.KindRefused, Code: string(acp.KindRefused), Message: why}
}

// unreachable drops the address from the client's error: agents put keys into
// query strings.
func unreachable(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	if errors.Is(err, errPrivate) {
		return &acp.Error{Kind: acp.KindRefused, Code: string(acp.KindRefused), Message: "send order event", Err: err}
	}
	return acp.Failed(acp.KindUnavailable, "send order event", err)
}

// maxAnswer bounds what is read of an answer; more than that closes the
// connection instead of keeping it.
const maxAnswer = 16 << 10

func readAnswer(res *http.Response) string {
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return "" // the status has been read, and it alone decides
	}
	return string(body)
}
