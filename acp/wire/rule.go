package wire

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/acp-bridge/acp-bridge/acp"
)

// rule checks one value; nil means that it may stand there.
type rule func(at *place, n *node) *acp.Error

// field is a member of an object.
type field struct {
	name     string
	rule     rule
	required bool
}

func must(name string, r rule) field { return field{name, r, true} }
func may(name string, r rule) field  { return field{name, r, false} }

// object is a closed object: members that it does not list are refused.
func object(fields ...field) rule { return members(fields, false) }

// open is an object that the published schema leaves open: members that it
// does not list are ignored.
func open(fields ...field) rule { return members(fields, true) }

func members(fields []field, open bool) rule {
	rules := make(map[string]rule, len(fields))
	for _, f := range fields {
		rules[f.name] = f.rule
	}
	return func(at *place, n *node) *acp.Error {
		if n.kind != objectKind {
			return at.invalid("must be an object")
		}
		for _, f := range fields {
			if f.required && n.get(f.name) == nil {
				return at.member(f.name).missing()
			}
		}
		for _, m := range n.members {
			r, known := rules[m.name]
			if !known && !open {
				return at.member(m.name).unknown()
			}
			if known {
				if err := r(at.member(m.name), m.value); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

// mapOf is an object with any names, whose values follow one rule.
func mapOf(value rule) rule {
	return func(at *place, n *node) *acp.Error {
		if n.kind != objectKind {
			return at.invalid("must be an object")
		}
		for _, m := range n.members {
			if err := value(at.member(m.name), m.value); err != nil {
				return err
			}
		}
		return nil
	}
}

// list is an array whose elements follow one rule.
func list(item rule) rule {
	return func(at *place, n *node) *acp.Error {
		if n.kind != listKind {
			return at.invalid("must be an array")
		}
		for i, element := range n.items {
			if err := item(at.element(i), element); err != nil {
				return err
			}
		}
		return nil
	}
}

// nonEmpty is a list with at least one element.
func nonEmpty(items rule) rule {
	return func(at *place, n *node) *acp.Error {
		if n.kind == listKind && len(n.items) == 0 {
			return at.missing()
		}
		return items(at, n)
	}
}

// text is a string of at most max characters.
func text(limit int) rule {
	return func(at *place, n *node) *acp.Error {
		if n.kind != textKind {
			return at.invalid("must be a string")
		}
		if utf8.RuneCountInString(n.text) > limit {
			return at.invalid("is too long")
		}
		return nil
	}
}

// filled is a text that must say something.
func filled(limit int) rule {
	bounded := text(limit)
	return func(at *place, n *node) *acp.Error {
		if n.kind == textKind && strings.TrimSpace(n.text) == "" {
			return at.missing()
		}
		return bounded(at, n)
	}
}

// word is one of a closed list of strings.
func word(allowed ...string) rule {
	return func(at *place, n *node) *acp.Error {
		if n.kind != textKind || !slices.Contains(allowed, n.text) {
			return at.invalid("must be one of " + strings.Join(allowed, ", "))
		}
		return nil
	}
}

// integer is a number without a fraction that fits into 64 bits.
func integer(at *place, n *node) *acp.Error {
	if n.kind != numberKind {
		return at.invalid("must be a whole number")
	}
	if _, ok := wholeNumber(n.text); !ok {
		return at.invalid("must be a whole number")
	}
	return nil
}

// whole is an integer that is not smaller than least.
func whole(least int64) rule {
	return func(at *place, n *node) *acp.Error {
		if err := integer(at, n); err != nil {
			return err
		}
		if value, _ := wholeNumber(n.text); value < least {
			return at.invalid(fmt.Sprintf("must not be smaller than %d", least))
		}
		return nil
	}
}

func truth(at *place, n *node) *acp.Error {
	if n.kind != boolKind {
		return at.invalid("must be true or false")
	}
	return nil
}

// scalar is a string, a number or a boolean.
func scalar(at *place, n *node) *acp.Error {
	if n.kind != textKind && n.kind != numberKind && n.kind != boolKind {
		return at.invalid("must be a string, a number or a boolean")
	}
	return nil
}

func anything(*place, *node) *acp.Error { return nil }

// oneOfMembers wants at least one of two members.
func oneOfMembers(first, second string) rule {
	return func(at *place, n *node) *acp.Error {
		if n.get(first) == nil && n.get(second) == nil {
			return at.member(first).missing()
		}
		return nil
	}
}

// both applies one rule after another.
func both(first, second rule) rule {
	return func(at *place, n *node) *acp.Error {
		if err := first(at, n); err != nil {
			return err
		}
		return second(at, n)
	}
}
