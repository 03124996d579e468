package acp

// Address is a postal address as the protocol has it.
type Address struct {
	Name       string
	Company    string
	LineOne    string
	LineTwo    string
	City       string
	State      string // subdivision code or name, as the agent sent it
	Country    string // ISO 3166-1 alpha-2, upper case
	PostalCode string
}

// Buyer is who buys.
type Buyer struct {
	FirstName string
	LastName  string
	FullName  string
	Email     string
	Phone     string
	// The company that a business buys for; empty for a person.
	Company    string
	TaxID      string
	Department string
	CostCenter string
}

// FulfillmentDetails is where the goods go and whom to call.
type FulfillmentDetails struct {
	Name    string
	Phone   string
	Email   string
	Address *Address
}
