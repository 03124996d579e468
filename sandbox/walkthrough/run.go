package walkthrough

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
)

// player holds what the chapters share.
type player struct {
	transcript
	ready Ready
	http  *http.Client
	cart  []Item
	dates []string // protocol versions that discovery advertises
}

// Run plays a cart, two delegated purchases and a handed-over one, and writes a
// transcript. It returns the first check that did not hold.
func Run(ctx context.Context, ready Ready, out io.Writer) error {
	p := &player{
		transcript: transcript{out: out}, ready: ready,
		http: &http.Client{
			Timeout:       patience,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	for _, act := range []func(context.Context) error{p.discover, p.readFeed, p.fillACart, p.buyByToken, p.buyAtTill, p.buyByHandoff} {
		if err := act(ctx); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "\nAll %d steps held.\n", p.steps)
	return nil
}

func (p *player) agent(token string) *agent {
	var run [6]byte
	rand.Read(run[:]) //nolint:errcheck // crypto/rand.Read never fails
	return &agent{http: p.http, base: p.ready.ACPBaseURL, token: token, run: hex.EncodeToString(run[:])}
}

func (p *player) state(ctx context.Context, url string, into any) error {
	got, err := fetch(ctx, p.http, http.MethodGet, url+"/_sandbox/state", nil, http.Header{})
	if err != nil {
		return err
	}
	return decode(got.Body, into)
}
