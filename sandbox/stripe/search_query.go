package stripe

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// match says whether the index holds a payment intent for a query; status is the one
// that the index knows.
type match func(p *payment, status string) bool

// clauseForm is one clause of Stripe's search language (docs.stripe.com/search):
// an optional minus, a field or metadata["key"], an operator, a quoted value or a number.
var clauseForm = regexp.MustCompile(`^\s*(-?)(metadata\[(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\]|[a-z_]+)(:|=|>=|<=|>|<)` +
	`(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\d+))\s*`)

var joinForm = regexp.MustCompile(`^(AND|OR)\s`)

// parseQuery reads clauses joined by AND or by OR; Stripe refuses a mix of both. A
// space between clauses means AND.
func parseQuery(query string) (match, error) {
	var clauses []match
	joins := map[string]bool{}
	for rest := query; rest != ""; {
		m := clauseForm.FindStringSubmatch(rest)
		if m == nil {
			return nil, fmt.Errorf("unexpected text at %q", rest)
		}
		clause, err := parseClause(m)
		if err != nil {
			return nil, err
		}
		clauses = append(clauses, clause)
		rest = rest[len(m[0]):]
		join := joinForm.FindString(rest)
		if join == "" && rest != "" {
			join = "AND"
		} else {
			rest = rest[len(join):]
		}
		if join != "" {
			joins[strings.TrimSpace(join)] = true
			if strings.TrimSpace(rest) == "" {
				return nil, fmt.Errorf("the query ends after %s", join)
			}
		}
	}
	if len(clauses) == 0 || (joins["AND"] && joins["OR"]) {
		return nil, fmt.Errorf("a query has at least one clause and does not mix AND with OR")
	}
	return combine(clauses, joins["OR"]), nil
}

func combine(clauses []match, anyOf bool) match {
	return func(p *payment, status string) bool {
		for _, clause := range clauses {
			if clause(p, status) == anyOf {
				return anyOf
			}
		}
		return !anyOf
	}
}

func parseClause(m []string) (match, error) {
	negated, field, op := m[1] == "-", m[2], m[5]
	value := unescape(m[6] + m[7] + m[8])
	clause, err := fieldClause(field, unescape(m[3]+m[4]), op, value)
	if err != nil || !negated {
		return clause, err
	}
	return func(p *payment, status string) bool { return !clause(p, status) }, nil
}

func fieldClause(field, key, op, value string) (match, error) {
	switch {
	case field == "amount" || field == "created":
		return numberClause(field, op, value)
	case op != ":":
		return nil, fmt.Errorf("field %s takes the operator ':' only", field)
	case strings.HasPrefix(field, "metadata["):
		return func(p *payment, _ string) bool { return p.Metadata[key] == value && value != "" }, nil
	case field == "status":
		return func(_ *payment, status string) bool { return status == value }, nil
	case field == "currency":
		return func(p *payment, _ string) bool { return p.Currency == strings.ToLower(value) }, nil
	}
	return nil, fmt.Errorf("field %s is not supported", field)
}

func numberClause(field, op, value string) (match, error) {
	want, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("field %s takes a whole number", field)
	}
	return func(p *payment, _ string) bool {
		have := p.Amount
		if field == "created" {
			have = p.Created
		}
		switch op {
		case ">":
			return have > want
		case ">=":
			return have >= want
		case "<":
			return have < want
		case "<=":
			return have <= want
		}
		return have == want
	}, nil
}

var escaped = regexp.MustCompile(`\\(.)`)

func unescape(s string) string { return escaped.ReplaceAllString(s, "$1") }
