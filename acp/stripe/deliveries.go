package stripe

import (
	"errors"
	"net"
	"net/http/httptrace"
	"sync/atomic"
)

// deliveries counts how often a call may have reached Stripe. Go's net/http
// sends a POST again by itself when it carries an Idempotency-Key and a reused
// connection dies; the error of the last try says nothing about the first.
type deliveries struct {
	wanted, connected atomic.Int32
}

func (d *deliveries) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { d.wanted.Add(1) },
		// A connection in hand counts as sent: whether bytes went out is
		// decided in another goroutine, too late to ask.
		GotConn: func(httptrace.GotConnInfo) { d.connected.Add(1) },
	}
}

// none is true when it is certain that Stripe never saw the call.
func (d *deliveries) none(err error) bool {
	if d.connected.Load() > 0 {
		return false
	}
	op, isNet := errors.AsType[*net.OpError](err)
	return d.wanted.Load() > 0 || isNet && op.Op == "dial"
}

// several is true when the last answer is not the whole story.
func (d *deliveries) several() bool { return d.connected.Load() > 1 }
