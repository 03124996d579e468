// Package templates holds the HTML of the app: the dashboard that staff see in
// the Shopify admin, and short messages for buyers and staff. All templates
// are parsed at start.
//
// The pages use Shopify's web components where their script could be loaded
// and are complete without them: what a component shows is plain HTML first.
package templates

import (
	"embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed *.html
var embedded embed.FS

// Pages are the parsed templates.
type Pages struct {
	all *template.Template
}

// AppBridge is what a page needs to load Shopify's scripts.
type AppBridge struct {
	ClientID   string
	ScriptURL  string
	PolarisURL string
}

// Message is a short page: what is the matter, and what to do about it.
type Message struct {
	AppBridge      AppBridge // zero: the page stands alone
	Title          string
	Text           string
	Language       string // BCP 47; empty: English
	Action         string // label of a link that opens this same page again; empty: none
	Ways           []Way  // out of the page, the best one first
	RefreshSeconds int    // 0: never
	Reference      string // names the request for whoever reports it, in words; may be empty
}

// Way is a link out of a page.
type Way struct {
	Label string
	URL   string
}

// Parse parses every template. staticURL gives the address of a static file.
func Parse(staticURL func(name string) (string, error)) (*Pages, error) {
	funcs := template.FuncMap{
		"static": staticURL, "money": money, "count": count, "percent": percent, "when": when, "machine": machine, "day": day,
		"orderStatus": orderStatus, "reason": reason,
		"movement": movement, "last": lastMovement, "advice": advice,
	}
	all, err := template.New("").Funcs(funcs).Option("missingkey=error").ParseFS(embedded, "*.html")
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	return &Pages{all: all}, nil
}

// Dashboard writes the whole page.
func (p *Pages) Dashboard(w io.Writer, d Dashboard) error {
	return p.all.ExecuteTemplate(w, "dashboard.html", d)
}

// DashboardPart writes the part of the dashboard that changes when staff do
// something.
func (p *Pages) DashboardPart(w io.Writer, d Dashboard) error {
	return p.all.ExecuteTemplate(w, "part", d)
}

// Message writes a short page.
func (p *Pages) Message(w io.Writer, m Message) error {
	return p.all.ExecuteTemplate(w, "message.html", m)
}
