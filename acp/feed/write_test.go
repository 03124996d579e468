package feed_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/feed"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestACatalogReadsLikeItsGoldenFile(t *testing.T) {
	for _, format := range []feed.Format{feed.JSONL, feed.CSV} {
		got, report := write(t, options(format), catalog()...)
		path := filepath.Join("testdata", "catalog."+string(format))
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s: %s", format, diff)
		}
		if diff := cmp.Diff(feed.Report{
			Written: 6, Withdrawn: 2, Skipped: 3, Gone: 2,
			Reasons: map[string]int64{
				"description is missing": 1, "price is not positive": 1, "image_url is missing or not absolute": 1,
			},
			Warnings: map[string]int64{"gtin left out, its check digit is wrong": 1},
		}, report); diff != "" {
			t.Errorf("%s: %s", format, diff)
		}
		found, err := feed.Validate(strings.NewReader(got), format)
		if err != nil || !found.OK() || found.Rows != 6 || len(found.List) != 0 {
			t.Errorf("%s: %+v %v", format, found, err)
		}
	}
}

func TestBothFormatsSayTheSame(t *testing.T) {
	asJSON, _ := write(t, options(feed.JSONL), catalog()...)
	asCSV, _ := write(t, options(feed.CSV), catalog()...)
	lines, err := csv.NewReader(strings.NewReader(asCSV)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(asJSON))
	for _, line := range lines[1:] {
		var row map[string]any
		if err := decoder.Decode(&row); err != nil {
			t.Fatal(err)
		}
		for i, column := range lines[0] {
			text, isText := row[column].(string)
			if isText && text != line[i] || row[column] == nil && line[i] != "" {
				t.Errorf("%s: %v as JSON, %q as CSV", column, row[column], line[i])
			}
			delete(row, column)
		}
		if len(row) > 0 {
			t.Errorf("CSV lacks %v", row)
		}
	}
}

func TestPricesAreExactInEveryCurrency(t *testing.T) {
	for currency, want := range map[acp.Currency]string{"usd": "1234567.89 USD", "jpy": "123456789 JPY", "kwd": "123456.789 KWD"} {
		o, it := options(feed.JSONL), mug()
		o.Merchant.Currency, it.Price = currency, 123456789
		got, _ := write(t, o, it)
		if !strings.Contains(got, `"price":"`+want+`"`) {
			t.Errorf("%s: %s", currency, got)
		}
	}
	o := options(feed.JSONL)
	o.Merchant.Currency = "xxx"
	if _, err := feed.Write(t.Context(), io.Discard, o, each(nil)); acp.KindOf(err) != acp.KindInvalid {
		t.Errorf("an unknown currency: %v", err)
	}
}

func TestALongTitleKeepsItsVariant(t *testing.T) {
	it := shirt("1", "Extra large", "Red")
	it.Title = strings.Repeat("Ñandú ", 60)
	got, report := write(t, options(feed.JSONL), it)
	var row struct {
		Title string `json:"title"`
	}
	if err := json.Unmarshal([]byte(got), &row); err != nil {
		t.Fatal(err)
	}
	if n := utf8.RuneCountInString(row.Title); n > 150 || !strings.HasSuffix(row.Title, "… - Extra large / Red") {
		t.Errorf("%d characters: %s", n, row.Title)
	}
	if report.Warnings["title shortened"] != 1 {
		t.Errorf("warnings: %v", report.Warnings)
	}
}

func TestAProductWithOneVariantIsNoGroup(t *testing.T) {
	it := shirt("1", "M", "Red")
	it.SingleVariant = true
	got, _ := write(t, options(feed.JSONL), it)
	if strings.Contains(got, "group_id") || strings.Contains(got, "variant_dict") || !strings.Contains(got, `"color":"Red","size":"M"`) {
		t.Error(got)
	}
}

func TestOnlyASearchableItemCanBeBought(t *testing.T) {
	hidden := mug()
	hidden.Hidden = "gift cards are not sold through agents"
	got, _ := write(t, options(feed.JSONL), hidden)
	if !strings.Contains(got, `"is_eligible_search":false,"is_eligible_checkout":false`) {
		t.Error(got)
	}
	o := options(feed.JSONL)
	o.Checkout = false
	got, _ = write(t, o, mug())
	if !strings.Contains(got, `"is_eligible_search":true,"is_eligible_checkout":false`) {
		t.Error(got)
	}
}

func TestAShopWithoutPoliciesIsWarned(t *testing.T) {
	o := options(feed.JSONL)
	o.Merchant.Policies = nil
	got, report := write(t, o, mug())
	if len(report.Warnings) != 1 || strings.Contains(got, "seller_tos") {
		t.Errorf("%v %s", report.Warnings, got)
	}
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }

func TestAFeedThatCannotBeFinishedIsAnError(t *testing.T) {
	broken := errors.New("disk full")
	for _, format := range []feed.Format{feed.JSONL, feed.CSV} {
		if _, err := feed.Write(t.Context(), brokenWriter{broken}, options(format), each(catalog())); !errors.Is(err, broken) {
			t.Errorf("%s: %v, want the writer's error", format, err)
		}
		failing := func(yield func(acp.Item) error) error { return errors.Join(yield(mug()), broken) }
		if _, err := feed.Write(t.Context(), io.Discard, options(format), failing); !errors.Is(err, broken) {
			t.Errorf("%s: %v, want the source's error", format, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := feed.Write(ended, io.Discard, options(feed.JSONL), each(catalog())); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the context's error", err)
	}
	if _, err := feed.Write(t.Context(), io.Discard, options("xml"), each(nil)); acp.KindOf(err) != acp.KindInvalid {
		t.Errorf("xml: %v", err)
	}
}

func BenchmarkWrite(b *testing.B) {
	items := make([]acp.Item, 50_000)
	for i := range items {
		items[i] = shirt("201", "M", "Red")
	}
	for _, format := range []feed.Format{feed.JSONL, feed.CSV} {
		b.Run(string(format), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				report, err := feed.Write(b.Context(), io.Discard, options(format), each(items))
				if err != nil || report.Written != int64(len(items)) {
					b.Fatal(report, err)
				}
			}
			b.ReportMetric(float64(len(items)*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
