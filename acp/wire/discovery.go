package wire

import (
	"github.com/acp-bridge/acp-bridge/acp"
)

// Discovery is what the well-known document says of this app. It must hold
// nothing that identifies a merchant, and only what answers.
type Discovery struct {
	APIBaseURL       string   // resource paths are appended to it
	DocumentationURL string   // may be empty
	Transports       []string // rest, mcp
	Services         []string // checkout, orders, carts
	Extensions       []Extension
	Interventions    []string
	Currencies       []acp.Currency
	Locales          []string // BCP 47
}

// Extension is a protocol extension that this app speaks, with the addresses
// of its specification and schema, which may be empty.
type Extension struct {
	Name   string `json:"name"`
	Spec   string `json:"spec,omitempty"`
	Schema string `json:"schema,omitempty"`
}

// DiscountExtension is declared by every session and in discovery: codes are
// taken whether or not any has been sent. The name comes without the optional
// version ("discount@2026-01-27"), as in all official answers, because agents
// compare it as it stands.
func DiscountExtension() Extension {
	return Extension{
		Name: "discount",
		Spec: "https://agenticcommerce.dev/specs/discount", Schema: "https://agenticcommerce.dev/schemas/discount.json",
	}
}

// EncodeDiscovery writes the document of /.well-known/acp.json
// (DiscoveryResponse). It fails with KindInternal when the base URL is not an
// absolute one.
func EncodeDiscovery(d Discovery) ([]byte, error) {
	base := webAddress(d.APIBaseURL)
	if base == "" {
		return nil, &acp.Error{Kind: acp.KindInternal, Message: "the API's base URL is not absolute"}
	}
	var body discoveryBody
	body.Protocol.Name, body.Protocol.Version = "acp", Newest()
	body.Protocol.SupportedVersions = Supported()
	body.Protocol.DocumentationURL = webAddress(d.DocumentationURL)
	body.APIBaseURL, body.Transports = base, orEmpty(d.Transports)
	body.Capabilities = discoveryCapabilities{
		Services: orEmpty(d.Services), Extensions: d.Extensions, Interventions: d.Interventions,
		Currencies: d.Currencies, Locales: d.Locales,
	}
	return encode(body)
}

type discoveryBody struct {
	Protocol struct {
		Name              string    `json:"name"`
		Version           Version   `json:"version"`
		SupportedVersions []Version `json:"supported_versions"`
		DocumentationURL  string    `json:"documentation_url,omitempty"`
	} `json:"protocol"`
	APIBaseURL   string                `json:"api_base_url"`
	Transports   []string              `json:"transports"`
	Capabilities discoveryCapabilities `json:"capabilities"`
}

type discoveryCapabilities struct {
	Services      []string       `json:"services"`
	Extensions    []Extension    `json:"extensions,omitempty"`
	Interventions []string       `json:"intervention_types,omitempty"`
	Currencies    []acp.Currency `json:"supported_currencies,omitempty"`
	Locales       []string       `json:"supported_locales,omitempty"`
}
