package handlers_test

import (
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/handlers"
)

// headerProbes send a request in two ways that differ in one header; an
// operation that reads the header answers them differently.
var headerProbes = map[string][2][]string{
	"API-Version":     {{}, {"API-Version", "1999-01-01"}},
	"Accept-Language": {{"Accept-Language", "fr"}, {"Accept-Language", "ja"}},
	"Idempotency-Key": {{}, {"Idempotency-Key", ""}},
	"Request-Id":      {{"Request-Id", "one"}, {"Request-Id", "two"}},
	"Signature":       {{}, {"Signature", "forged"}},
	"Timestamp":       {{}, {"Timestamp", "2026-11-21T00:00:00Z"}},
}

// Each operation lists the headers that it reads, and no other: tried where
// signatures are enforced.
func TestEachOperationListsTheHeadersThatItReads(t *testing.T) {
	quick := handlers.Rate{PerSecond: 1000, Burst: 1000}
	b := open(t, func(c *handlers.Config) { c.PerConnection, c.PerAddress = quick, quick })
	m, connection := b.merchant(), b.connection().ID
	secret := must(b.access.SetSignatures(t.Context(), m, connection, acp.SignaturesLogged, false)).RequestSecret
	for operation, r := range calls() {
		t.Run(operation, func(t *testing.T) {
			send := func(probe []string) *httptest.ResponseRecorder {
				must(b.access.SetSignatures(t.Context(), m, connection, acp.SignaturesOff, false))
				id := ""
				if r.path("x") != r.path("y") {
					id = r.made(b) // anew, because canceling ends it
				}
				must(b.access.SetSignatures(t.Context(), m, connection, acp.SignaturesEnforce, false))
				return r.on(b, id, append(b.signed(secret, r.body), probe...)...)
			}
			var read []string
			for header, probe := range headerProbes {
				if answersDiffer(send(probe[0]), send(probe[1])) {
					read = append(read, header)
				}
			}
			slices.Sort(read)
			if listed := contract().Parameters(operation, "header"); !slices.Equal(listed, read) {
				t.Errorf("lists %v, reads %v", listed, read)
			}
		})
	}
}

func answersDiffer(a, b *httptest.ResponseRecorder) bool {
	if a.Code != b.Code {
		return true
	}
	echoed := a.Header().Get("Request-Id") == "one" && b.Header().Get("Request-Id") == "two"
	return echoed || a.Header().Get("Content-Language") != b.Header().Get("Content-Language")
}
