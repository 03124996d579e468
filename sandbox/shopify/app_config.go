package shopify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// AppConfig is what Shopify takes from an app's shopify.app.toml when it is deployed.
type AppConfig struct {
	Scopes        []string
	Subscriptions []Subscription
	APIVersion    string
}

// Subscription is one topic that goes to one path of the app.
type Subscription struct {
	Topic         string // products/update
	URI           string // /webhooks/catalog
	Compliance    bool   // customers/data_request, customers/redact, shop/redact
	IncludeFields []string
	Name          string
}

type appTOML struct {
	AccessScopes struct {
		Scopes            string `toml:"scopes"`
		LegacyInstallFlow bool   `toml:"use_legacy_install_flow"`
	} `toml:"access_scopes"`
	Webhooks struct {
		APIVersion    string `toml:"api_version"`
		Subscriptions []struct {
			Topics           []string `toml:"topics"`
			ComplianceTopics []string `toml:"compliance_topics"`
			URI              string   `toml:"uri"`
			IncludeFields    []string `toml:"include_fields"`
			Name             string   `toml:"name"`
		} `toml:"subscriptions"`
	} `toml:"webhooks"`
}

// ParseAppConfig reads a shopify.app.toml. Like Shopify's CLI it refuses topics together
// with the legacy install flow and two subscriptions of one topic to one path.
func ParseAppConfig(file []byte) (AppConfig, error) {
	var in appTOML
	if err := toml.Unmarshal(file, &in); err != nil {
		return AppConfig{}, fmt.Errorf("decode app configuration: %w", err)
	}
	out := AppConfig{APIVersion: in.Webhooks.APIVersion}
	for scope := range strings.SplitSeq(in.AccessScopes.Scopes, ",") {
		if scope = strings.TrimSpace(scope); scope != "" {
			out.Scopes = append(out.Scopes, scope)
		}
	}
	for _, sub := range in.Webhooks.Subscriptions {
		if len(sub.Topics) > 0 && in.AccessScopes.LegacyInstallFlow {
			return AppConfig{}, fmt.Errorf("app configuration: topics need use_legacy_install_flow = false")
		}
		for i, topic := range slices.Concat(sub.Topics, sub.ComplianceTopics) {
			add := Subscription{Topic: topic, URI: sub.URI, Compliance: i >= len(sub.Topics), IncludeFields: sub.IncludeFields, Name: sub.Name}
			if slices.ContainsFunc(out.Subscriptions, func(s Subscription) bool { return s.Topic == topic && s.URI == sub.URI }) {
				return AppConfig{}, fmt.Errorf("app configuration: %s goes to %s twice", topic, sub.URI)
			}
			out.Subscriptions = append(out.Subscriptions, add)
		}
	}
	return out, nil
}
