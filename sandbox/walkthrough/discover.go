package walkthrough

import (
	"bufio"
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
)

func (p *player) discover(ctx context.Context) error {
	p.chapter("An agent finds the shop")
	got, err := fetch(ctx, p.http, http.MethodGet, p.ready.AppURL+"/.well-known/acp.json", nil, http.Header{})
	if err != nil {
		return err
	}
	var d struct {
		Protocol struct {
			Name     string   `json:"name"`
			Version  string   `json:"version"`
			Versions []string `json:"supported_versions"`
		} `json:"protocol"`
		Base string `json:"api_base_url"`
	}
	if err := decode(got.Body, &d); err != nil {
		return err
	}
	if err := check(got.Status == 200 && d.Protocol.Name == "acp" && slices.Contains(d.Protocol.Versions, version) && d.Base == p.ready.ACPBaseURL,
		"discovery names the protocol and where it is served", "%d %s", got.Status, got.Body); err != nil {
		return err
	}
	p.dates = d.Protocol.Versions
	p.step("discovery: %s speaks ACP %s", d.Base, strings.Join(d.Protocol.Versions, ", "))
	return nil
}

// feedRow is what the agent needs of a line of the feed.
type feedRow struct {
	ID           string `json:"item_id"`
	Title        string `json:"title"`
	Price        string `json:"price"`
	SalePrice    string `json:"sale_price"`
	Availability string `json:"availability"`
	Searchable   *bool  `json:"is_eligible_search"`
	Digital      bool   `json:"is_digital"`
}

func (p *player) readFeed(ctx context.Context) error {
	got, err := fetch(ctx, p.http, http.MethodGet, p.ready.FeedURL, nil, http.Header{})
	if err != nil {
		return err
	}
	rows := 0
	lines := bufio.NewScanner(bytes.NewReader(got.Body))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row feedRow
		if err := decode(lines.Bytes(), &row); err != nil {
			return err
		}
		rows++
		p.consider(row)
	}
	if err := lines.Err(); err != nil {
		return err
	}
	if err := check(got.Status == 200 && len(p.cart) == 2, "the feed offers two things to buy",
		"status %d, %d rows, %d of them usable", got.Status, rows, len(p.cart)); err != nil {
		return err
	}
	p.step("feed: %d items; picks %q at %s and %q at %s", rows,
		p.cart[0].Title, shown(p.cart[0].Price, p.cart[0].Currency), p.cart[1].Title, shown(p.cart[1].Price, p.cart[1].Currency))
	return nil
}

// consider puts the first two physical items in stock into the cart.
func (p *player) consider(row feedRow) {
	hidden := row.Searchable != nil && !*row.Searchable
	if len(p.cart) == 2 || hidden || row.Digital || row.Availability != "in_stock" {
		return
	}
	price := row.Price
	if row.SalePrice != "" {
		price = row.SalePrice
	}
	amount, code, _ := strings.Cut(price, " ")
	currency, err := acp.ParseCurrency(code)
	if err != nil {
		return
	}
	money, err := acp.ParseMoney(amount, currency)
	if err != nil {
		return
	}
	p.cart = append(p.cart, Item{ID: row.ID, Title: row.Title, Price: money.Amount, Currency: string(currency)})
}
