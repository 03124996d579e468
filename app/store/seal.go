package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Key encrypts secrets at rest. The ID is stored beside each ciphertext, so
// that keys can be rotated; it is 1 to 32 letters, digits, "-" or "_".
type Key struct {
	ID    string
	Bytes acp.Secret // 32 bytes
}

// Sealer encrypts columns with AES-256-GCM. The ciphertext is bound to its
// column and to its owner, so that it cannot be moved to another row.
type Sealer struct {
	current string
	digests []byte // key of digests: the current one's, so that they change with it
	ciphers map[string]cipher.AEAD
}

// NewSealer seals with the first key and opens with any of them.
func NewSealer(keys ...Key) (*Sealer, error) {
	if len(keys) == 0 {
		return nil, errors.New("store: an encryption key is required")
	}
	s := &Sealer{current: keys[0].ID, ciphers: make(map[string]cipher.AEAD, len(keys)), digests: []byte(keys[0].Bytes.Reveal())}
	for _, k := range keys {
		if !keyID(k.ID) {
			return nil, fmt.Errorf("store: %q cannot name an encryption key", k.ID)
		}
		if _, twice := s.ciphers[k.ID]; twice {
			return nil, fmt.Errorf("store: two encryption keys are named %q", k.ID)
		}
		aead, err := newCipher(k)
		if err != nil {
			return nil, err
		}
		s.ciphers[k.ID] = aead
	}
	return s, nil
}

func newCipher(k Key) (cipher.AEAD, error) {
	if len(k.Bytes) != 32 {
		return nil, fmt.Errorf("store: encryption key %q has %d bytes instead of 32", k.ID, len(k.Bytes))
	}
	block, err := aes.NewCipher([]byte(k.Bytes.Reveal()))
	if err != nil {
		return nil, fmt.Errorf("store: encryption key %q: %w", k.ID, err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func keyID(id string) bool {
	if id == "" || len(id) > 32 {
		return false
	}
	const allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
	return strings.Trim(id, allowed) == ""
}

// seal returns "key:ciphertext", or nothing for an empty secret.
func (s *Sealer) seal(secret acp.Secret, column, owner string) string {
	if secret.Empty() {
		return ""
	}
	sealed := s.ciphers[s.current].Seal(nil, nil, []byte(secret.Reveal()), bound(column, owner))
	return s.current + ":" + base64.RawURLEncoding.EncodeToString(sealed)
}

// open undoes seal. It fails when the key is gone, or when the ciphertext was
// changed or belongs to another column or owner.
func (s *Sealer) open(sealed, column, owner string) (acp.Secret, error) {
	if sealed == "" {
		return "", nil
	}
	id, text, _ := strings.Cut(sealed, ":")
	aead, ok := s.ciphers[id]
	if !ok {
		return "", fmt.Errorf("open %s: encryption key %q is not configured", column, id)
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return "", fmt.Errorf("open %s: %w", column, err)
	}
	secret, err := aead.Open(nil, nil, raw, bound(column, owner))
	if err != nil {
		return "", fmt.Errorf("open %s: %w", column, err)
	}
	return acp.Secret(secret), nil
}

// digest is the same for the same value and owner, and tells nothing of the
// value to whoever does not have the key.
func (s *Sealer) digest(value, column, owner string) string {
	sum := hmac.New(sha256.New, s.digests)
	sum.Write(bound(column, owner))
	sum.Write([]byte("\x00" + value))
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:16])
}

func bound(column, owner string) []byte { return []byte(column + "\x00" + owner) }
