package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
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
// UTF-8, a member that comes twice and deep nesting: two readers of the same
// bytes must never understand different things.
func parse(body []byte) (*node, *acp.Error) {
	var root *place
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, acp.Invalid(CodeMalformedJSON, "$", "a JSON body is required")
	}
	if !utf8.Valid(body) {
		return nil, root.malformed("is not valid UTF-8")
	}
	var whole json.RawMessage
	if err := json.Unmarshal(body, &whole); err != nil {
		return nil, malformed(err)
	}
	p := parser{body: body, decoder: json.NewDecoder(bytes.NewReader(body))}
	p.decoder.UseNumber()
	return p.value(root, 1)
}

func malformed(err error) *acp.Error {
	message := "the body is not valid JSON"
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		message += fmt.Sprintf(" (at byte %d)", syntax.Offset)
	}
	return acp.Invalid(CodeMalformedJSON, "$", message)
}

type parser struct {
	body    []byte
	decoder *json.Decoder
}

func (p *parser) value(at *place, depth int) (*node, *acp.Error) {
	token, err := p.decoder.Token()
	if err != nil {
		return nil, malformed(err)
	}
	switch t := token.(type) {
	case json.Delim:
		if depth > maxDepth {
			return nil, at.malformed(fmt.Sprintf("is nested deeper than %d levels", maxDepth))
		}
		if t == '[' {
			return p.list(at, depth)
		}
		return p.object(at, depth)
	case string:
		if strings.ContainsRune(t, 0) {
			return nil, at.malformed("holds the character U+0000")
		}
		return &node{kind: textKind, text: t}, nil
	case json.Number:
		return &node{kind: numberKind, text: t.String()}, nil
	case bool:
		return &node{kind: boolKind, text: strconv.FormatBool(t)}, nil
	default:
		return &node{kind: nullKind}, nil
	}
}

func (p *parser) list(at *place, depth int) (*node, *acp.Error) {
	n := &node{kind: listKind}
	for i := 0; p.decoder.More(); i++ {
		item, err := p.value(at.element(i), depth+1)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
	}
	return n, p.end()
}

func (p *parser) object(at *place, depth int) (*node, *acp.Error) {
	n := &node{kind: objectKind}
	from := p.decoder.InputOffset() - 1
	seen := map[string]bool{}
	for p.decoder.More() {
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
	err := p.end()
	n.raw = p.body[from:p.decoder.InputOffset()]
	return n, err
}

func (p *parser) name(at *place, seen map[string]bool) (string, *acp.Error) {
	token, err := p.decoder.Token()
	name, ok := token.(string)
	if err != nil || !ok {
		return "", malformed(err)
	}
	if seen[name] {
		return "", at.member(name).malformed("is given twice")
	}
	if strings.ContainsRune(name, 0) {
		return "", at.malformed("has a member whose name holds the character U+0000")
	}
	seen[name] = true
	return name, nil
}

// end reads the closing delimiter.
func (p *parser) end() *acp.Error {
	if _, err := p.decoder.Token(); err != nil {
		return malformed(err)
	}
	return nil
}
