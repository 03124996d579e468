package wire

import (
	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/phrase"
)

type buyerBody struct {
	FirstName string       `json:"first_name,omitempty"`
	LastName  string       `json:"last_name,omitempty"`
	FullName  string       `json:"full_name,omitempty"`
	Email     string       `json:"email"`
	Phone     string       `json:"phone_number,omitempty"`
	Company   *companyBody `json:"company,omitempty"`
}

type companyBody struct {
	Name       string `json:"name"`
	TaxID      string `json:"tax_id,omitempty"`
	Department string `json:"department,omitempty"`
	CostCenter string `json:"cost_center,omitempty"`
}

type fulfillmentBody struct {
	Name    string       `json:"name,omitempty"`
	Phone   string       `json:"phone_number,omitempty"`
	Email   string       `json:"email,omitempty"`
	Address *addressBody `json:"address,omitempty"`
}

type addressBody struct {
	Name       string `json:"name"`
	LineOne    string `json:"line_one"`
	LineTwo    string `json:"line_two,omitempty"`
	City       string `json:"city"`
	State      string `json:"state"`
	Country    string `json:"country"`
	PostalCode string `json:"postal_code"`
	Company    string `json:"company,omitempty"`
}

type optionBody struct {
	Type        acp.FulfillmentKind `json:"type"`
	ID          string              `json:"id"`
	Title       string              `json:"title"`
	Description string              `json:"description,omitempty"`
	Location    *locationBody       `json:"location,omitempty"` // of pickup, which requires it
	Totals      []totalBody         `json:"totals"`
}

type locationBody struct {
	Name         string       `json:"name"`
	Address      *addressBody `json:"address"`
	Phone        string       `json:"phone,omitempty"`
	Instructions string       `json:"instructions,omitempty"`
}

type selectionBody struct {
	Type     acp.FulfillmentKind `json:"type"`
	OptionID string              `json:"option_id"`
	ItemIDs  []string            `json:"item_ids"`
}

// buyerOf leaves a buyer without an e-mail address out: the schema requires
// it.
func buyerOf(b *acp.Buyer) *buyerBody {
	if b == nil || b.Email == "" {
		return nil
	}
	body := &buyerBody{FirstName: b.FirstName, LastName: b.LastName, FullName: b.FullName, Email: b.Email, Phone: b.Phone}
	if b.Company != "" {
		body.Company = &companyBody{Name: b.Company, TaxID: b.TaxID, Department: b.Department, CostCenter: b.CostCenter}
	}
	return body
}

func fulfillmentOf(f *acp.FulfillmentDetails) *fulfillmentBody {
	if f == nil {
		return nil
	}
	return &fulfillmentBody{Name: f.Name, Phone: f.Phone, Email: f.Email, Address: addressOf(f.Address)}
}

func addressOf(a *acp.Address) *addressBody {
	if a == nil {
		return nil
	}
	return &addressBody{
		Name: a.Name, LineOne: a.LineOne, LineTwo: a.LineTwo, City: a.City, State: a.State,
		Country: a.Country, PostalCode: a.PostalCode, Company: a.Company,
	}
}

// optionsOf shows each option's price twice, because agents read either entry:
// official examples have fulfillment in one place and total in another.
func optionsOf(l phrase.Language, s acp.Session) []optionBody {
	options := []optionBody{}
	for _, o := range s.Options {
		if o.Kind == acp.Pickup && o.Location == nil {
			continue // the schema has no pickup without a place
		}
		title := optionTitle(l, o)
		options = append(options, optionBody{
			Type: o.Kind, ID: o.ID, Title: title, Description: o.Description, Location: locationOf(o),
			Totals: []totalBody{
				{Type: "fulfillment", DisplayText: title, Amount: o.Amount},
				{Type: "total", DisplayText: l.Say(phrase.TitleTotal), Amount: o.Amount},
			},
		})
	}
	return options
}

// optionTitle is the shop's own words, or ours where the option is our own.
func optionTitle(l phrase.Language, o acp.FulfillmentOption) string {
	switch {
	case o.ID == acp.DigitalOption:
		return l.Say(phrase.TitleDigital)
	case o.Title == "":
		return l.Say(phrase.TitleShipping)
	default:
		return o.Title
	}
}

func locationOf(o acp.FulfillmentOption) *locationBody {
	if o.Kind != acp.Pickup {
		return nil
	}
	at := o.Location
	return &locationBody{Name: at.Name, Address: addressOf(&at.Address), Phone: at.Phone, Instructions: at.Instructions}
}

// shipped reports whether a shipping rate is part of the price.
func shipped(s acp.Session) bool {
	_, chosen := s.SelectedKind()
	return chosen
}

// selectedOf names the chosen options and the line items that each is for.
func selectedOf(s acp.Session) []selectionBody {
	var list []selectionBody
	for _, sel := range s.Selections() {
		list = append(list, selectionBody{Type: sel.Kind, OptionID: sel.OptionID, ItemIDs: sel.Lines})
	}
	return list
}
