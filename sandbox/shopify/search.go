package shopify

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// term is one filter of Shopify's search syntax: tag:acp, -status:draft, updated_at:>'…'.
type term struct {
	field, op, value string
	not              bool
}

// parseSearch reads terms that are joined by spaces or AND. OR and brackets are refused
// rather than misread.
func parseSearch(query string) ([]term, error) {
	var terms []term
	for rest := strings.TrimSpace(query); rest != ""; rest = strings.TrimSpace(rest) {
		var word string
		word, rest = nextWord(rest)
		switch {
		case word == "AND":
			continue
		case word == "OR" || strings.ContainsAny(word, "()"):
			return nil, coded("BAD_REQUEST", fmt.Sprintf("the stand-in does not search with %q", word))
		}
		t := term{value: word}
		t.value, t.not = strings.CutPrefix(t.value, "-")
		if field, value, ok := strings.Cut(t.value, ":"); ok && !strings.ContainsAny(field, `'"`) {
			t.field, t.value = field, value
		}
		for _, op := range []string{">=", "<=", ">", "<"} {
			if v, ok := strings.CutPrefix(t.value, op); ok {
				t.op, t.value = op, v
				break
			}
		}
		t.value = strings.Trim(t.value, `'"`)
		terms = append(terms, t)
	}
	return terms, nil
}

// nextWord ends at a space outside quotes.
func nextWord(s string) (word, rest string) {
	var quote rune
	for i, r := range s {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote = r
		case quote == 0 && r == ' ':
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// any tells whether one of the values is the one searched for; case does not matter and a
// comma means either.
func (t term) any(values ...string) bool {
	for wanted := range strings.SplitSeq(t.value, ",") {
		for _, v := range values {
			if strings.EqualFold(v, wanted) || wanted == "*" {
				return true
			}
		}
	}
	return false
}

func (t term) time(at time.Time) bool {
	layouts := []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02"}
	for _, layout := range layouts {
		wanted, err := time.Parse(layout, t.value)
		if err != nil {
			continue
		}
		return t.compare(at.Compare(wanted))
	}
	return false
}

func (t term) id(id int64) bool {
	wanted, err := strconv.ParseInt(t.value, 10, 64)
	if err != nil {
		return false
	}
	switch {
	case id < wanted:
		return t.compare(-1)
	case id > wanted:
		return t.compare(1)
	}
	return t.compare(0)
}

func (t term) compare(c int) bool {
	switch t.op {
	case ">":
		return c > 0
	case ">=":
		return c >= 0
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	}
	return c == 0
}
