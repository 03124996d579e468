package acp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Attribution names the affiliate who led the buyer to a session. Agents send
// it and never get it back (affiliate RFC: write-only).
type Attribution struct {
	Provider    string // the affiliate network
	Token       Secret // proves it to the provider; opaque, encrypted at rest
	PublisherID string // required where there is no token
	CampaignID  string
	CreativeID  string
	SubID       string
	SourceType  string // url, platform or unknown; may be empty
	SourceURL   string
	IssuedAt    time.Time
	ExpiresAt   time.Time
	Metadata    []byte // a flat JSON object, as it came
	TouchedAt   time.Time
}

// AffiliatePrefix begins the names of an order's attributes about affiliates:
// acp_affiliate_first_provider, _publisher, _campaign, _creative and
// _token_sha256 for who led to the session, acp_affiliate_last_… for who led
// to its completion.
const AffiliatePrefix = "acp_affiliate_"

// attributes are what the shop's order says of a touch. The token stays here,
// because whoever reads the order could redeem it; its hash lets the provider
// tell which one it was. Sub ids and source addresses stay here, too: they may
// lead to a person.
func (a *Attribution) attributes(touch string) []NamedValue {
	if a == nil {
		return nil
	}
	prefix := AffiliatePrefix + touch + "_"
	list := []NamedValue{
		{prefix + "provider", a.Provider},
		{prefix + "publisher", a.PublisherID},
		{prefix + "campaign", a.CampaignID},
		{prefix + "creative", a.CreativeID},
	}
	if !a.Token.Empty() {
		sum := sha256.Sum256([]byte(a.Token.Reveal()))
		list = append(list, NamedValue{prefix + "token_sha256", hex.EncodeToString(sum[:])})
	}
	return list
}

// touched is a copy with the moment at which it was told; nil stays nil.
func (a *Attribution) touched(at time.Time) *Attribution {
	if a == nil {
		return nil
	}
	known := *a
	known.TouchedAt = at
	return &known
}

// touchedLast keeps who led to a purchase that the buyer finishes in the shop's
// checkout: the agent says so when it tries to complete, and a draft that is
// made afterwards carries it.
func (c *Checkout) touchedLast(ctx context.Context, s Session, r CompleteRequest) (Session, error) {
	if s.Status != Escalated || s.Handover == nil || r.Attribution == nil {
		return s, nil
	}
	s.LastTouch = r.Attribution.touched(c.Now())
	if err := c.Sessions.SaveSession(ctx, &s); err != nil {
		if KindOf(err) == KindStale {
			return Session{}, &Error{Kind: KindInFlight, Code: "checkout_in_progress", Message: "the session is being changed"}
		}
		return Session{}, err
	}
	return s, nil
}
