package acp

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"
)

// ConnectionBook keeps agents' connections. Bearer tokens are kept as hashes.
type ConnectionBook interface {
	// ConnectionByToken finds the valid connection with this token hash and
	// its merchant, KindNotFound.
	ConnectionByToken(ctx context.Context, hash string) (Connection, Merchant, error)
	// Connection finds one of the merchant's, also a revoked one; KindNotFound.
	Connection(ctx context.Context, m MerchantID, id ConnectionID) (Connection, error)
	// Connections lists a merchant's connections, newest first.
	Connections(ctx context.Context, m MerchantID) ([]Connection, error)
	// SaveConnection inserts it with the hash of its token, or replaces the
	// merchant's connection of that ID.
	SaveConnection(ctx context.Context, c Connection, tokenHash string) error
	// RevokeConnection ends it at a moment; KindNotFound.
	RevokeConnection(ctx context.Context, m MerchantID, id ConnectionID, at time.Time) error
	// SetSignatures replaces mode and secret of a valid connection;
	// KindNotFound.
	SetSignatures(ctx context.Context, m MerchantID, id ConnectionID, mode SignatureMode, secret Secret) error
	// CountBadSignature counts one and notes when.
	CountBadSignature(ctx context.Context, m MerchantID, id ConnectionID, at time.Time) error
	// SetCompletion changes the merchant's choice.
	SetCompletion(ctx context.Context, m MerchantID, c Completion) error
	// SetAcceptance changes the merchant's rules.
	SetAcceptance(ctx context.Context, m MerchantID, a Acceptance) error
}

// Access decides who may call, and hands out the keys.
type Access struct {
	Book  ConnectionBook
	NewID func() string // unguessable
	Now   func() time.Time
	// MayDelegate says whether payments can be taken for the merchant outside
	// Shopify's checkout at all; only operators of custom-distribution apps
	// configure that.
	MayDelegate func(Merchant) bool
}

// NewAccess checks that nothing is missing.
func NewAccess(a Access) (*Access, error) {
	if a.Book == nil || a.NewID == nil || a.Now == nil || a.MayDelegate == nil {
		return nil, errors.New("access: a field is missing")
	}
	return &a, nil
}

// tokenPrefix lets secret scanners recognise a leaked token.
const tokenPrefix = "acpb_"

// Authenticate finds who calls with a bearer token; KindUnauthorized. A token
// has 128 random bits or more, so an unsalted hash keeps it safe.
func (a *Access) Authenticate(ctx context.Context, token Secret) (Caller, error) {
	denied := &Error{Kind: KindUnauthorized, Code: "unauthorized", Message: "the bearer token is missing or not valid"}
	if !strings.HasPrefix(token.Reveal(), tokenPrefix) {
		return Caller{}, denied
	}
	c, m, err := a.Book.ConnectionByToken(ctx, hashToken(token))
	if KindOf(err) == KindNotFound || (err == nil && m.Status == Uninstalled) {
		return Caller{}, denied
	}
	if err != nil {
		return Caller{}, err
	}
	return Caller{Merchant: m, Connection: c}, nil
}

// NewConnection is what staff fill in.
type NewConnection struct {
	Name       string
	Completion Completion
	EventURL   string
	Signatures SignatureMode // empty: off
}

// Keys are shown once, when a connection is made or gets a new one; those that
// did not change are empty.
type Keys struct {
	Connection    Connection
	BearerToken   Secret
	WebhookSecret Secret
	RequestSecret Secret // key of the HMAC over the agent's requests
}

// Connect makes a connection for an agent and returns its keys; only now can
// they be seen. KindInvalid names what is wrong.
func (a *Access) Connect(ctx context.Context, m Merchant, n NewConnection) (Keys, error) {
	n.Signatures = cmp.Or(n.Signatures, SignaturesOff)
	if err := a.check(m, n); err != nil {
		return Keys{}, err
	}
	token := Secret(tokenPrefix + a.NewID() + a.NewID())
	secret := Secret("whsec_" + a.NewID() + a.NewID())
	c := Connection{
		ID: ConnectionID("con_" + a.NewID()), Merchant: m.ID, Name: strings.TrimSpace(n.Name), Completion: n.Completion,
		TokenHint: token.Reveal()[len(token)-4:], EventURL: n.EventURL, EventSecret: secret, CreatedAt: a.Now(),
		Signing: Signing{SignatureMode: n.Signatures},
	}
	if n.Signatures.Checks() {
		c.RequestSecret = a.requestSecret()
	}
	if err := a.Book.SaveConnection(ctx, c, hashToken(token)); err != nil {
		return Keys{}, err
	}
	return Keys{Connection: c, BearerToken: token, WebhookSecret: secret, RequestSecret: c.RequestSecret}, nil
}

// Restore makes or replaces a connection with keys that exist already, when a
// host moves or a sandbox starts again.
func (a *Access) Restore(ctx context.Context, k Keys) error {
	k.Connection.EventSecret = k.WebhookSecret
	k.Connection.TokenHint = k.BearerToken.Reveal()[max(0, len(k.BearerToken)-4):]
	return a.Book.SaveConnection(ctx, k.Connection, hashToken(k.BearerToken))
}

func (a *Access) check(m Merchant, n NewConnection) error {
	name := strings.TrimSpace(n.Name)
	if name == "" || len(name) > 60 {
		return Invalid(CodeInvalid, "name", "a connection needs a name of at most 60 characters")
	}
	if n.EventURL != "" && !strings.HasPrefix(n.EventURL, "https://") && !strings.HasPrefix(n.EventURL, "http://127.0.0.1:") {
		return Invalid(CodeInvalid, "event_url", "order events are sent to https addresses only")
	}
	if err := checkSignatures(n.Signatures); err != nil {
		return err
	}
	switch n.Completion {
	case HandOff:
		return nil
	case Delegated:
		return a.mayDelegate(m)
	default:
		return Invalid(CodeInvalid, "completion", "completion is handoff or delegated")
	}
}

func (a *Access) mayDelegate(m Merchant) error {
	if a.MayDelegate(m) {
		return nil
	}
	return Invalid(CodeInvalid, "completion",
		"taking payments outside Shopify's checkout needs an app of custom distribution with a payment provider configured")
}

// SetCompletion changes how the merchant's checkouts are finished.
func (a *Access) SetCompletion(ctx context.Context, m Merchant, c Completion) error {
	if c == Delegated {
		if err := a.mayDelegate(m); err != nil {
			return err
		}
	} else if c != HandOff {
		return Invalid(CodeInvalid, "completion", "completion is handoff or delegated")
	}
	return a.Book.SetCompletion(ctx, m.ID, c)
}

// SetAcceptance changes which purchases by token are taken. KindInvalid names
// the field that is wrong.
func (a *Access) SetAcceptance(ctx context.Context, m Merchant, rules Acceptance) error {
	if err := rules.Check(); err != nil {
		return err
	}
	return a.Book.SetAcceptance(ctx, m.ID, rules)
}

// Revoke ends a connection at once.
func (a *Access) Revoke(ctx context.Context, m Merchant, id ConnectionID) error {
	return a.Book.RevokeConnection(ctx, m.ID, id, a.Now())
}

// List shows a merchant's connections.
func (a *Access) List(ctx context.Context, m Merchant) ([]Connection, error) {
	return a.Book.Connections(ctx, m.ID)
}

func hashToken(token Secret) string {
	sum := sha256.Sum256([]byte(token.Reveal()))
	return hex.EncodeToString(sum[:])
}
