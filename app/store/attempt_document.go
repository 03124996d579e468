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
	Type       acp.MessageType    `json:"type"`
	Code       string             `json:"code,omitzero"`
	Param      string             `json:"param,omitzero"`
	Text       acp.TextKey        `json:"text,omitzero"` // older documents have only the content
	Args       []argumentDocument `json:"args,omitzero"`
	Content    string             `json:"content,omitzero"`
	Resolution string             `json:"resolution,omitzero"`
}

type argumentDocument struct {
	Name   string         `json:"name"`
	Text   string         `json:"text,omitzero"`
	Number *int64         `json:"number,omitzero"`
	Money  *moneyDocument `json:"money,omitzero"`
}

func newMessageDocument(m acp.Message) messageDocument {
	return messageDocument{
		Type: m.Type, Code: m.Code, Param: m.Param, Text: m.Text, Content: m.Content, Resolution: m.Resolution,
		Args: each(m.Args, func(a acp.Argument) argumentDocument {
			return argumentDocument{Name: a.Name, Text: a.Text, Number: a.Number, Money: (*moneyDocument)(a.Money)}
		}),
	}
}

func (d messageDocument) message() acp.Message {
	return acp.Message{
		Type: d.Type, Code: d.Code, Param: d.Param, Text: d.Text, Content: d.Content, Resolution: d.Resolution,
		Args: each(d.Args, func(a argumentDocument) acp.Argument {
			return acp.Argument{Name: a.Name, Text: a.Text, Number: a.Number, Money: (*acp.Money)(a.Money)}
		}),
	}
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
	document := &attemptDocument{
		Number: a.Number, Step: a.Step, Handler: a.Handler, Token: s.Sealer.seal(a.Token, attemptTokenColumn, owner),
		Billing: (*addressDocument)(a.Billing), Amount: moneyDocument(a.Amount), PaymentID: a.PaymentID, DraftID: a.DraftID,
		StartedAt: a.StartedAt,
	}
	if a.Failure != nil {
		document.Failure = new(newMessageDocument(*a.Failure))
	}
	return document
}

func (s *Store) attempt(d *attemptDocument, owner string) (*acp.Attempt, error) {
	if d == nil {
		return nil, nil
	}
	token, err := s.Sealer.open(d.Token, attemptTokenColumn, owner)
	a := &acp.Attempt{
		Number: d.Number, Step: d.Step, Handler: d.Handler, Token: token,
		Billing: (*acp.Address)(d.Billing), Amount: acp.Money(d.Amount), PaymentID: d.PaymentID, DraftID: d.DraftID,
		StartedAt: d.StartedAt,
	}
	if d.Failure != nil {
		a.Failure = new(d.Failure.message())
	}
	return a, err
}
