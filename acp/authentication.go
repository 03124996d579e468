package acp

import (
	"context"
	"errors"
	"slices"
)

// Intervention3DS is the intervention by which the agent has a card holder
// authenticated.
const Intervention3DS = "3ds"

// Authentication is what the agent brings of a card holder's authentication
// (3DS), in the newest version's words.
type Authentication struct {
	Outcome       string
	Cryptogram    Secret // authentication value: CAVV, AAV or AEVV
	ECI           string // electronic commerce indicator, two digits
	TransactionID string // the directory server's
	Version       string // of 3DS: "2.2.0"
}

// standing is what an outcome means for the payment.
type standing int

const (
	unwanted standing = iota // the holder did not confirm, or nobody knows: the card is not charged
	unproven                 // there was no authentication: the card's bank decides
	proven                   // the bank gets the proof
)

// standings are the outcomes after which a card may be charged
// (AuthenticationResult of 2026-04-17; wire reads the older words). All others
// are unwanted: abandoned, canceled, denied, rejected, internal_error,
// processing_error, and any that a later version adds.
var standings = map[string]standing{
	"authenticated":        proven,
	"attempt_acknowledged": proven,
	"informational":        proven,
	"not_supported":        unproven,
}

// standing of the authentication; none at all leaves it to the bank.
func (a *Authentication) standing() standing {
	if a == nil {
		return unproven
	}
	return standings[a.Outcome]
}

// proof is what of it the payment provider is told: nothing unless it proves
// something.
func (a *Authentication) proof() *Authentication {
	if a.standing() != proven || a == nil || a.Cryptogram.Empty() {
		return nil
	}
	return a
}

// Acquirer is what a 3DS server asks about the merchant's acquiring bank. The
// payment provider's contract says it; it belongs to the account.
type Acquirer struct {
	BIN          string // at most 11 digits, of the acquirer at the directory server
	Country      string // ISO 3166-1 alpha-2
	MerchantID   string // given by the acquirer; at most 35 characters
	MerchantName string // known to the acquirer; at most 40 characters
	RequestorID  string // where the directory server wants one; at most 35 characters
}

// Check finds what the protocol would not take (AuthenticationMetadata).
func (a Acquirer) Check() error {
	var faults []error
	for _, member := range []struct {
		name, value string
		least, most int
	}{
		{"BIN", a.BIN, 1, 11},
		{"country", a.Country, 2, 2},
		{"merchant id", a.MerchantID, 1, 35},
		{"merchant name", a.MerchantName, 1, 40},
		{"requestor id", a.RequestorID, 0, 35},
	} {
		if n := len([]rune(member.value)); n < member.least || n > member.most {
			faults = append(faults, errors.New("the acquirer's "+member.name+" is missing or too long"))
		}
	}
	return errors.Join(faults...)
}

// Challenge is what an agent needs to have the card holder authenticated.
type Challenge struct {
	Acquirer        Acquirer
	DirectoryServer string // visa, mastercard, american_express
}

// directoryServer of a card brand; empty for those that the protocol has no
// word for.
func directoryServer(brand string) string {
	switch brand {
	case "visa", "mastercard":
		return brand
	case "amex", "american_express":
		return "american_express"
	default:
		return ""
	}
}

// asksAgent reports whether the agent may be asked to have the card holder
// authenticated: it can be told how, says that it can, and the account has the
// acquirer's data.
func asksAgent(s *Session, way PaymentHandler, r CompleteRequest) bool {
	return way.Acquirer != nil && r.Authenticates && slices.Contains(s.Interventions, Intervention3DS)
}

// challenge ends an attempt that holds nothing and asks the agent to have the
// card holder authenticated.
func (c *Checkout) challenge(ctx context.Context, m Merchant, s *Session) error {
	way, known := c.way(m, s.Attempt.Handler)
	if !known || way.Acquirer == nil { // reconfigured since
		return c.giveUp(ctx, s, unconfirmed(TextConfirmationNeeded))
	}
	if err := s.become(Authenticating); err != nil {
		return err
	}
	s.Challenge = &Challenge{Acquirer: *way.Acquirer, DirectoryServer: directoryServer(s.Attempt.Card.Brand)}
	return c.giveUp(ctx, s, nil)
}

// unauthenticated ends a challenge that the card holder did not pass: the
// session is payable again, by another card.
func (c *Checkout) unauthenticated(ctx context.Context, s Session) (Session, error) {
	if s.Status == Authenticating {
		if err := s.become(Ready); err != nil {
			return Session{}, err
		}
		s.Challenge, s.UpdatedAt, s.Messages = nil, c.Now(), append(s.standing(), *declined())
		return s, c.Sessions.SaveSession(ctx, &s)
	}
	s.Messages = append(s.Messages, *declined()) // nothing was begun, so nothing is saved
	return s, nil
}

// answersChallenge refuses to complete a session that waits for the result of
// an authentication, without one (checkout RFC 4.4).
func answersChallenge(s Session, r CompleteRequest) error {
	if s.Status != Authenticating || r.Authentication != nil {
		return nil
	}
	return &Error{
		Kind: KindInvalid, Code: CodeRequires3DS, Param: "$.authentication_result",
		Message: "the card's bank wants its holder authenticated; send the authentication_result of doing what authentication_metadata says",
	}
}
