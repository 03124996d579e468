package wire

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/gowebpki/jcs"
)

// Fingerprint identifies a request for idempotency: equal for bodies that are
// semantically equal JSON (member order and 1.0 or 1 do not matter, null and
// absent differ, the order of a list matters), different otherwise. It is the
// SHA-256, in hex, of method, path and the body's canonical form (RFC 8785).
// Headers are left out (checkout RFC 6.2), the protocol version among them. An
// empty body is a request of its own.
//
// It fails with KindInvalid when the body is not JSON, and when a number lies
// beyond 2^53: canonical JSON writes numbers as doubles, so two different
// requests could look alike.
func Fingerprint(method, path string, body []byte) (string, error) {
	canonical, err := canonicalize(body)
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	for _, part := range []string{method, path} {
		hash.Write([]byte(part))
		hash.Write([]byte{0}) // no part can hold it, so no two lists run together
	}
	hash.Write(canonical)
	return hex.EncodeToString(hash.Sum(nil)), nil
}

func canonicalize(body []byte) ([]byte, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, nil
	}
	root, err := parse(body)
	if err != nil {
		return nil, err
	}
	if err := onlyExact(nil, root); err != nil {
		return nil, err
	}
	canonical, failure := jcs.Transform(body)
	if failure != nil {
		return nil, &acp.Error{
			Kind: acp.KindInvalid, Code: CodeMalformedJSON, Param: "$",
			Message: "the body has no canonical form (RFC 8785)", Err: failure,
		}
	}
	return canonical, nil
}

func onlyExact(at *place, n *node) *acp.Error {
	if n.kind == numberKind && !exact(n.text) {
		return at.invalid("is a number beyond 2^53, which JSON readers round")
	}
	for i, item := range n.items {
		if err := onlyExact(at.element(i), item); err != nil {
			return err
		}
	}
	for _, m := range n.members {
		if err := onlyExact(at.member(m.name), m.value); err != nil {
			return err
		}
	}
	return nil
}
