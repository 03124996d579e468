package shopify

import (
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// Limits of what agents can put on an order beyond its cart. Shopify documents none for custom attributes, so
// these keep an order readable for staff and far from any limit of the whole input.
const (
	maxAttributes     = 20
	maxAttributeKey   = 64
	maxAttributeValue = 255
)

// furtherAttributes are the domain's attributes. Our own names come first and cannot be taken: what begins an
// order's attributes is what it is recognised by.
func furtherAttributes(list []acp.NamedValue) []admin.AttributeInput {
	var inputs []admin.AttributeInput
	for _, a := range list {
		name, value := clip(a.Name, maxAttributeKey), clip(a.Value, maxAttributeValue)
		if name == "" || value == "" || len(inputs) == maxAttributes {
			continue
		}
		switch name {
		case AttributeSession, AttributeReference, AttributeAgent:
			continue
		}
		inputs = append(inputs, admin.AttributeInput{Key: name, Value: value})
	}
	return inputs
}

// clip makes a text fit into one line of the order's page.
func clip(text string, limit int) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")), " ")
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return text
}
