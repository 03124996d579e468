package pay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

const bodyLimit = 1 << 20

// put makes the till do something, once for each path. The request is not one
// that net/http sends again by itself.
func (p *Payments) put(ctx context.Context, path string, in, out any) *failure {
	body, err := json.Marshal(in)
	if err != nil {
		return &failure{kind: acp.KindInternal, cause: err}
	}
	return p.call(ctx, http.MethodPut, path, body, out)
}

func (p *Payments) get(ctx context.Context, path string, out any) *failure {
	return p.call(ctx, http.MethodGet, path, nil, out)
}

func (p *Payments) call(ctx context.Context, method, path string, body []byte, out any) *failure {
	if err := ctx.Err(); err != nil {
		return &failure{kind: acp.KindUnavailable, cause: err}
	}
	bounded, cancel := context.WithTimeout(ctx, p.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(bounded, method, p.BaseURL+path, bytes.NewReader(body))
	if err != nil {
		return &failure{kind: acp.KindInternal, cause: errors.New("make the request")}
	}
	req.Header.Set("X-Till-Key", p.Key.Reveal())
	req.Header.Set("Content-Type", "application/json")
	resp, err := p.http.Do(req)
	if err != nil {
		return unanswered(err)
	}
	defer resp.Body.Close()
	read, err := io.ReadAll(io.LimitReader(resp.Body, bodyLimit))
	switch {
	case err != nil:
		return unanswered(err)
	case resp.StatusCode/100 != 2:
		return understand(resp, read)
	}
	if err := json.Unmarshal(read, out); err != nil {
		return &failure{kind: acp.KindUnknown, cause: errors.New("the answer could not be read")}
	}
	return nil
}

// failure is what a call came to. It never holds what the till wrote, which
// may quote a token.
type failure struct {
	kind       acp.Kind
	retryAfter time.Duration
	cause      error
}

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

func unanswered(err error) *failure {
	if op, isNet := errors.AsType[*net.OpError](err); isNet && op.Op == "dial" {
		return &failure{kind: acp.KindUnavailable, cause: errors.New("the till could not be reached")}
	}
	return &failure{kind: acp.KindUnknown, cause: errors.New("the till gave no answer")}
}

// understand maps the till's refusals. A request that came with other
// parameters is a defect of ours: its name says what it is for.
func understand(resp *http.Response, body []byte) *failure {
	var said struct {
		Code string `json:"code"`
	}
	_ = json.Unmarshal(body, &said) // a refusal without a code is told by its status
	f := &failure{kind: acp.KindRefused, cause: fmt.Errorf("the till answered %d %.40q", resp.StatusCode, said.Code)}
	switch {
	case resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden:
		f.kind = acp.KindUnavailable
	case resp.StatusCode == http.StatusTooManyRequests:
		f.kind, f.retryAfter = acp.KindThrottled, time.Second
		if s, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && s > 0 && s <= 3600 {
			f.retryAfter = time.Duration(s) * time.Second
		}
	case resp.StatusCode >= http.StatusInternalServerError:
		f.kind = acp.KindUnknown
	case resp.StatusCode == http.StatusConflict:
		f.kind = acp.KindInternal
	case resp.StatusCode == http.StatusNotFound:
		f.kind = acp.KindNotFound
	case said.Code == "unknown_token":
		f.kind = acp.KindInvalid
	}
	return f
}
