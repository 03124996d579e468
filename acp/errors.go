package acp

import (
	"errors"
	"time"
)

// Kind classifies an error by what the caller can do about it. One table in
// the handlers maps kinds to HTTP statuses.
type Kind string

// The kinds of errors.
const (
	// KindInvalid: the request is wrong; Param says where.
	KindInvalid Kind = "invalid"
	// KindUnauthorized: nobody, or the wrong one, is asking.
	KindUnauthorized Kind = "unauthorized"
	// KindNotFound: there is no such thing for this merchant.
	KindNotFound Kind = "not_found"
	// KindState: the session's state does not allow it (cancel of a completed
	// session).
	KindState Kind = "state"
	// KindInFlight: the same thing is being done at this moment; try later.
	KindInFlight Kind = "in_flight"
	// KindReused: an idempotency key came again with another request.
	KindReused Kind = "reused"
	// KindStale: the row was changed by somebody else since it was read.
	KindStale Kind = "stale"
	// KindThrottled: too many calls; nothing was done.
	KindThrottled Kind = "throttled"
	// KindUnavailable: a remote service could not be reached or failed; it is
	// certain that nothing took effect.
	KindUnavailable Kind = "unavailable"
	// KindUnknown: a call may or may not have taken effect. It must be
	// resolved by looking, never by trying again blindly.
	KindUnknown Kind = "unknown_outcome"
	// KindRefused: a remote service understood and said no, with a reason
	// (Shopify's userErrors).
	KindRefused Kind = "refused"
	// KindSoldOut: nothing of what is asked for can be sold at the moment.
	KindSoldOut Kind = "sold_out"
	// KindReauthorize: the shop's access is gone until staff open the app.
	KindReauthorize Kind = "reauthorize"
	// KindInternal: anything else; a defect.
	KindInternal Kind = "internal"
)

// Error is the one error type of the domain.
type Error struct {
	Kind Kind
	// Code is the protocol's machine-readable code ("missing", "invalid" …).
	Code string
	// Param is an RFC 9535 JSONPath into the request, in the newest protocol
	// version's names.
	Param string
	// Message may be shown to whoever asked; it holds no secret and no detail
	// of the inside.
	Message string
	// RetryAfter is how long to wait before trying again; zero if unknown.
	RetryAfter time.Duration
	// Err is the cause, for the log only.
	Err error
}

// Error implements error.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Message + ": " + e.Err.Error()
	}
	return e.Message
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of the first *Error in err's chain, KindInternal for any
// other error, and "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return KindInternal
}

// RetryAfterOf is how long the first *Error in err's chain asks to wait, or
// zero.
func RetryAfterOf(err error) time.Duration {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.RetryAfter
	}
	return 0
}

// Invalid is an error of KindInvalid with the protocol's code and the JSONPath
// of the culprit.
func Invalid(code, param, message string) *Error {
	return &Error{Kind: KindInvalid, Code: code, Param: param, Message: message}
}

// NotFound is an error of KindNotFound.
func NotFound(what string) *Error {
	return &Error{Kind: KindNotFound, Code: "not_found", Message: what + " does not exist"}
}

// Failed wraps a cause with a kind and the verb that failed ("capture
// payment").
func Failed(kind Kind, verb string, cause error) *Error {
	return &Error{Kind: kind, Code: string(kind), Message: verb, Err: cause, RetryAfter: RetryAfterOf(cause)}
}
