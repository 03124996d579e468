package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/acp-bridge/acp-bridge/acp"
)

// maxDepth bounds the nesting of a body; the deepest shape of the protocol
// has seven levels.
const maxDepth = 32

type kind uint8

const (
	nullKind kind = iota
	boolKind
	numberKind
	textKind
	listKind
	objectKind
)

// node is one value of a parsed body. A nil node is an absent value.
type node struct {
	kind    kind
	text    string // a string's value, a number's literal, true or false
	items   []*node
	members []member // in the order of the document
	raw     []byte   // an object as it stands in the body
}

type member struct {
	name  string
	value *node
}

// get returns a member's value, nil when there is none.
func (n *node) get(name string) *node {
	if n == nil {
		return nil
	}
	for _, m := range n.members {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// parse reads exactly one JSON value. Unlike encoding/json it refuses invalid
// UTF-8, half a surrogate pair, a member that comes twice and deep nesting: two
// readers of the same bytes must never understand different things.
func parse(body []byte) (*node, *acp.Error) {
	var root *place
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, acp.Invalid(CodeMalformedJSON, "$", "a JSON body is required")
	}
	if !utf8.Valid(body) {
		return nil, root.malformed("is not valid UTF-8")
	}
	p := parser{body: body}
	if !json.Valid(body) {
		var whole json.RawMessage
		err := json.Unmarshal(body, &whole)
		if strings.Contains(err.Error(), "exceeded max depth") {
			return p.value(root, 1) // valid until far beyond maxDepth, where this ends
		}
		return nil, malformed(err)
	}
	return p.value(root, 1)
}

func malformed(err error) *acp.Error {
	message := "the body is not valid JSON"
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		message += fmt.Sprintf(" (at byte %d)", syntax.Offset)
	}
	return acp.Invalid(CodeMalformedJSON, "$", message)
}

// parser walks over bytes that encoding/json has found to be one valid value,
// so that it need not look for mistakes. The tokens of a json.Decoder took half
// of all allocations of a create.
type parser struct {
	body []byte
	next int // where in body
}

// token is the first byte of the next token, which is not taken.
func (p *parser) token() byte {
	for ; ; p.next++ {
		switch c := p.body[p.next]; c {
		case ' ', '\t', '\r', '\n', ',', ':': // these say nothing in a valid value
		default:
			return c
		}
	}
}

func (p *parser) value(at *place, depth int) (*node, *acp.Error) {
	c := p.token()
	if (c == '{' || c == '[') && depth > maxDepth {
		return nil, at.malformed(fmt.Sprintf("is nested deeper than %d levels", maxDepth))
	}
	switch c {
	case '{':
		return p.object(at, depth)
	case '[':
		return p.list(at, depth)
	case '"':
		text, whole := p.text()
		switch {
		case !whole:
			return nil, at.malformed("holds half of a surrogate pair, which is no character")
		case strings.ContainsRune(text, 0):
			return nil, at.malformed("holds the character U+0000")
		}
		return &node{kind: textKind, text: text}, nil
	case 't', 'f':
		return &node{kind: boolKind, text: p.literal()}, nil
	case 'n':
		p.literal()
		return &node{kind: nullKind}, nil
	default:
		return &node{kind: numberKind, text: p.literal()}, nil
	}
}

// literal is a number, true, false or null as it stands there.
func (p *parser) literal() string {
	rest := p.body[p.next:]
	if end := bytes.IndexAny(rest, " \t\r\n,]}"); end >= 0 {
		rest = rest[:end]
	}
	p.next += len(rest)
	return string(rest)
}

// text is what a string means; it is not whole when half of a character is
// missing.
func (p *parser) text() (text string, whole bool) {
	from, escaped := p.next, false
	for p.next++; p.body[p.next] != '"'; p.next++ {
		if p.body[p.next] == '\\' {
			escaped = true
			p.next++
		}
	}
	p.next++
	quoted := p.body[from:p.next]
	if !escaped {
		return string(quoted[1 : len(quoted)-1]), true
	}
	err := json.Unmarshal(quoted, &text)
	return text, err == nil && !splitsCharacter(quoted)
}

func (p *parser) list(at *place, depth int) (*node, *acp.Error) {
	n := &node{kind: listKind}
	p.next++
	for i := 0; p.token() != ']'; i++ {
		item, err := p.value(at.element(i), depth+1)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
	}
	p.next++
	return n, nil
}

func (p *parser) object(at *place, depth int) (*node, *acp.Error) {
	n := &node{kind: objectKind}
	from := p.next
	p.next++
	seen := map[string]bool{}
	for p.token() != '}' {
		name, err := p.name(at, seen)
		if err != nil {
			return nil, err
		}
		value, err := p.value(at.member(name), depth+1)
		if err != nil {
			return nil, err
		}
		n.members = append(n.members, member{name, value})
	}
	p.next++
	n.raw = p.body[from:p.next]
	return n, nil
}

func (p *parser) name(at *place, seen map[string]bool) (string, *acp.Error) {
	name, whole := p.text()
	switch {
	case !whole:
		return "", at.malformed("has a member whose name holds half of a surrogate pair, which is no character")
	case seen[name]:
		return "", at.member(name).malformed("is given twice")
	case strings.ContainsRune(name, 0):
		return "", at.malformed("has a member whose name holds the character U+0000")
	}
	seen[name] = true
	return name, nil
}
