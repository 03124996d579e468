package store

import (
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

type attemptDocument struct {
	Number    int              `json:"number"`
	Step      acp.Step         `json:"step"`
	Handler   string           `json:"handler"`
	Token     string           `json:"token,omitzero"` // sealed
	Billing   *addressDocument `json:"billing,omitzero"`
	Amount    moneyDocument    `json:"amount"`
	PaymentID string           `json:"payment_id,omitzero"`
	DraftID   string           `json:"draft_id,omitzero"`
	Failure   *messageDocument `json:"failure,omitzero"`
	StartedAt time.Time        `json:"started_at,omitzero"`
}

type moneyDocument struct {
	Amount   int64        `json:"amount"`
	Currency acp.Currency `json:"currency"`
}

type messageDocument struct {
	Type       acp.MessageType `json:"type"`
	Code       string          `json:"code,omitzero"`
	Param      string          `json:"param,omitzero"`
	Content    string          `json:"content"`
	Resolution string          `json:"resolution,omitzero"`
}

type handoverDocument struct {
	Token         string    `json:"token"`
	DraftID       string    `json:"draft_id,omitzero"`
	Revision      int64     `json:"revision"`
	DraftRevision int64     `json:"draft_revision"`
	FollowedAt    time.Time `json:"followed_at,omitzero"`
}

const attemptTokenColumn = "sessions.attempt_token"

func (s *Store) newAttemptDocument(a *acp.Attempt, owner string) *attemptDocument {
	if a == nil {
		return nil
	}
	return &attemptDocument{
		Number: a.Number, Step: a.Step, Handler: a.Handler, Token: s.Sealer.seal(a.Token, attemptTokenColumn, owner),
		Billing: (*addressDocument)(a.Billing), Amount: moneyDocument(a.Amount), PaymentID: a.PaymentID, DraftID: a.DraftID,
		Failure: (*messageDocument)(a.Failure), StartedAt: a.StartedAt,
	}
}

func (s *Store) attempt(d *attemptDocument, owner string) (*acp.Attempt, error) {
	if d == nil {
		return nil, nil
	}
	token, err := s.Sealer.open(d.Token, attemptTokenColumn, owner)
	return &acp.Attempt{
		Number: d.Number, Step: d.Step, Handler: d.Handler, Token: token,
		Billing: (*acp.Address)(d.Billing), Amount: acp.Money(d.Amount), PaymentID: d.PaymentID, DraftID: d.DraftID,
		Failure: (*acp.Message)(d.Failure), StartedAt: d.StartedAt,
	}, err
}
