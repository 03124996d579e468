package wire

import "github.com/acp-bridge/acp-bridge/acp"

type capabilitiesBody struct {
	Payment struct {
		Handlers []handlerBody `json:"handlers"`
	} `json:"payment"`
	Interventions struct {
		Supported []string `json:"supported"`
		Required  []string `json:"required,omitempty"`
	} `json:"interventions"`
	Extensions []extensionBody `json:"extensions,omitempty"`
}

type extensionBody struct {
	Name    string   `json:"name"`
	Extends []string `json:"extends"`
}

type handlerBody struct {
	ID                string            `json:"id"`
	Name              string            `json:"name"`
	DisplayName       string            `json:"display_name,omitempty"`
	Version           string            `json:"version"`
	Spec              string            `json:"spec"`
	DelegatePayment   bool              `json:"requires_delegate_payment"`
	PCICompliance     bool              `json:"requires_pci_compliance"`
	PSP               string            `json:"psp"`
	ConfigSchema      string            `json:"config_schema"`
	InstrumentSchemas []string          `json:"instrument_schemas"`
	Config            handlerConfigBody `json:"config"`
	DisplayOrder      *int              `json:"display_order,omitempty"`
}

// handlerConfigBody is the closed configuration of the tokenized card handler;
// its environment is sandbox or production, never test.
type handlerConfigBody struct {
	MerchantID   string   `json:"merchant_id"`
	PSP          string   `json:"psp"`
	Brands       []string `json:"accepted_brands"`
	FundingTypes []string `json:"accepted_funding_types"`
	Supports3DS  bool     `json:"supports_3ds"`
	Environment  string   `json:"environment"`
}

// capabilitiesOf answers what both sides can do.
func capabilitiesOf(w View) capabilitiesBody {
	var c capabilitiesBody
	common, required := w.Session.CommonInterventions(w.Handlers)
	c.Interventions.Supported, c.Interventions.Required = orEmpty(common), required
	c.Payment.Handlers = make([]handlerBody, len(w.Handlers))
	for i, h := range w.Handlers {
		c.Payment.Handlers[i] = handlerOf(h, i)
	}
	c.Extensions = []extensionBody{{Name: DiscountExtension().Name, Extends: []string{
		"$.CheckoutSessionCreateRequest.discounts", "$.CheckoutSessionUpdateRequest.discounts", "$.CheckoutSession.discounts",
	}}}
	return c
}

// handlerOf declares a tokenized card (handler of 2026-01-22): the agent asks
// the provider for a token, so that no card number comes near this app.
func handlerOf(h acp.PaymentHandler, order int) handlerBody {
	environment := "production"
	if h.Sandbox {
		environment = "sandbox"
	}
	return handlerBody{
		ID: h.ID, Name: "dev.acp.tokenized.card", DisplayName: h.DisplayName, Version: "2026-01-22",
		Spec: "https://acp.dev/handlers/tokenized.card", DelegatePayment: true, PCICompliance: false, PSP: h.PSP,
		ConfigSchema:      "https://acp.dev/schemas/handlers/tokenized.card/config.json",
		InstrumentSchemas: []string{"https://acp.dev/schemas/handlers/tokenized.card/instrument.json"},
		Config: handlerConfigBody{
			MerchantID: h.Account, PSP: h.PSP, Brands: orEmpty(h.Brands), FundingTypes: orEmpty(h.FundingTypes),
			Supports3DS: h.Acquirer != nil, Environment: environment,
		},
		DisplayOrder: &order,
	}
}
