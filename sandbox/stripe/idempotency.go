package stripe

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// keyLife is how long an answer is kept under its idempotency key. Stripe promises at
// least 24 hours; the stand-in forgets at the first moment it may.
const keyLife = 24 * time.Hour

// outcome is an answer as it was first given, 5xx included.
type outcome struct {
	Status      int             `json:"status"`
	Body        json.RawMessage `json:"body"`
	RequestID   string          `json:"request_id"`
	Path        string          `json:"path"`
	Fingerprint string          `json:"fingerprint"`
	At          int64           `json:"at"`
	notBegun    bool
}

// claimKey returns the answer of an earlier request under the same key, a refusal, or
// nil when this request is the first and must run (and release the key by execute).
func (s *Server) claimKey(c *call) *outcome {
	if c.key == "" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pruneKeys(c.now)
	if s.inFlight[c.key] {
		f := invalid("idempotency_key_in_use", "", "There is currently another in-progress request using this Idempotent Key "+
			"(that probably means you submitted twice, and the other request is still going through): "+c.key+". Please try again later.")
		f.status = http.StatusConflict
		return f.outcome(c)
	}
	first, seen := s.books.Keys[c.key]
	if !seen {
		s.inFlight[c.key] = true
		return nil
	}
	if f := first.mismatch(c); f != nil {
		return f.outcome(c)
	}
	return first
}

func (o *outcome) mismatch(c *call) *failure {
	var f *failure
	switch {
	case o.Path != c.path:
		f = invalid("", "", fmt.Sprintf("Keys for idempotent requests can only be used for the same endpoint they were first used for "+
			"('%s' vs '%s'). Try using a key other than '%s' if you meant to execute a different request.", c.path, o.Path, c.key))
	case o.Fingerprint != c.fingerprint():
		f = invalid("", "", fmt.Sprintf("Keys for idempotent requests can only be used with the same parameters they were first used with. "+
			"Try using a key other than '%s' if you meant to execute a different request.", c.key))
	default:
		return nil
	}
	f.body.Type = "idempotency_error"
	return f
}

func (s *Server) pruneKeys(now time.Time) {
	for key, o := range s.books.Keys {
		if now.Unix() >= o.At+int64(keyLife.Seconds()) {
			delete(s.books.Keys, key)
		}
	}
}

// fingerprint is over the parameters in a fixed order; their order on the wire does not count.
func (c *call) fingerprint() string {
	sum := sha256.Sum256([]byte(c.params.Encode()))
	return hex.EncodeToString(sum[:])
}
