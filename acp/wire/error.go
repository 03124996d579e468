package wire

import (
	"bytes"
	"encoding/json"

	"github.com/acp-bridge/acp-bridge/acp"
)

// The types of Error.
const (
	TypeInvalidRequest     = "invalid_request"
	TypeProcessingError    = "processing_error"
	TypeServiceUnavailable = "service_unavailable"
	// typeNotIdempotent is what versions before 2026-04-17 call the error with
	// CodeIdempotencyConflict.
	typeNotIdempotent = "request_not_idempotent"
)

// CodeIdempotencyConflict says that a key came again with another request
// (checkout RFC, section 6).
const CodeIdempotencyConflict = "idempotency_conflict"

// Error is the answer to a request that failed as a whole; what a purchase has
// to say is in its session's messages instead.
type Error struct {
	Type    string // one of the Type constants
	Code    string
	Message string
	Param   string // RFC 9535 JSONPath; may be empty
	// SupportedVersions is for errors about the version only, newest first.
	SupportedVersions []string
}

// EncodeError writes the flat error object. It cannot fail: a type that the
// protocol does not know becomes processing_error.
func EncodeError(v Version, e Error) []byte {
	switch e.Type {
	case TypeInvalidRequest, TypeProcessingError, TypeServiceUnavailable:
	default:
		e.Type = TypeProcessingError
	}
	if v.Before(V20260417) {
		e = lowerError20260417(e)
	}
	body, err := encode(errorBody(e))
	if err != nil {
		return []byte(`{"type":"processing_error","code":"internal","message":"something went wrong"}`)
	}
	return body
}

type errorBody struct {
	Type              string   `json:"type"`
	Code              string   `json:"code"`
	Message           string   `json:"message"`
	Param             string   `json:"param,omitempty"`
	SupportedVersions []string `json:"supported_versions,omitempty"`
}

// encode writes JSON without escaping what only HTML would need.
func encode(body any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(body); err != nil {
		return nil, acp.Failed(acp.KindInternal, "encode body", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'}), nil
}

// orEmpty makes a missing list an empty array: null is no value of any list
// in the protocol.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
