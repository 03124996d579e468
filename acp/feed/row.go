package feed

// row is one item in the file: the columns that a Shopify catalog can fill, in
// the order in which they are written.
type row struct {
	ItemID               string            `json:"item_id"`
	Title                string            `json:"title"`
	Description          string            `json:"description"`
	URL                  string            `json:"url"`
	Brand                string            `json:"brand"`
	SellerName           string            `json:"seller_name"`
	ImageURL             string            `json:"image_url"`
	Availability         string            `json:"availability"`
	Price                string            `json:"price"`
	SalePrice            string            `json:"sale_price,omitempty"`
	IsEligibleSearch     bool              `json:"is_eligible_search"`
	IsEligibleCheckout   bool              `json:"is_eligible_checkout"`
	GroupID              string            `json:"group_id,omitempty"`
	ListingHasVariations bool              `json:"listing_has_variations,omitempty"`
	VariantDict          map[string]string `json:"variant_dict,omitempty"`
	GTIN                 string            `json:"gtin,omitempty"`
	ProductCategory      string            `json:"product_category,omitempty"`
	Material             string            `json:"material,omitempty"`
	Color                string            `json:"color,omitempty"`
	Size                 string            `json:"size,omitempty"`
	Weight               string            `json:"weight,omitempty"`
	ItemWeightUnit       string            `json:"item_weight_unit,omitempty"`
	AdditionalImageURLs  []string          `json:"additional_image_urls,omitempty"`
	SellerURL            string            `json:"seller_url,omitempty"`
	ReturnPolicy         string            `json:"return_policy,omitempty"`
	IsDigital            bool              `json:"is_digital,omitempty"`
	TargetCountries      []string          `json:"target_countries,omitempty"`
	StoreCountry         string            `json:"store_country,omitempty"`
	SellerPrivacyPolicy  string            `json:"seller_privacy_policy,omitempty"`
	SellerTOS            string            `json:"seller_tos,omitempty"`
}

// lacks is the first required field without a usable value, empty when the row
// is complete.
func (r *row) lacks() string {
	switch {
	case r.ItemID == "":
		return "item_id is missing"
	case r.Title == "":
		return "title is missing"
	case r.Description == "":
		return "description is missing"
	case !absolute(r.URL):
		return "url is missing or not absolute"
	case r.Brand == "":
		return "brand is missing"
	case r.SellerName == "":
		return "seller_name is missing"
	case !absolute(r.ImageURL):
		return "image_url is missing or not absolute"
	case r.Price == "":
		return "price is not positive"
	}
	return ""
}
