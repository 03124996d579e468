package walkthrough

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

func (p *player) buyByHandoff(ctx context.Context) error {
	p.chapter("The agent hands a buyer over to Shopify's checkout")
	a := p.agent(p.ready.HandoffBearerToken)
	s, err := p.openHandoff(ctx, a)
	if err != nil {
		return err
	}
	invoice, err := p.follow(ctx, s)
	if err != nil {
		return err
	}
	if err := p.payInvoice(ctx, invoice); err != nil {
		return err
	}
	if s, err = p.completes(ctx, a, s); err != nil {
		return err
	}
	if err := p.ordered(ctx, s, "PAID"); err != nil {
		return err
	}
	if err := p.told(ctx, s); err != nil {
		return err
	}
	return p.listed(ctx, s)
}

func (p *player) openHandoff(ctx context.Context, a *agent) (session, error) {
	order := p.order()
	order["buyer"], order["fulfillment_details"] = buyer(), address()
	got, _, err := a.post(ctx, "/checkout_sessions", order)
	if err != nil {
		return session{}, err
	}
	s, err := read(got, 201, "a session to hand over is created")
	if err != nil {
		return s, err
	}
	if err := s.addsUp(); err != nil {
		return s, err
	}
	if err := check(s.Status == "requires_escalation" && s.ContinueURL != "" && len(s.Capabilities.Payment.Handlers) == 0,
		"the session asks for the buyer and takes no payment itself", "%s", got.Body); err != nil {
		return s, err
	}
	p.step("create: session %s, total %s, %s", s.ID, shown(s.amount("total"), s.Currency), s.Status)
	return s, nil
}

// follow clicks the link twice: whoever clicks again lands on the same invoice.
func (p *player) follow(ctx context.Context, s session) (string, error) {
	var places [2]string
	for i := range places {
		got, err := fetch(ctx, p.http, http.MethodGet, s.ContinueURL, nil, http.Header{})
		if err != nil {
			return "", err
		}
		places[i] = got.Header.Get("Location")
		if err := check(got.Status == http.StatusFound && places[i] != "", "the link leads to the invoice", "%d %s", got.Status, got.Body); err != nil {
			return "", err
		}
	}
	if err := check(places[0] == places[1], "both clicks lead to one invoice", "%v", places); err != nil {
		return "", err
	}
	p.step("the buyer clicks the link (twice): one invoice at Shopify")
	return places[0], nil
}

var (
	form   = regexp.MustCompile(`(?s)<form[^>]*\saction="([^"]+)"(.*?)</form>`)
	input  = regexp.MustCompile(`<input[^>]*>`)
	inName = regexp.MustCompile(`\sname="([^"]*)"`)
	inVal  = regexp.MustCompile(`\svalue="([^"]*)"`)
)

// payInvoice submits the invoice page's form as it stands, like a buyer whose
// details the agent has filled in.
func (p *player) payInvoice(ctx context.Context, invoice string) error {
	page, err := fetch(ctx, p.http, http.MethodGet, invoice, nil, http.Header{})
	if err != nil {
		return err
	}
	found := form.FindSubmatch(page.Body)
	if err := check(page.Status == 200 && found != nil, "the invoice page can be paid", "%d %.300s", page.Status, page.Body); err != nil {
		return err
	}
	fields := url.Values{}
	for _, tag := range input.FindAll(found[2], -1) {
		name, value := inName.FindSubmatch(tag), inVal.FindSubmatch(tag)
		if name != nil && value != nil {
			fields.Set(html.UnescapeString(string(name[1])), html.UnescapeString(string(value[1])))
		}
	}
	base, err := url.Parse(invoice)
	if err != nil {
		return err
	}
	action, err := base.Parse(html.UnescapeString(string(found[1])))
	if err != nil {
		return err
	}
	got, err := fetch(ctx, p.http, http.MethodPost, action.String(), []byte(fields.Encode()),
		http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
	if err != nil {
		return err
	}
	if err := check(got.Status < 400, "the invoice is paid", "%d %.300s", got.Status, got.Body); err != nil {
		return err
	}
	p.step("the buyer pays in Shopify's checkout")
	return nil
}

func (p *player) completes(ctx context.Context, a *agent, s session) (session, error) {
	err := eventually(ctx, "the session is completed by the shop's webhook", func() error {
		got, err := a.get(ctx, "/checkout_sessions/"+s.ID)
		if err != nil {
			return err
		}
		if s, err = read(got, 200, "the session can be read"); err != nil {
			return err
		}
		if s.Status != "completed" {
			return fmt.Errorf("%w: it is %s", errNotYet, s.Status)
		}
		return check(s.Order != nil && strings.HasPrefix(s.Order.URL, "http"), "a completed session has its order", "%s", got.Body)
	})
	if err == nil {
		p.step("GET: the session is %s, order %s", s.Status, s.Order.OrderNumber)
	}
	return s, err
}
