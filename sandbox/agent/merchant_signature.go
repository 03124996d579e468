package agent

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"time"
)

// signatureWindow is the recommended tolerance of the webhook document (2026-04-17).
const signatureWindow = 300 * time.Second

var signatureForm = regexp.MustCompile(`^t=(\d{1,12}),v1=([0-9a-fA-F]{64})$`)

// verify says what is wrong with a Merchant-Signature (HMAC-SHA256 over the time, a dot
// and the raw body); empty means nothing is, or no secret is configured.
func (s *Server) verify(header string, raw []byte, now time.Time) string {
	if s.cfg.Secret == "" {
		return ""
	}
	if header == "" {
		return "Missing Merchant-Signature header."
	}
	m := signatureForm.FindStringSubmatch(header)
	if m == nil {
		return "Merchant-Signature must be t=<timestamp>,v1=<64_hex>."
	}
	at, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil || now.Sub(time.Unix(at, 0)).Abs() > signatureWindow {
		return "Timestamp outside allowed window."
	}
	mac := hmac.New(sha256.New, []byte(s.cfg.Secret))
	mac.Write([]byte(m[1] + "."))
	mac.Write(raw)
	if sent, err := hex.DecodeString(m[2]); err != nil || !hmac.Equal(sent, mac.Sum(nil)) {
		return "Webhook signature verification failed."
	}
	return ""
}
