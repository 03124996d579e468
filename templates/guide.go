package templates

import "io"

// Guide is what the page for agents' makers says of this server.
type Guide struct {
	BaseURL      string   // of the protocol's resources: …/acp
	OpenAPIURL   string   // the description for programs
	DiscoveryURL string   // the discovery document
	Versions     []string // of the protocol, newest first
	Languages    []string // that titles and messages come in, the default first
	Examples     Examples
	Limits       Limits
	KeyDays      int // how long an answer is replayed, in days
	Tolerance    int // how old a signed event may be, in seconds
}

// Examples are bodies that may be sent, as a person would write them.
type Examples struct {
	Create, Update, Complete, Cancel string
}

// Limits are the largest requests that are taken.
type Limits struct {
	BodyKB   int
	Items    int // distinct ones in a session
	Quantity int // of one item
}

// Newest is the version that the examples speak.
func (g Guide) Newest() string { return g.Versions[0] }

// Guide writes the page that shows an agent's maker how to call this server.
func (p *Pages) Guide(w io.Writer, g Guide) error {
	return p.all.ExecuteTemplate(w, "guide.html", g)
}
