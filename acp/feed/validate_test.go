package feed_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/feed"
)

type values map[string]any

// good is a row without a fault, as somebody else may have written it.
func good(change values) string {
	row := values{
		"item_id": "MUG-1", "title": "Mug", "description": "Holds coffee.", "url": "https://shop.example/mug", "brand": "Northline",
		"seller_name": "Northline Home", "image_url": "https://shop.example/mug.jpg", "availability": "in_stock", "price": "18.00 USD",
	}
	maps.Copy(row, change)
	raw, err := json.Marshal(row)
	if err != nil {
		panic(err) // a test's own row
	}
	return string(raw)
}

func variant(id string, dict values) string {
	return good(values{"item_id": id, "group_id": "p_1", "listing_has_variations": true, "variant_dict": dict})
}

func TestAFaultyRowIsRejected(t *testing.T) {
	for name, c := range map[string]struct{ row, want string }{
		"no title":                {good(values{"title": " "}), "title is missing"},
		"null is no value":        {good(values{"brand": nil}), "brand is missing"},
		"another availability":    {good(values{"availability": "preorder"}), "availability is none of"},
		"a relative address":      {good(values{"url": "/mug"}), "url is not an absolute"},
		"a picture behind a door": {good(values{"image_url": "https://u:p@shop.example/a.png"}), "image_url is not an absolute"},
		"a free item":             {good(values{"price": "0.00 USD"}), "price is not a positive"},
		"too many decimals":       {good(values{"price": "18.000 USD"}), "price is not a positive"},
		"decimals of yen":         {good(values{"price": "1800.0 JPY"}), "price is not a positive"},
		"a thousands separator":   {good(values{"price": "1,800.00 USD"}), "price is not a positive"},
		"a small code":            {good(values{"price": "18.00 usd"}), "price is not a positive"},
		"no code":                 {good(values{"price": "18.00"}), "price is not a positive"},
		"a negative price":        {good(values{"price": "-18.00 USD"}), "price is not a positive"},
		"not JSON":                {`{"item_id":`, "row is not a JSON object"},
		"a list":                  {`[]`, "row is not a JSON object"},
		"two objects":             {good(nil) + good(nil), "row is more than one"},
	} {
		found, err := feed.Validate(strings.NewReader(good(values{"item_id": "other"})+"\n\n"+c.row+"\n"), feed.JSONL)
		if err != nil || found.OK() || found.Rejected != 1 || found.Rows != 2 || !counted(found, c.want) {
			t.Errorf("%s: %+v %v", name, found, err)
		}
	}
}

func TestADoubtfulRowIsWarnedAbout(t *testing.T) {
	for name, c := range map[string]struct{ rows, want string }{
		"a long title":           {good(values{"title": strings.Repeat("ñ", 151)}), "title is too long"},
		"a loud title":           {good(values{"title": "BUY THIS MUG"}), "title is all in capitals"},
		"the same item twice":    {good(nil) + "\n" + good(nil), "item_id stands in the file twice"},
		"a group like an item":   {good(values{"item_id": "p_1"}) + "\n" + variant("2", values{"size": "M"}), "group_id is also the item_id"},
		"the same combination":   {variant("1", values{"size": "M"}) + "\n" + variant("2", values{"size": "M"}), "variant_dict is the same"},
		"other option names":     {variant("1", values{"size": "M"}) + "\n" + variant("2", values{"color": "M"}), "variant_dict has other options"},
		"options without group":  {good(values{"variant_dict": values{"size": "M"}}), "variant_dict is ignored"},
		"an empty option":        {variant("1", values{"size": " "}), "variant_dict has an empty"},
		"a wrong check digit":    {good(values{"gtin": "4006381333932"}), "gtin is not"},
		"a sale that is none":    {good(values{"sale_price": "18.00 USD"}), "sale_price is not lower"},
		"a sale in euros":        {good(values{"sale_price": "1.00 EUR"}), "sale_price is in another"},
		"a malformed sale":       {good(values{"sale_price": "9.5"}), "sale_price is not a positive"},
		"another currency":       {good(nil) + "\n" + good(values{"item_id": "2", "price": "18.00 EUR"}), "price is in another"},
		"a market not set up":    {good(values{"target_countries": []string{"DE"}}), "target_countries needs a market"},
		"a rating of nobody":     {good(values{"star_rating": "4.50", "review_count": 0}), "star_rating comes without"},
		"a WebP":                 {good(values{"image_url": "https://shop.example/a.webp?x=.png"}), "image_url is neither"},
		"a broken picture":       {good(values{"additional_image_urls": []string{"a.png"}}), "additional_image_urls holds"},
		"checkout, no search":    {good(values{"is_eligible_search": false, "is_eligible_checkout": true}), "is_eligible_checkout is true"},
		"a boolean in quotes":    {good(values{"is_eligible_search": "true"}), "is_eligible_search has a value"},
		"a number for a string":  {good(values{"mpn": 12}), "mpn has a value"},
		"options of other types": {good(values{"variant_dict": values{"size": 1}}), "variant_dict has a value"},
	} {
		found, err := feed.Validate(strings.NewReader(c.rows), feed.JSONL)
		if err != nil || !found.OK() || !counted(found, c.want) {
			t.Errorf("%s: %+v %v", name, found, err)
		}
	}
}

func counted(found feed.Problems, want string) bool {
	return slices.ContainsFunc(slices.Collect(maps.Keys(found.Counts)), func(s string) bool { return strings.HasPrefix(s, want) })
}

func TestAGoodFileHasNoProblems(t *testing.T) {
	rows := good(nil) + "\n" + variant("1", values{"size": "M"}) + "\n" + variant("2", values{"size": "L"})
	found, err := feed.Validate(strings.NewReader(rows), feed.JSONL)
	if err != nil || !found.OK() || found.Rows != 3 || len(found.List) != 0 {
		t.Fatalf("%+v %v", found, err)
	}
}

func TestACSVFileIsReadLikeAgentsReadIt(t *testing.T) {
	header := "item_id,title,description,url,brand,seller_name,image_url,availability,price,is_eligible_search,variant_dict\n"
	row := "1,Mug,Nice,https://a.example/1,B,S,https://a.example/1.png,in_stock,18.00 USD,"
	for name, c := range map[string]struct {
		line, want string
		rejected   int64
	}{
		"as it should be":   {row + "true,", "", 0},
		"a loud boolean":    {row + "TRUE,", "is_eligible_search has a value", 0},
		"options not JSON":  {row + "true,size:M", "variant_dict has a value", 0},
		"a cell is missing": {row + "true", "row has 10 cells", 1},
	} {
		found, err := feed.Validate(strings.NewReader(header+c.line+"\n"), feed.CSV)
		if err != nil || found.Rejected != c.rejected || found.Rows != 1 || c.want != "" && !counted(found, c.want) ||
			c.want == "" && len(found.List) != 0 {
			t.Errorf("%s: %+v %v", name, found, err)
		}
	}
}

func TestAFileThatCannotBeReadIsAnError(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		format feed.Format
	}{
		"an empty CSV":      {"", feed.CSV},
		"a quote left open": {"item_id\n\"1", feed.CSV},
		"an endless line":   {strings.Repeat("x", 5<<20), feed.JSONL},
		"another format":    {"", "xml"},
	} {
		if _, err := feed.Validate(strings.NewReader(c.text), c.format); acp.KindOf(err) != acp.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	broken := errors.New("connection lost")
	if _, err := feed.Validate(iotest.ErrReader(broken), feed.JSONL); !errors.Is(err, broken) {
		t.Errorf("got %v, want the reader's error", err)
	}
}

func TestProblemsAreListedForStaffWithoutFloodingThem(t *testing.T) {
	found, err := feed.Validate(strings.NewReader(strings.Repeat(good(values{"price": "free"})+"\n", 500)), feed.JSONL)
	if err != nil || found.Rejected != 500 || len(found.List) != 200 {
		t.Fatalf("%d rejected, %d listed, %v", found.Rejected, len(found.List), err)
	}
	if got := found.List[0].String(); !strings.HasPrefix(got, "row 1 (MUG-1): rejected: price is not") {
		t.Error(got)
	}
}
