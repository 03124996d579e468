package feed

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
)

// columns is the header of a CSV feed; cells fills a line in the same order.
var columns = []string{
	"item_id", "title", "description", "url", "brand", "seller_name", "image_url", "availability", "price", "sale_price",
	"is_eligible_search", "is_eligible_checkout", "group_id", "listing_has_variations", "variant_dict", "gtin", "product_category",
	"material", "color", "size", "weight", "item_weight_unit", "additional_image_urls", "seller_url", "return_policy", "is_digital",
	"target_countries", "store_country", "seller_privacy_policy", "seller_tos",
}

type csvSink struct {
	writer *csv.Writer
	line   []string
	begun  bool
}

func newCSVSink(w io.Writer) *csvSink {
	return &csvSink{writer: csv.NewWriter(w), line: make([]string, 0, len(columns))}
}

func (s *csvSink) put(r *row) error {
	if err := s.begin(); err != nil {
		return err
	}
	line, err := r.cells(s.line[:0])
	if err != nil {
		return err
	}
	return s.writer.Write(line)
}

func (s *csvSink) begin() error {
	if s.begun {
		return nil
	}
	s.begun = true
	return s.writer.Write(columns)
}

func (s *csvSink) flush() error {
	if err := s.begin(); err != nil { // a feed without rows has its header
		return err
	}
	s.writer.Flush()
	return s.writer.Error()
}

// cells writes the row as text: an object as JSON, a list with commas, and
// what is not said as nothing.
func (r *row) cells(line []string) ([]string, error) {
	dict := ""
	if len(r.VariantDict) > 0 {
		raw, err := json.Marshal(r.VariantDict)
		if err != nil {
			return nil, err
		}
		dict = string(raw)
	}
	return append(
		line,
		r.ItemID, r.Title, r.Description, r.URL, r.Brand, r.SellerName, r.ImageURL, r.Availability, r.Price, r.SalePrice,
		strconv.FormatBool(r.IsEligibleSearch), strconv.FormatBool(r.IsEligibleCheckout), r.GroupID, onlyTrue(r.ListingHasVariations),
		dict, r.GTIN, r.ProductCategory, r.Material, r.Color, r.Size, r.Weight, r.ItemWeightUnit, listed(r.AdditionalImageURLs),
		r.SellerURL, r.ReturnPolicy, onlyTrue(r.IsDigital), listed(r.TargetCountries), r.StoreCountry, r.SellerPrivacyPolicy, r.SellerTOS,
	), nil
}

func onlyTrue(b bool) string {
	if b {
		return "true"
	}
	return ""
}

// listed joins addresses; a comma inside one is encoded.
func listed(list []string) string {
	if len(list) == 0 {
		return ""
	}
	encoded := make([]string, len(list))
	for i, s := range list {
		encoded[i] = strings.ReplaceAll(s, ",", "%2C")
	}
	return strings.Join(encoded, ",")
}
