package shopify

import (
	"errors"
	"strconv"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
)

// userError is what all of Shopify's user errors have in common. Those of draft orders carry no code, so
// that callers who must tell them apart have only the text.
type userError interface {
	GetField() []string
	GetMessage() string
}

// refusedBy turns user errors into an error of KindRefused that carries Shopify's sentences, or nil. The
// type parameters say that P is the pointer to E that has the getters.
func refusedBy[E any, P interface {
	*E
	userError
}](verb string, list []E,
) error {
	if len(list) == 0 {
		return nil
	}
	said := make([]string, len(list))
	for i := range list {
		said[i] = P(&list[i]).GetMessage()
	}
	refused := &acp.Error{Kind: acp.KindRefused, Code: "refused", Message: verb + ": " + strings.Join(said, " ")}
	if at, named := refusedLine(P(&list[0]).GetField()); named {
		refused.Err = &acp.RefusedLine{Index: at, Said: said[0]}
	}
	return refused
}

// refusedLine reads the index out of a user error's field, such as input, lineItems, 2. That Shopify names
// the line is seen in practice, not documented; where it does not, the caller learns the sentence only.
func refusedLine(field []string) (index int, named bool) {
	for i := range len(field) - 1 {
		if field[i] == "lineItems" {
			at, err := strconv.Atoi(field[i+1])
			return at, err == nil && at >= 0
		}
	}
	return 0, false
}

// errEmptyPayload: Shopify answered without errors and without the object that was asked for.
var errEmptyPayload = errors.New("Shopify's answer is empty")
