package handlers

import (
	"net/http"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
)

const (
	keyHeader  = "Idempotency-Key"
	longestKey = 255 // characters
)

// echoKey gives the key back with every answer to a request that writes
// (checkout RFC 3.1), also with one that refuses it before anybody looks at the
// key.
func (a *app) echoKey(c *gin.Context) {
	if (c.Request.Method == http.MethodPost || c.Request.Method == http.MethodPut) && checkKey(c) == nil {
		c.Header(keyHeader, c.GetHeader(keyHeader))
	}
}

// checkKey refuses a missing key with a sentence that says what to send: the
// reader is often a language model.
func checkKey(c *gin.Context) *problem {
	keys := c.Request.Header.Values(keyHeader)
	p := &problem{Status: http.StatusBadRequest, Type: invalidRequest, Code: "idempotency_key_required"}
	switch {
	case len(keys) == 0 || keys[0] == "":
		p.Message = "Send the header Idempotency-Key with a new random value of 1 to 255 characters, such as a UUID, " +
			"and send the same value again when you repeat this request."
	case len(keys) > 1:
		p.Message = "The header Idempotency-Key is there more than once. Send it once, with a random value such as a UUID."
	case utf8.RuneCountInString(keys[0]) > longestKey:
		p.Message = "The header Idempotency-Key is longer than 255 characters. Send a new random value, such as a UUID."
	case !utf8.ValidString(keys[0]):
		// Two such keys could not be told apart once they are stored as text.
		p.Message = "The header Idempotency-Key is not text. Send a new random value, such as a UUID."
	default:
		return nil
	}
	return p
}
