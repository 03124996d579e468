package wire

import (
	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/phrase"
)

type lineItemBody struct {
	ID           string           `json:"id"`
	Item         itemBody         `json:"item"`
	Quantity     int64            `json:"quantity"`
	Name         string           `json:"name,omitempty"`
	Description  string           `json:"description,omitempty"`
	Images       []string         `json:"images,omitempty"`
	UnitAmount   int64            `json:"unit_amount"`
	ProductID    string           `json:"product_id,omitempty"`
	SKU          string           `json:"sku,omitempty"`
	VariantID    string           `json:"variant_id,omitempty"`
	Availability acp.Availability `json:"availability_status,omitempty"`
	Available    *int64           `json:"available_quantity,omitempty"`
	Options      []namedBody      `json:"variant_options,omitempty"`
	Totals       []totalBody      `json:"totals"`
}

type itemBody struct {
	ID         acp.ItemID `json:"id"`
	Name       string     `json:"name,omitempty"`
	UnitAmount int64      `json:"unit_amount"`
}

type namedBody struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func lineItemsOf(language phrase.Language, s acp.Session) []lineItemBody {
	items := make([]lineItemBody, len(s.Lines))
	for i, l := range s.Lines {
		items[i] = lineItemBody{
			ID: l.ID, Item: itemBody{ID: l.Item, Name: l.Title, UnitAmount: l.UnitAmount},
			Quantity: l.Quantity, Name: l.Title, Description: l.Description, Images: imagesOf(l.ImageURL),
			UnitAmount: l.UnitAmount, ProductID: l.ProductID, SKU: l.SKU, VariantID: l.VariantID,
			Availability: l.Availability, Available: availableOf(l.Stock),
			Options: namedOf(l.Options), Totals: lineTotalsOf(language, l),
		}
	}
	return items
}

func imagesOf(address string) []string {
	if address = webAddress(address); address == "" {
		return nil
	}
	return []string{address}
}

// availableOf hides an oversold stock, which Shopify counts below zero.
func availableOf(stock *int64) *int64 {
	if stock == nil {
		return nil
	}
	left := max(*stock, 0)
	return &left
}

func namedOf(options []acp.NamedValue) []namedBody {
	named := make([]namedBody, len(options))
	for i, o := range options {
		named[i] = namedBody(o)
	}
	return named
}
