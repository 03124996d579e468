package store

import (
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

type attemptDocument struct {
	Number        int              `json:"number"`
	Step          acp.Step         `json:"step"`
	Handler       string           `json:"handler"`
	Provider      string           `json:"provider,omitzero"`
	Token         string           `json:"token,omitzero"` // sealed
	Billing       *addressDocument `json:"billing,omitzero"`
	Amount        moneyDocument    `json:"amount"`
	PaymentID     string           `json:"payment_id,omitzero"`
	Holds         acp.PaymentState `json:"holds,omitzero"`
	Held          moneyDocument    `json:"held,omitzero"`
	CaptureBefore time.Time        `json:"capture_before,omitzero"`
	DraftID       string           `json:"draft_id,omitzero"`
	Failure       *messageDocument `json:"failure,omitzero"`
	StartedAt     time.Time        `json:"started_at,omitzero"`

	WaitsSince time.Time `json:"waits_since,omitzero"`
	WentOnAt   time.Time `json:"went_on_at,omitzero"`

	AsksAgent      bool                    `json:"asks_agent,omitzero"`
	Authentication *authenticationDocument `json:"authentication,omitzero"`
	Card           cardDocument            `json:"card,omitzero"`
	Holders        []string                `json:"holders,omitzero"`
	Verdict        acp.Verdict             `json:"verdict,omitzero"`
	ReviewBy       time.Time               `json:"review_by,omitzero"`
	ApprovedAt     time.Time               `json:"approved_at,omitzero"`
	Cancels        bool                    `json:"cancels,omitzero"`
}

type cardDocument struct {
	Brand string `json:"brand,omitzero"`
	Last4 string `json:"last4,omitzero"`
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

const attemptTokenColumn = "sessions.attempt_token"

func (s *Store) newAttemptDocument(a *acp.Attempt, owner string) *attemptDocument {
	if a == nil {
		return nil
	}
	document := &attemptDocument{
		Number: a.Number, Step: a.Step, Handler: a.Handler, Provider: a.Provider, Holds: a.Holds, Held: moneyDocument(a.Held), CaptureBefore: a.CaptureBefore,
		Token:   s.Sealer.seal(a.Token, attemptTokenColumn, owner),
		Billing: (*addressDocument)(a.Billing), Amount: moneyDocument(a.Amount), PaymentID: a.PaymentID, DraftID: a.DraftID,
		StartedAt: a.StartedAt, WaitsSince: a.WaitsSince, WentOnAt: a.WentOnAt,
		AsksAgent: a.AsksAgent, Authentication: s.newAuthenticationDocument(a.Authentication, owner), Card: cardDocument(a.Card), Holders: a.Holders,
		Verdict: a.Verdict, ReviewBy: a.ReviewBy, ApprovedAt: a.ApprovedAt, Cancels: a.Cancels,
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
	if err != nil {
		return nil, err
	}
	authentication, err := s.authentication(d.Authentication, owner)
	a := &acp.Attempt{
		Number: d.Number, Step: d.Step, Handler: d.Handler, Provider: d.Provider, Holds: d.Holds, Held: acp.Money(d.Held), CaptureBefore: d.CaptureBefore,
		Token:   token,
		Billing: (*acp.Address)(d.Billing), Amount: acp.Money(d.Amount), PaymentID: d.PaymentID, DraftID: d.DraftID,
		StartedAt: d.StartedAt, WaitsSince: d.WaitsSince, WentOnAt: d.WentOnAt,
		AsksAgent: d.AsksAgent, Authentication: authentication, Card: acp.Card(d.Card), Holders: d.Holders,
		Verdict: d.Verdict, ReviewBy: d.ReviewBy, ApprovedAt: d.ApprovedAt, Cancels: d.Cancels,
	}
	if d.Failure != nil {
		a.Failure = new(d.Failure.message())
	}
	return a, err
}
