package acp

import (
	"context"
	"slices"
	"time"
)

// SignatureMode says what becomes of an agent's request whose signature does
// not verify. The protocol recommends signatures and leaves their algorithm to
// both sides (checkout RFC 2.1), so they are off until both have agreed.
type SignatureMode string

// The modes.
const (
	SignaturesOff     SignatureMode = "off"     // signatures are not looked at
	SignaturesLogged  SignatureMode = "log"     // a bad one is noted and counted, and the request served
	SignaturesEnforce SignatureMode = "enforce" // a request without a good one is refused
)

// Checks reports whether signatures are looked at.
func (m SignatureMode) Checks() bool { return m == SignaturesLogged || m == SignaturesEnforce }

func checkSignatures(mode SignatureMode) error {
	if slices.Contains([]SignatureMode{SignaturesOff, SignaturesLogged, SignaturesEnforce}, mode) {
		return nil
	}
	return Invalid(CodeInvalid, "signatures", "signatures are off, log or enforce")
}

// SetSignatures changes what is done about a connection's signatures. The
// first time they are checked, and when fresh asks for it, it makes a secret,
// which is in the returned keys and can be seen only now. KindNotFound for a
// connection that is not there any more.
func (a *Access) SetSignatures(ctx context.Context, m Merchant, id ConnectionID, mode SignatureMode, fresh bool) (Keys, error) {
	if err := checkSignatures(mode); err != nil {
		return Keys{}, err
	}
	c, err := a.Book.Connection(ctx, m.ID, id)
	if err != nil {
		return Keys{}, err
	}
	if !c.RevokedAt.IsZero() {
		return Keys{}, NotFound("connection")
	}
	keys := Keys{}
	if fresh || mode.Checks() && c.RequestSecret.Empty() {
		c.RequestSecret = a.requestSecret()
		keys.RequestSecret = c.RequestSecret
	}
	c.SignatureMode = mode
	keys.Connection = c
	return keys, a.Book.SetSignatures(ctx, m.ID, id, mode, c.RequestSecret)
}

func (a *Access) requestSecret() Secret { return Secret("reqsec_" + a.NewID() + a.NewID()) }

// CountBadSignature notes on the caller's connection that a signature did not
// verify, for staff to see.
func (a *Access) CountBadSignature(ctx context.Context, who Caller) error {
	return a.Book.CountBadSignature(ctx, who.Merchant.ID, who.Connection.ID, a.Now())
}

// Signing is what a connection has agreed on about signed requests, and how it
// fares.
type Signing struct {
	SignatureMode     SignatureMode
	RequestSecret     Secret // empty until signatures are first checked
	SignatureFailures int64
	SignatureFailedAt time.Time // of the last one
}
