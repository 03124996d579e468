package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

// opened is the day on which everything in the demo shop was put on sale: files do not say when,
// and a fixed day keeps two runs alike.
var opened = time.Date(2026, time.January, 12, 9, 0, 0, 0, time.UTC)

// csvProduct is a product whose rows are still arriving.
type csvProduct struct {
	product  shopify.Product
	options  []string // names, in order; empty for Shopify's "Title" / "Default Title"
	seen     map[string]int
	pictures []picture
	shown    []string // picture of each variant, by address, "" for none
}

var errUntitled = errors.New("is empty on the first row of the product")

func newCSVProduct(row csvRow) (*csvProduct, error) {
	if row.text("title") == "" {
		return nil, row.fail("title", errUntitled)
	}
	status, err := statusOf(row.text("status"))
	if err != nil {
		return nil, row.fail("status", err)
	}
	published, err := row.yes("published", true)
	if err != nil {
		return nil, err
	}
	giftCard, err := row.yes("gift card", false)
	if err != nil {
		return nil, err
	}
	options, err := optionNames(row)
	if err != nil {
		return nil, err
	}
	return &csvProduct{options: options, seen: map[string]int{}, product: shopify.Product{
		Handle:          row.handle,
		Title:           row.text("title"),
		DescriptionHTML: row.text("body"),
		Vendor:          row.text("vendor"),
		ProductType:     row.text("type"),
		Category:        row.text("category"),
		Tags:            splitTags(row.text("tags")),
		Status:          status,
		PublishedAt:     publishedAt(published, status, opened),
		CreatedAt:       opened,
		UpdatedAt:       opened,
		GiftCard:        giftCard,
		SEOTitle:        row.text("seo title"),
		SEODescription:  row.text("seo description"),
		Metafields:      metafields(row),
	}}, nil
}

func statusOf(text string) (string, error) {
	switch status := strings.ToUpper(text); status {
	case "":
		return shopify.StatusActive, nil
	case shopify.StatusActive, shopify.StatusDraft, shopify.StatusArchived, shopify.StatusUnlisted:
		return status, nil
	}
	return "", fmt.Errorf("%q is not a product status (active, draft, archived or unlisted)", text)
}

// publishedAt is nil for what the Online Store does not show: a draft stays hidden, whatever the
// column says, until it is made active.
func publishedAt(published bool, status string, when time.Time) *time.Time {
	if !published || status == shopify.StatusDraft || status == shopify.StatusArchived {
		return nil
	}
	return &when
}

func splitTags(text string) []string {
	var tags []string
	for tag := range strings.SplitSeq(text, ",") {
		if tag = strings.TrimSpace(tag); tag != "" && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tags
}

func metafields(row csvRow) []shopify.Metafield {
	var fields []shopify.Metafield
	for _, column := range row.cols.metafields {
		if value := strings.TrimSpace(row.cells[column.at]); value != "" {
			fields = append(fields, shopify.Metafield{
				Namespace: column.namespace, Key: column.key, Type: "single_line_text_field", Value: value,
			})
		}
	}
	return fields
}

func optionNames(row csvRow) ([]string, error) {
	var names []string
	for n := 1; n <= 3; n++ {
		name, value := row.text(optionField(n, "name")), row.text(optionField(n, "value"))
		switch {
		case value == "" && name == "", n == 1 && value == defaultTitle && (name == "" || name == "Title"):
			continue
		case name == "":
			return nil, row.fail(optionField(n, "name"), fmt.Errorf("is empty, but the row has the value %q for it", value))
		case len(names) < n-1:
			return nil, row.fail(optionField(n, "name"), fmt.Errorf("names an option %q after an unnamed one", name))
		}
		names = append(names, name)
	}
	return names, nil
}

// defaultTitle is how Shopify writes the only value of a product without options.
const defaultTitle = "Default Title"

func optionField(n int, part string) string { return fmt.Sprintf("option%d %s", n, part) }
