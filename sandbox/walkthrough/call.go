package walkthrough

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// version is the protocol date that the agent speaks.
const version = "2026-04-17"

// answer is what a server said.
type answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// agent calls the app as one connection.
type agent struct {
	http  *http.Client
	base  string
	token string
	calls int
	run   string // makes idempotency keys unique to this run
}

// post sends a POST with a fresh idempotency key.
func (a *agent) post(ctx context.Context, path string, body any) (answer, string, error) {
	key := a.newKey()
	got, err := a.postWithKey(ctx, path, key, body)
	return got, key, err
}

func (a *agent) newKey() string {
	a.calls++
	return "walkthrough-" + a.run + "-" + strconv.Itoa(a.calls)
}

func (a *agent) postWithKey(ctx context.Context, path, key string, body any) (answer, error) {
	return a.write(ctx, http.MethodPost, path, key, body)
}

// put sends a PUT with a fresh idempotency key.
func (a *agent) put(ctx context.Context, path string, body any) (answer, error) {
	return a.write(ctx, http.MethodPut, path, a.newKey(), body)
}

func (a *agent) write(ctx context.Context, method, path, key string, body any) (answer, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return answer{}, err
	}
	return a.do(ctx, method, path, raw, http.Header{"Idempotency-Key": {key}, "Content-Type": {"application/json"}})
}

func (a *agent) get(ctx context.Context, path string) (answer, error) {
	return a.getIn(ctx, version, path)
}

// getIn reads in another protocol date.
func (a *agent) getIn(ctx context.Context, date, path string) (answer, error) {
	return a.do(ctx, http.MethodGet, path, nil, http.Header{"Api-Version": {date}})
}

func (a *agent) do(ctx context.Context, method, path string, body []byte, header http.Header) (answer, error) {
	header.Set("Authorization", "Bearer "+a.token)
	if header.Get("API-Version") == "" {
		header.Set("API-Version", version)
	}
	return fetch(ctx, a.http, method, a.base+path, body, header)
}

// fetch makes one HTTP call; redirects are not followed.
func fetch(ctx context.Context, c *http.Client, method, url string, body []byte, header http.Header) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	req.Header = header
	resp, err := c.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	read, err := io.ReadAll(io.LimitReader(resp.Body, 64<<20))
	return answer{Status: resp.StatusCode, Header: resp.Header, Body: read}, err
}

// decode reads JSON without turning numbers into floats.
func decode(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%w in %.200q", err, body)
	}
	return nil
}

var errNotYet = errors.New("not yet")

// patience is what only something that hangs outlasts, on a busy machine, too.
const patience = time.Minute

// eventually repeats look until it no longer answers errNotYet.
func eventually(ctx context.Context, what string, look func() error) error {
	bounded, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		err := look()
		if !errors.Is(err, errNotYet) {
			return err
		}
		select {
		case <-bounded.Done():
			return failed{what, fmt.Sprintf("it did not come about in time: %v", err)}
		case <-tick.C:
		}
	}
}
