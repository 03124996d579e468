package shopify

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
)

// digits is a numeric id as it arrived: it may be beyond what a float can hold. Ids of another kind, such as a
// cart's, are none.
type digits string

// UnmarshalJSON implements json.Unmarshaler.
func (d *digits) UnmarshalJSON(raw []byte) error {
	*d = ""
	if _, err := strconv.ParseUint(string(raw), 10, 64); err == nil {
		*d = digits(raw)
	}
	return nil
}

// webhookBody holds the ids that webhooks of any topic may carry.
type webhookBody struct {
	GlobalID      string `json:"admin_graphql_api_id"`
	ID            digits `json:"id"`
	OrderID       digits `json:"order_id"`
	ProductID     digits `json:"product_id"`
	InventoryItem digits `json:"inventory_item_id"`
	Order         struct {
		ID       digits `json:"id"`
		GlobalID string `json:"admin_graphql_api_id"`
	} `json:"order"`
	Customer struct {
		Email string `json:"email"`
	} `json:"customer"`
	OrdersToRedact []digits `json:"orders_to_redact"`
}

// ParseWebhook says what a verified webhook means to the domain; a topic that means nothing is no news. It
// only finds ids: whatever else the body says is read again from the API, because webhooks come late, twice
// and out of order. KindInvalid when the body is not what the topic promises.
func ParseWebhook(topic string, body []byte) (acp.News, error) {
	var b webhookBody
	if err := json.Unmarshal(body, &b); err != nil {
		return acp.News{}, &acp.Error{Kind: acp.KindInvalid, Code: "invalid", Message: "read webhook " + topic, Err: err}
	}
	news, needsID := newsOf(topic, b)
	if needsID {
		return acp.News{}, acp.Invalid("invalid", "", "webhook "+topic+" names no id")
	}
	return news, nil
}

// newsOf reports as its second value that the topic needs an id which the body does not have.
func newsOf(topic string, b webhookBody) (acp.News, bool) {
	switch topic {
	case "app/uninstalled":
		return acp.News{Uninstalled: true}, false
	case "shop/update", "app/scopes_update":
		return acp.News{ShopChanged: true}, false
	case "bulk_operations/finish":
		return acp.News{BulkFinished: true}, false
	case "inventory_levels/update":
		item := gid("InventoryItem", b.InventoryItem)
		return acp.News{InventoryItem: item}, item == ""
	case "customers/redact":
		return acp.News{Redact: redaction(b)}, false
	case "shop/redact":
		return acp.News{Redact: &acp.Redaction{WholeShop: true}}, false
	}
	switch kind, _, _ := strings.Cut(topic, "/"); kind {
	case "products":
		product := globalID("Product", b.GlobalID, b.ID)
		return acp.News{Products: []string{product}}, product == ""
	case "variants":
		product := gid("Product", b.ProductID)
		return acp.News{Products: []string{product}}, product == ""
	case "orders":
		order := globalID("Order", b.GlobalID, b.ID)
		return acp.News{Order: order}, order == ""
	case "refunds", "fulfillments", "fulfillment_events", "returns":
		order := globalID("Order", b.Order.GlobalID, b.Order.ID)
		if b.OrderID != "" {
			order = gid("Order", b.OrderID)
		}
		return acp.News{Order: order}, order == ""
	}
	return acp.News{}, false
}

func redaction(b webhookBody) *acp.Redaction {
	r := &acp.Redaction{Email: b.Customer.Email}
	for _, id := range b.OrdersToRedact {
		r.Orders = append(r.Orders, gid("Order", id))
	}
	return r
}

// globalID prefers the id that names its type; delete payloads carry the number only.
func globalID(kind, global string, number digits) string {
	if strings.HasPrefix(global, "gid://shopify/"+kind+"/") {
		return global
	}
	return gid(kind, number)
}

func gid(kind string, number digits) string {
	if number == "" {
		return ""
	}
	return fmt.Sprintf("gid://shopify/%s/%s", kind, number)
}
