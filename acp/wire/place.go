package wire

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Codes of errors about a body, beside acp.CodeMissing and acp.CodeInvalid.
const (
	CodeUnknownField  = "unknown_field"
	CodeMalformedJSON = "malformed_json"
)

// maxShownName bounds how much of a name that the sender made up comes back
// in an error; the path of a longer one ends at its parent.
const maxShownName = 64

// place is a position in a document, linked to its parent so that a path is
// only spelled out when something is wrong there. The nil place is the root.
type place struct {
	up    *place
	name  string // of a member
	index int    // of an element; -1 for a member
}

func (p *place) member(name string) *place { return &place{up: p, name: name, index: -1} }
func (p *place) element(i int) *place      { return &place{up: p, index: i} }

// String is the place's normalized enough JSONPath (RFC 9535): the shorthand
// $.name where the name allows it, $['any name'] otherwise.
func (p *place) String() string {
	if p == nil {
		return "$"
	}
	switch {
	case p.index >= 0:
		return p.up.String() + "[" + strconv.Itoa(p.index) + "]"
	case len(p.name) > maxShownName:
		return p.up.String()
	case shorthand(p.name):
		return p.up.String() + "." + p.name
	default:
		return p.up.String() + "[" + quoted(p.name) + "]"
	}
}

// shorthand reports whether a name may follow a dot (RFC 9535,
// member-name-shorthand).
func shorthand(name string) bool {
	for i, r := range name {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0x80
		digit := r >= '0' && r <= '9'
		if !letter && (!digit || i == 0) {
			return false
		}
	}
	return name != ""
}

// quoted writes a single-quoted name as RFC 9535's normalized paths do.
func quoted(name string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range name {
		switch {
		case r == '\'' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('\'')
	return b.String()
}

// invalid says what is wrong with the value at a place.
func (p *place) invalid(what string) *acp.Error {
	at := p.String()
	return acp.Invalid(acp.CodeInvalid, at, at+" "+what)
}

func (p *place) missing() *acp.Error {
	at := p.String()
	return acp.Invalid(acp.CodeMissing, at, at+" is required")
}

func (p *place) unknown() *acp.Error {
	at := p.String()
	return acp.Invalid(CodeUnknownField, at, at+" is not a field of this request")
}

func (p *place) malformed(what string) *acp.Error {
	at := p.String()
	return acp.Invalid(CodeMalformedJSON, at, at+" "+what)
}
