package openapi

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed examples/*.json
var examples embed.FS

// Example is a body that may be sent, as a person would write it: to create,
// update, complete or cancel a checkout session, to make a cart or to
// replace_cart.
func Example(operation string) (string, error) {
	raw, err := examples.ReadFile("examples/" + operation + ".json")
	if err != nil {
		return "", fmt.Errorf("openapi: read example: %w", err)
	}
	return strings.TrimSpace(string(raw)), nil
}

// exampleOf names the example of each schema of a request.
var exampleOf = map[string]string{
	"CreateRequest": "create", "UpdateRequest": "update", "CompleteRequest": "complete", "CancelRequest": "cancel",
	"CartRequest": "cart", "CartReplacement": "replace_cart",
}

// fillExamples shows in the schemas of requests what the page shows.
func (d *document) fillExamples() error {
	for name, operation := range exampleOf {
		schema, err := member(d.schemas, name)
		if err != nil {
			return err
		}
		text, err := Example(operation)
		if err != nil {
			return err
		}
		var body any
		if err := json.Unmarshal([]byte(text), &body); err != nil {
			return fmt.Errorf("openapi: parse example: %w", err)
		}
		schema["examples"] = []any{body}
	}
	return nil
}
