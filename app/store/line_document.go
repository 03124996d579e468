package store

import "github.com/acp-bridge/acp-bridge/acp"

type lineDocument struct {
	ID           string               `json:"id"`
	Item         acp.ItemID           `json:"item"`
	VariantID    string               `json:"variant_id"`
	ProductID    string               `json:"product_id"`
	Title        string               `json:"title"`
	Description  string               `json:"description,omitzero"`
	SKU          string               `json:"sku,omitzero"`
	ImageURL     string               `json:"image_url,omitzero"`
	Options      []namedValueDocument `json:"options,omitzero"`
	Quantity     int64                `json:"quantity"`
	UnitAmount   int64                `json:"unit_amount"`
	Base         int64                `json:"base"`
	Discount     int64                `json:"discount"`
	Tax          int64                `json:"tax"`
	Shippable    bool                 `json:"shippable"`
	Availability acp.Availability     `json:"availability"`
	Stock        *int64               `json:"stock,omitzero"`
}

type namedValueDocument struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func newLineDocument(l acp.Line) lineDocument {
	return lineDocument{
		ID: l.ID, Item: l.Item, VariantID: l.VariantID, ProductID: l.ProductID, Title: l.Title, Description: l.Description,
		SKU: l.SKU, ImageURL: l.ImageURL, Options: newNamedValues(l.Options), Quantity: l.Quantity, UnitAmount: l.UnitAmount,
		Base: l.Base, Discount: l.Discount, Tax: l.Tax, Shippable: l.Shippable, Availability: l.Availability, Stock: l.Stock,
	}
}

func (d lineDocument) line() acp.Line {
	return acp.Line{
		ID: d.ID, Item: d.Item, VariantID: d.VariantID, ProductID: d.ProductID, Title: d.Title, Description: d.Description,
		SKU: d.SKU, ImageURL: d.ImageURL, Options: namedValues(d.Options), Quantity: d.Quantity, UnitAmount: d.UnitAmount,
		Base: d.Base, Discount: d.Discount, Tax: d.Tax, Shippable: d.Shippable, Availability: d.Availability, Stock: d.Stock,
	}
}

func newNamedValues(list []acp.NamedValue) []namedValueDocument {
	return each(list, func(v acp.NamedValue) namedValueDocument { return namedValueDocument(v) })
}

func namedValues(list []namedValueDocument) []acp.NamedValue {
	return each(list, func(v namedValueDocument) acp.NamedValue { return acp.NamedValue(v) })
}

type totalsDocument struct {
	ItemsBase     int64             `json:"items_base"`
	ItemsDiscount int64             `json:"items_discount"`
	Discount      int64             `json:"discount"`
	Fulfillment   int64             `json:"fulfillment"`
	Tax           int64             `json:"tax"`
	Fee           int64             `json:"fee"`
	Total         int64             `json:"total"`
	TaxParts      []taxPartDocument `json:"tax_parts,omitzero"`
}

type taxPartDocument struct {
	Title  string `json:"title"`
	Rate   string `json:"rate"`
	Amount int64  `json:"amount"`
}

func newTotalsDocument(t acp.Totals) totalsDocument {
	return totalsDocument{
		ItemsBase: t.ItemsBase, ItemsDiscount: t.ItemsDiscount, Discount: t.Discount, Fulfillment: t.Fulfillment,
		Tax: t.Tax, Fee: t.Fee, Total: t.Total,
		TaxParts: each(t.TaxParts, func(p acp.TaxPart) taxPartDocument { return taxPartDocument(p) }),
	}
}

func (d totalsDocument) totals() acp.Totals {
	return acp.Totals{
		ItemsBase: d.ItemsBase, ItemsDiscount: d.ItemsDiscount, Discount: d.Discount, Fulfillment: d.Fulfillment,
		Tax: d.Tax, Fee: d.Fee, Total: d.Total,
		TaxParts: each(d.TaxParts, func(p taxPartDocument) acp.TaxPart { return acp.TaxPart(p) }),
	}
}
