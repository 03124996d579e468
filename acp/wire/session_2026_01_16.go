package wire

import "github.com/acp-bridge/acp-bridge/acp"

// session20260116 is CheckoutSession of 2026-01-16, with the fields that this
// app fills. Amounts are minor units.
type session20260116 struct {
	ID                 string              `json:"id"`
	Buyer              *buyer20260116      `json:"buyer,omitempty"`
	PaymentProvider    *provider20260116   `json:"payment_provider,omitempty"`
	Status             string              `json:"status"`
	Currency           acp.Currency        `json:"currency"`
	LineItems          []line20260116      `json:"line_items"`
	FulfillmentDetails *fulfillmentBody    `json:"fulfillment_details,omitempty"`
	Options            []option20260116    `json:"fulfillment_options"`
	Selected           []selection20260116 `json:"selected_fulfillment_options,omitempty"`
	Totals             []totalBody         `json:"totals"`
	Messages           []message20260116   `json:"messages"`
	Links              []linkBody          `json:"links"`
	Order              *orderLink20260116  `json:"order,omitempty"`
}

type buyer20260116 struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Email     string `json:"email"`
	Phone     string `json:"phone_number,omitempty"`
}

type provider20260116 struct {
	Provider   string           `json:"provider"`
	MerchantID string           `json:"merchant_id"`
	Methods    []method20260116 `json:"supported_payment_methods"`
}

type method20260116 struct {
	Type     string   `json:"type"`
	Networks []string `json:"supported_card_networks"`
}

type line20260116 struct {
	ID   string       `json:"id"`
	Item item20260116 `json:"item"`
	amounts20260116
	Name        string          `json:"name,omitempty"`
	Description string          `json:"description,omitempty"`
	Images      []string        `json:"images,omitempty"`
	UnitAmount  int64           `json:"unit_amount"`
	Attributes  []shown20260116 `json:"custom_attributes,omitempty"`
}

type item20260116 struct {
	ID       acp.ItemID `json:"id"`
	Quantity int64      `json:"quantity"`
}

// amounts20260116 belong to a line: total = base_amount - discount + tax.
type amounts20260116 struct {
	Base     int64 `json:"base_amount"`
	Discount int64 `json:"discount"`
	Subtotal int64 `json:"subtotal"`
	Tax      int64 `json:"tax"`
	Total    int64 `json:"total"`
}

type shown20260116 struct {
	Name  string `json:"display_name"`
	Value string `json:"value"`
}

type option20260116 struct {
	Type        acp.FulfillmentKind `json:"type"`
	ID          string              `json:"id"`
	Title       string              `json:"title"`
	Description string              `json:"description,omitempty"`
	Totals      []totalBody         `json:"totals"`
}

type selection20260116 struct {
	Type     acp.FulfillmentKind `json:"type"`
	Shipping *chosen20260116     `json:"shipping,omitempty"`
	Digital  *chosen20260116     `json:"digital,omitempty"`
}

type chosen20260116 struct {
	OptionID string   `json:"option_id"`
	ItemIDs  []string `json:"item_ids"`
}

// message20260116 is MessageInfo or MessageError; there are no warnings.
type message20260116 struct {
	Type        string `json:"type"`
	Code        string `json:"code,omitempty"` // of errors only
	Param       string `json:"param,omitempty"`
	ContentType string `json:"content_type"`
	Content     string `json:"content"`
}

type orderLink20260116 struct {
	ID           string        `json:"id"`
	SessionID    acp.SessionID `json:"checkout_session_id"`
	PermalinkURL string        `json:"permalink_url"`
}
