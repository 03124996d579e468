package store

import (
	"errors"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// motivesDocument is why a buyer came, what they agreed to and why they left.
type motivesDocument struct {
	FirstTouch *attributionDocument `json:"first_touch,omitzero"`
	LastTouch  *attributionDocument `json:"last_touch,omitzero"`
	Consents   []consentDocument    `json:"consents,omitzero"`
	Left       *traceDocument       `json:"left,omitzero"`
}

type attributionDocument struct {
	Provider    string    `json:"provider"`
	Token       string    `json:"token,omitzero"` // sealed
	PublisherID string    `json:"publisher_id,omitzero"`
	CampaignID  string    `json:"campaign_id,omitzero"`
	CreativeID  string    `json:"creative_id,omitzero"`
	SubID       string    `json:"sub_id,omitzero"`
	SourceType  string    `json:"source_type,omitzero"`
	SourceURL   string    `json:"source_url,omitzero"`
	IssuedAt    time.Time `json:"issued_at,omitzero"`
	ExpiresAt   time.Time `json:"expires_at,omitzero"`
	Metadata    []byte    `json:"metadata,omitzero"`
	TouchedAt   time.Time `json:"touched_at,omitzero"`
}

type consentDocument struct {
	Channel string `json:"channel"`
	OptedIn bool   `json:"opted_in"`
}

type traceDocument struct {
	Reason   acp.Reason `json:"reason"`
	Summary  string     `json:"summary,omitzero"`
	Metadata []byte     `json:"metadata,omitzero"`
}

const (
	firstTouchColumn = "sessions.first_touch_token"
	lastTouchColumn  = "sessions.last_touch_token"
)

func (s *Store) newMotivesDocument(x acp.Session) motivesDocument {
	who := owner(x.Merchant, x.ID)
	return motivesDocument{
		FirstTouch: s.newAttributionDocument(x.FirstTouch, firstTouchColumn, who),
		LastTouch:  s.newAttributionDocument(x.LastTouch, lastTouchColumn, who),
		Consents:   each(x.Consents, func(c acp.Consent) consentDocument { return consentDocument(c) }),
		Left:       (*traceDocument)(x.Left),
	}
}

// openMotives writes the document into its session; opening the tokens needs
// the session's identity.
func (s *Store) openMotives(d motivesDocument, x *acp.Session) error {
	who := owner(x.Merchant, x.ID)
	var first, last error
	x.FirstTouch, first = s.attribution(d.FirstTouch, firstTouchColumn, who)
	x.LastTouch, last = s.attribution(d.LastTouch, lastTouchColumn, who)
	x.Consents = each(d.Consents, func(c consentDocument) acp.Consent { return acp.Consent(c) })
	x.Left = (*acp.IntentTrace)(d.Left)
	return errors.Join(first, last)
}

func (s *Store) newAttributionDocument(a *acp.Attribution, column, owner string) *attributionDocument {
	if a == nil {
		return nil
	}
	return &attributionDocument{
		Provider: a.Provider, Token: s.Sealer.seal(a.Token, column, owner), PublisherID: a.PublisherID,
		CampaignID: a.CampaignID, CreativeID: a.CreativeID, SubID: a.SubID, SourceType: a.SourceType, SourceURL: a.SourceURL,
		IssuedAt: a.IssuedAt, ExpiresAt: a.ExpiresAt, Metadata: a.Metadata, TouchedAt: a.TouchedAt,
	}
}

func (s *Store) attribution(d *attributionDocument, column, owner string) (*acp.Attribution, error) {
	if d == nil {
		return nil, nil
	}
	token, err := s.Sealer.open(d.Token, column, owner)
	return &acp.Attribution{
		Provider: d.Provider, Token: token, PublisherID: d.PublisherID,
		CampaignID: d.CampaignID, CreativeID: d.CreativeID, SubID: d.SubID, SourceType: d.SourceType, SourceURL: d.SourceURL,
		IssuedAt: d.IssuedAt, ExpiresAt: d.ExpiresAt, Metadata: d.Metadata, TouchedAt: d.TouchedAt,
	}, err
}
