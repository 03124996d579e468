package store

import "github.com/acp-bridge/acp-bridge/acp"

// The structs of documents spell out their names, so that renaming a field of
// the domain cannot change what is stored. Where a struct has no struct inside,
// it is converted as a whole: a field that the domain gains or loses does not
// compile until it is given a name here.

type addressDocument struct {
	Name       string `json:"name,omitzero"`
	Company    string `json:"company,omitzero"`
	LineOne    string `json:"line_one,omitzero"`
	LineTwo    string `json:"line_two,omitzero"`
	City       string `json:"city,omitzero"`
	State      string `json:"state,omitzero"`
	Country    string `json:"country,omitzero"`
	PostalCode string `json:"postal_code,omitzero"`
}

type buyerDocument struct {
	FirstName  string `json:"first_name,omitzero"`
	LastName   string `json:"last_name,omitzero"`
	FullName   string `json:"full_name,omitzero"`
	Email      string `json:"email,omitzero"`
	Phone      string `json:"phone,omitzero"`
	Company    string `json:"company,omitzero"`
	TaxID      string `json:"tax_id,omitzero"`
	Department string `json:"department,omitzero"`
	CostCenter string `json:"cost_center,omitzero"`
}

type fulfillmentDocument struct {
	Name    string           `json:"name,omitzero"`
	Phone   string           `json:"phone,omitzero"`
	Email   string           `json:"email,omitzero"`
	Address *addressDocument `json:"address,omitzero"`
}

func newFulfillmentDocument(f *acp.FulfillmentDetails) *fulfillmentDocument {
	if f == nil {
		return nil
	}
	return &fulfillmentDocument{Name: f.Name, Phone: f.Phone, Email: f.Email, Address: (*addressDocument)(f.Address)}
}

func (d *fulfillmentDocument) details() *acp.FulfillmentDetails {
	if d == nil {
		return nil
	}
	return &acp.FulfillmentDetails{Name: d.Name, Phone: d.Phone, Email: d.Email, Address: (*acp.Address)(d.Address)}
}
