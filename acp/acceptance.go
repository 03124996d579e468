package acp

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"time"
)

// Verdict is what the merchant's rules say of a purchase.
type Verdict string

// The verdicts, from the mildest to the strictest. Empty means Accept.
const (
	Accept Verdict = "accept"
	Review Verdict = "review" // staff look at it before the order exists
	Refuse Verdict = "refuse" // told as a declined payment, before any money moves
)

// Limit is a rule about a number: what is done when there is more.
type Limit struct {
	Most int64 // zero: no rule
	Then Verdict
}

// Countries is the rule about where the goods go.
type Countries struct {
	Codes []string // ISO 3166-1 alpha-2; none: no rule
	Only  bool     // true: Then holds for all others; false: for these
	Then  Verdict
}

// Acceptance are a merchant's rules about which purchases by token are taken.
// They are asked before any money moves; zero asks nothing.
type Acceptance struct {
	Total     Limit // of the order, in minor units of the shop's currency
	Quantity  Limit // of all lines together
	Attempts  Limit // to pay one session, the present one included
	Tries     Limit // of one buyer, card, address or device within TryWindow, the present one included
	Risk      Limit // score of the payment provider's insights, or its own advice against the payment
	Countries Countries
	// ReviewHours is how long staff have to decide; zero: a day.
	ReviewHours int
}

// TryWindow is how far back Acceptance.Tries looks.
const TryWindow = 24 * time.Hour

// asks reports whether there is any rule.
func (a Acceptance) asks() bool {
	return a.Total.Most+a.Quantity.Most+a.Attempts.Most+a.Tries.Most+a.Risk.Most > 0 || len(a.Countries.Codes) > 0
}

// Facts are what the rules are asked about.
type Facts struct {
	Total    Money
	Quantity int64
	Country  string // where the goods go, else of the bill; empty: not known
	Attempts int64
	Tries    int64
	Risks    []Risk
}

// Judge asks every rule. The strictest verdict counts; reasons are in words
// for staff and never shown to an agent.
func (a Acceptance) Judge(f Facts) (v Verdict, reasons []string) {
	v = Accept
	found := func(then Verdict, reason string, args ...any) {
		if then == Review || then == Refuse {
			reasons = append(reasons, fmt.Sprintf(reason, args...))
			if v != Refuse {
				v = then
			}
		}
	}
	if a.Total.exceeded(f.Total.Amount) {
		found(a.Total.Then, "the total of %s is over %s", f.Total, Money{Amount: a.Total.Most, Currency: f.Total.Currency})
	}
	if a.Quantity.exceeded(f.Quantity) {
		found(a.Quantity.Then, "%d items are more than %d", f.Quantity, a.Quantity.Most)
	}
	if a.Attempts.exceeded(f.Attempts) {
		found(a.Attempts.Then, "attempt %d to pay the same checkout", f.Attempts)
	}
	if a.Tries.exceeded(f.Tries) {
		found(a.Tries.Then, "payment %d within a day by the same buyer, card, address or device", f.Tries)
	}
	if a.Countries.concerns(f.Country) {
		found(a.Countries.Then, "the goods go to %s", f.Country)
	}
	if a.Risk.Most > 0 {
		for _, r := range f.Risks {
			if a.Risk.exceededBy(r.Score) || advisedAgainst(r.Action) {
				found(a.Risk.Then, "the payment provider sees a risk: %s, score %s", r.Kind, r.Score)
			}
		}
	}
	return v, reasons
}

func (l Limit) exceeded(n int64) bool { return l.Most > 0 && n > l.Most }

// exceededBy is exceeded for a number that may have decimals; what is no
// number exceeds nothing.
func (l Limit) exceededBy(score string) bool {
	n, ok := new(big.Rat).SetString(score)
	return ok && l.Most > 0 && n.Cmp(new(big.Rat).SetInt64(l.Most)) > 0
}

// concerns reports whether the rule is about a country. One that is not known
// is not among the only ones that are wanted.
func (c Countries) concerns(country string) bool {
	return len(c.Codes) > 0 && slices.Contains(c.Codes, country) != c.Only
}

// advisedAgainst are the words by which providers advise against a payment.
func advisedAgainst(action string) bool {
	switch action {
	case "block", "blocked", "review", "manual_review":
		return true
	}
	return false
}

// Check finds what cannot be kept; Param names the form's field.
func (a Acceptance) Check() error {
	for field, l := range map[string]Limit{
		"total": a.Total, "quantity": a.Quantity, "attempts": a.Attempts, "tries": a.Tries, "risk": a.Risk,
	} {
		if l.Most < 0 {
			return Invalid(CodeInvalid, field, "a limit is a positive number, or empty")
		}
		if l.Most > 0 && l.Then != Refuse && l.Then != Review {
			return Invalid(CodeInvalid, field, "choose what is done about more than that")
		}
	}
	if a.ReviewHours < 0 || a.ReviewHours > MaxReviewHours {
		return Invalid(CodeInvalid, "review_hours", fmt.Sprintf("a review takes between 1 and %d hours, because some cards' banks reserve money for less than five days", MaxReviewHours))
	}
	for _, code := range a.Countries.Codes {
		if len(code) != 2 || code[0] < 'A' || code[0] > 'Z' || code[1] < 'A' || code[1] > 'Z' {
			return Invalid(CodeInvalid, "countries", "countries are two letters each, such as US, CA")
		}
	}
	if len(a.Countries.Codes) > 0 && a.Countries.Then != Refuse && a.Countries.Then != Review {
		return Invalid(CodeInvalid, "countries", "choose what is done about these countries")
	}
	return nil
}

// Assessment is what the rules said of one attempt to pay, for staff.
type Assessment struct {
	Merchant MerchantID
	Session  SessionID
	Attempt  int
	Verdict  Verdict
	Reasons  []string
	Agent    string
	Amount   Money
	At       time.Time
}

// PendingReview is a purchase that waits for staff.
type PendingReview struct {
	Assessment
	Country string // where the goods go
	Items   int64
	By      time.Time // until when they have to decide
}

// Vetting remembers what the rules need to know, and what they said.
type Vetting interface {
	// Holder is the digest by which somebody is counted. It is keyed, so that
	// whoever reads the books cannot try addresses and card numbers until one fits.
	Holder(m MerchantID, kind, value string) string
	// Try notes that an attempt to pay was made in the name of each holder and
	// returns the most that any of them has made since a moment, this one
	// included. Noting it twice counts once.
	Try(ctx context.Context, t Try, since time.Time) (int64, error)
	// SaveAssessment keeps what the rules said of an attempt; saying it again
	// takes the place of the first.
	SaveAssessment(ctx context.Context, a Assessment) error
	// Refusals are the newest assessments with the verdict Refuse.
	Refusals(ctx context.Context, m MerchantID, since time.Time, latest int) ([]Assessment, error)
	// Reviews are the purchases that wait for staff, the most urgent first.
	Reviews(ctx context.Context, m MerchantID, latest int) ([]PendingReview, error)
}

// Try is one attempt to pay. Holders are digests: of the buyer's address, the
// card, the network address and the device.
type Try struct {
	Merchant MerchantID
	Session  SessionID
	Attempt  int
	Holders  []string
	At       time.Time
}
