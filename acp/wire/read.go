package wire

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// What follows reads trees that have been checked against a shape: every
// member has its type, and absent ones read as zero.

func (n *node) str() string {
	if n == nil {
		return ""
	}
	return n.text
}

// optionalStr tells an absent text from an empty one.
func (n *node) optionalStr() *string {
	if n == nil {
		return nil
	}
	return &n.text
}

// object is an object as it stands in the body, copied because the request's
// buffer may be reused.
func (n *node) object() []byte {
	if n == nil {
		return nil
	}
	return bytes.Clone(n.raw)
}

// moment is the zero time for an absent one.
func (n *node) moment() time.Time {
	if n == nil {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, n.text)
	if err != nil {
		return time.Time{} // the shape has made sure that it is one
	}
	return t.UTC()
}

func (n *node) elements() []*node {
	if n == nil {
		return nil
	}
	return n.items
}

func (n *node) strings() []string {
	var all []string
	for _, item := range n.elements() {
		all = append(all, item.text)
	}
	return all
}

// readItems keeps repeated ids apart, so that an error can name the entry; the
// domain adds them up.
func readItems(n *node) []acp.ItemRequest {
	if n == nil {
		return nil
	}
	items := make([]acp.ItemRequest, len(n.items))
	for i, item := range n.items {
		items[i] = acp.ItemRequest{ID: acp.ItemID(item.get("id").str()), Quantity: 1}
		if q := item.get("quantity"); q != nil {
			items[i].Quantity, _ = wholeNumber(q.text) // the shape has made sure of it
		}
	}
	return items
}

func readBuyer(n *node) *acp.Buyer {
	if n == nil {
		return nil
	}
	company := n.get("company")
	return &acp.Buyer{
		FirstName: n.get("first_name").str(), LastName: n.get("last_name").str(), FullName: n.get("full_name").str(),
		Email: n.get("email").str(), Phone: n.get("phone_number").str(),
		Company: company.get("name").str(), TaxID: company.get("tax_id").str(),
		Department: company.get("department").str(), CostCenter: company.get("cost_center").str(),
	}
}

func readFulfillment(n *node) *acp.FulfillmentDetails {
	if n == nil {
		return nil
	}
	return &acp.FulfillmentDetails{
		Name: n.get("name").str(), Phone: n.get("phone_number").str(), Email: n.get("email").str(),
		Address: readAddress(n.get("address")),
	}
}

func readAddress(n *node) *acp.Address {
	if n == nil {
		return nil
	}
	return &acp.Address{
		Name: n.get("name").str(), Company: n.get("company").str(),
		LineOne: n.get("line_one").str(), LineTwo: n.get("line_two").str(),
		City: n.get("city").str(), State: n.get("state").str(),
		Country: strings.ToUpper(n.get("country").str()), PostalCode: n.get("postal_code").str(),
	}
}

func readSelections(n *node) []acp.Selection {
	var selected []acp.Selection
	for _, item := range n.elements() {
		selected = append(selected, acp.Selection{
			Kind: acp.FulfillmentKind(item.get("type").str()), OptionID: item.get("option_id").str(),
			Lines: item.get("item_ids").strings(),
		})
	}
	return selected
}

// readCodes puts discounts.codes and the older coupons together; present says
// whether either was sent, because an empty list takes codes away. A code that
// differs in case only is the same code (discount extension).
func readCodes(body *node) (list []string, present bool) {
	list = []string{}
	for _, n := range []*node{body.get("discounts").get("codes"), body.get("coupons")} {
		present = present || n != nil
		for _, code := range n.strings() {
			same := func(known string) bool { return strings.EqualFold(known, code) }
			if !slices.ContainsFunc(list, same) {
				list = append(list, code)
			}
		}
	}
	return list, present
}
