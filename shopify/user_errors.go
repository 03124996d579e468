package shopify

import (
	"errors"
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
	return &acp.Error{Kind: acp.KindRefused, Code: "refused", Message: verb + ": " + strings.Join(said, " ")}
}

// errEmptyPayload: Shopify answered without errors and without the object that was asked for.
var errEmptyPayload = errors.New("Shopify's answer is empty")
