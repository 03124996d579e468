package app

import (
	"fmt"

	"github.com/acp-bridge/acp-bridge/sandbox/standin"
	"github.com/acp-bridge/acp-bridge/sandbox/walkthrough"
)

// announce writes the ready file and tells a person what to open.
func (s *sandbox) announce(r walkthrough.Ready) error {
	if s.flags.Ready != "" {
		if err := standin.Save(s.flags.Ready, r); err != nil {
			return fmt.Errorf("--ready: %w", err)
		}
	}
	item := "ITEM_ID"
	for _, it := range r.Items {
		if it.Available {
			item = it.ID
			break
		}
	}
	_, err := fmt.Fprintf(s.out, `
ACP Bridge is up, with stand-ins for Shopify, two payment providers and an agent platform.

  Dashboard in the Shopify admin  %s
  Product feed                    %s
  Discovery                       %s/.well-known/acp.json
  What the agent was told         %s/_sandbox/state

Be an agent; open a checkout:

  curl -s %s/checkout_sessions \
    -H 'Authorization: Bearer %s' \
    -H 'API-Version: 2026-04-17' -H 'Content-Type: application/json' \
    -H "Idempotency-Key: $(date +%%s%%N)" \
    -d '{"currency":"%s","line_items":[{"id":"%s","quantity":1}],"capabilities":{}}'

Ctrl-C stops everything.
`, r.AdminURL, r.FeedURL, r.AppURL, r.AgentURL, r.ACPBaseURL, r.BearerToken, s.flags.Currency, item)
	return err
}
