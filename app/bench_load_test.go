package app

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// load is one row of the table: what to have ready, and what to send.
type load struct {
	name    string
	prepare func(testing.TB, *benchAgent)
	next    func(*benchAgent) benchCall
}

type benchCall struct {
	method, path, key string
	body              []byte
	status            int
}

const bareLoad = "bare handler"

func benchLoads() []load {
	create := func(body func(*benchAgent) []byte) func(*benchAgent) benchCall {
		return func(a *benchAgent) benchCall {
			return benchCall{http.MethodPost, "/acp/checkout_sessions", rand.Text(), body(a), http.StatusCreated}
		}
	}
	bare := func(*benchAgent) []byte { return nil }
	addressed := func(a *benchAgent) []byte { return a.addressed }
	opened := func(t testing.TB, a *benchAgent) { a.open(t, create(addressed)(a)) }
	nothing := func(testing.TB, *benchAgent) {}
	return []load{
		{bareLoad, func(_ testing.TB, a *benchAgent) { a.address = a.bare }, create(bare)},
		{"create, no address yet", nothing, create(func(a *benchAgent) []byte { return a.plain })},
		{"create with address", nothing, create(addressed)},
		{"update: other option", opened, func(a *benchAgent) benchCall {
			a.turn++
			return benchCall{http.MethodPost, a.session, rand.Text(), a.choices[a.turn%len(a.choices)], http.StatusOK}
		}},
		{"update: other address", opened, func(a *benchAgent) benchCall {
			return benchCall{http.MethodPost, a.session, rand.Text(), a.moved, http.StatusOK}
		}},
		{"get", opened, func(a *benchAgent) benchCall {
			return benchCall{method: http.MethodGet, path: a.session, status: http.StatusOK}
		}},
		{
			"replay", func(t testing.TB, a *benchAgent) { a.again = create(addressed)(a); a.open(t, a.again) },
			func(a *benchAgent) benchCall { return a.again },
		},
	}
}

// run sends as fast as the answers come, all agents side by side, and returns
// what each request took, shortest first.
func (l load) run(t testing.TB, agents []*benchAgent, d time.Duration) []time.Duration {
	t.Helper()
	until := time.Now().Add(d)
	took := make([][]time.Duration, len(agents))
	failed := make([]error, len(agents))
	var group sync.WaitGroup
	for i, a := range agents {
		group.Go(func() {
			for began := time.Now(); began.Before(until) && failed[i] == nil; {
				_, failed[i] = a.send(l.next(a))
				now := time.Now()
				took[i] = append(took[i], now.Sub(began))
				began = now
			}
		})
	}
	group.Wait()
	for _, err := range failed {
		if err != nil {
			t.Fatalf("%s: %v", l.name, err)
		}
	}
	all := slices.Concat(took...)
	slices.Sort(all)
	return all
}

// benchAgent is one agent on one connection. It writes its requests itself:
// net/http's client would cost as much as what is measured, on the same cores.
type benchAgent struct {
	address, bare, token    string
	plain, addressed, moved []byte
	choices                 [][]byte
	session                 string
	turn                    int
	again                   benchCall
	conn                    net.Conn
	in                      *bufio.Reader
	out                     bytes.Buffer
}

func (a *benchAgent) send(c benchCall) ([]byte, error) {
	if a.conn == nil {
		conn, err := net.Dial("tcp", a.address)
		if err != nil {
			return nil, err
		}
		a.conn, a.in = conn, bufio.NewReaderSize(conn, 64<<10)
	}
	a.out.Reset()
	fmt.Fprintf(&a.out, "%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nAPI-Version: 2026-04-17\r\n", c.method, c.path, a.address, a.token)
	if c.method == http.MethodPost {
		fmt.Fprintf(&a.out, "Idempotency-Key: %s\r\nContent-Type: application/json\r\nContent-Length: %s\r\n", c.key, strconv.Itoa(len(c.body)))
	}
	a.out.WriteString("\r\n")
	a.out.Write(c.body)
	if _, err := a.conn.Write(a.out.Bytes()); err != nil {
		return nil, err
	}
	resp, err := http.ReadResponse(a.in, nil)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != c.status {
		err = fmt.Errorf("%s %s: %d %s", c.method, c.path, resp.StatusCode, body)
	}
	return body, err
}

// open opens a session to work on, and learns which options it offers.
func (a *benchAgent) open(t testing.TB, c benchCall) {
	t.Helper()
	raw, err := a.send(c)
	var s checkoutSession
	if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	if err != nil || len(s.Options) < 2 {
		t.Fatalf("open a session: %v in %s", err, raw)
	}
	a.session, a.choices = "/acp/checkout_sessions/"+s.ID, nil
	for _, o := range s.Options[:2] {
		a.choices = append(a.choices, encoded(t, map[string]any{
			"selected_fulfillment_options": []map[string]any{{"type": "shipping", "option_id": o.ID, "item_ids": []string{}}},
		}))
	}
}

func encoded(t testing.TB, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
