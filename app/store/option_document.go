package store

import "github.com/acp-bridge/acp-bridge/acp"

type fulfillmentOptionDocument struct {
	ID          string                  `json:"id"`
	Title       string                  `json:"title"`
	Description string                  `json:"description,omitzero"`
	Kind        acp.FulfillmentKind     `json:"kind"`
	Amount      int64                   `json:"amount"`
	Location    *pickupLocationDocument `json:"location,omitzero"`
}

type pickupLocationDocument struct {
	Name         string          `json:"name"`
	Address      addressDocument `json:"address"`
	Phone        string          `json:"phone,omitzero"`
	Instructions string          `json:"instructions,omitzero"`
}

func newOptionDocument(o acp.FulfillmentOption) fulfillmentOptionDocument {
	d := fulfillmentOptionDocument{ID: o.ID, Title: o.Title, Description: o.Description, Kind: o.Kind, Amount: o.Amount}
	if l := o.Location; l != nil {
		d.Location = &pickupLocationDocument{
			Name: l.Name, Address: addressDocument(l.Address), Phone: l.Phone, Instructions: l.Instructions,
		}
	}
	return d
}

func (d fulfillmentOptionDocument) option() acp.FulfillmentOption {
	o := acp.FulfillmentOption{ID: d.ID, Title: d.Title, Description: d.Description, Kind: d.Kind, Amount: d.Amount}
	if l := d.Location; l != nil {
		o.Location = &acp.PickupLocation{Name: l.Name, Address: acp.Address(l.Address), Phone: l.Phone, Instructions: l.Instructions}
	}
	return o
}
