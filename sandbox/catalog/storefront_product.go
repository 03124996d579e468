package catalog

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

// storefrontProduct is a product of /products.json. Members that only some files have (those
// saved from the Admin REST API look the same otherwise) are pointers or may be empty.
type storefrontProduct struct {
	Title       string              `json:"title"`
	Handle      string              `json:"handle"`
	BodyHTML    string              `json:"body_html"`
	Vendor      string              `json:"vendor"`
	ProductType string              `json:"product_type"`
	Tags        tagList             `json:"tags"`
	Status      string              `json:"status"`
	GiftCard    bool                `json:"gift_card"`
	PublishedAt *time.Time          `json:"published_at"`
	CreatedAt   *time.Time          `json:"created_at"`
	UpdatedAt   *time.Time          `json:"updated_at"`
	Options     []storefrontOption  `json:"options"`
	Variants    []storefrontVariant `json:"variants"`
	Images      []storefrontImage   `json:"images"`
}

type storefrontOption struct {
	Name     string `json:"name"`
	Position int    `json:"position"`
}

type storefrontImage struct {
	ID         json.Number   `json:"id"`
	Src        string        `json:"src"`
	Alt        string        `json:"alt"`
	Position   int           `json:"position"`
	Width      int           `json:"width"`
	Height     int           `json:"height"`
	VariantIDs []json.Number `json:"variant_ids"`
}

// tagList is a list, or in older files one string with commas.
type tagList []string

// UnmarshalJSON accepts both forms.
func (t *tagList) UnmarshalJSON(raw []byte) error {
	var joined string
	if json.Unmarshal(raw, &joined) == nil {
		*t = splitTags(joined)
		return nil
	}
	return json.Unmarshal(raw, (*[]string)(t))
}

var (
	errNoVariants  = errors.New("has no variants")
	errManyOptions = errors.New("has more than Shopify's three options")
)

func (s storefrontProduct) product(cur Currency) (shopify.Product, []Warning, error) {
	status, err := statusOf(s.Status)
	if err != nil {
		return shopify.Product{}, nil, err
	}
	if len(s.Variants) == 0 {
		return shopify.Product{}, nil, errNoVariants
	}
	if len(s.Options) > 3 {
		return shopify.Product{}, nil, errManyOptions
	}
	product := shopify.Product{
		Handle: s.Handle, Title: s.Title, DescriptionHTML: s.BodyHTML, Vendor: s.Vendor,
		ProductType: s.ProductType, Tags: s.Tags, Status: status, GiftCard: s.GiftCard,
		CreatedAt: timeOr(s.CreatedAt, opened), UpdatedAt: timeOr(s.UpdatedAt, opened),
	}
	if s.PublishedAt != nil {
		product.PublishedAt = publishedAt(true, status, *s.PublishedAt)
	}
	names := s.optionNames()
	if product.Variants, err = s.variants(names, cur); err != nil {
		return shopify.Product{}, nil, err
	}
	product.Options = optionsOf(names, product.Variants)
	warnings := s.placeImages(&product)
	return product, warnings, nil
}

func timeOr(t *time.Time, otherwise time.Time) time.Time {
	if t == nil {
		return otherwise
	}
	return *t
}

func (s storefrontProduct) optionNames() []string {
	options := slices.Clone(s.Options)
	slices.SortStableFunc(options, func(a, b storefrontOption) int { return a.Position - b.Position })
	var names []string
	for _, option := range options {
		names = append(names, option.Name)
	}
	first := s.Variants[0].Option1
	if len(names) == 1 && len(s.Variants) == 1 && first != nil && *first == defaultTitle {
		return nil
	}
	return names
}

func (s storefrontProduct) variants(names []string, cur Currency) ([]shopify.Variant, error) {
	variants := make([]shopify.Variant, 0, len(s.Variants))
	seen := map[string]bool{}
	for i, v := range s.Variants {
		values, err := v.values(names)
		if err != nil {
			return nil, fmt.Errorf("variants[%d]: %w", i, err)
		}
		if key := strings.Join(values, "\x00"); seen[key] {
			return nil, fmt.Errorf("variants[%d]: %q is there twice", i, strings.Join(values, " / "))
		} else {
			seen[key] = true
		}
		variant, err := v.variant(cur)
		if err != nil {
			return nil, fmt.Errorf("variants[%d].%w", i, err)
		}
		variant.OptionValues = values
		variants = append(variants, variant)
	}
	return variants, nil
}

// placeImages orders the pictures and finds the one of each variant, which a file names from
// either side.
func (s storefrontProduct) placeImages(product *shopify.Product) []Warning {
	var warnings []Warning
	var pictures []picture
	for _, image := range s.Images {
		address, ok := pictureAddress(image.Src)
		if !ok {
			warnings = append(warnings, Warning{Column: "images.src", Reason: badPicture})
			continue
		}
		pictures = append(pictures, picture{
			shopify.Image{URL: address, Alt: image.Alt, Width: image.Width, Height: image.Height}, image.Position,
		})
	}
	sortPictures(pictures)
	at := map[string]int{}
	for i, known := range pictures {
		product.Images = append(product.Images, known.image)
		at[known.image.URL] = i + 1
	}
	for i, v := range s.Variants {
		address, _ := pictureAddress(s.pictureOf(v))
		product.Variants[i].Image = at[address]
	}
	return warnings
}

func (s storefrontProduct) pictureOf(v storefrontVariant) string {
	if v.FeaturedImage != nil {
		return v.FeaturedImage.Src
	}
	for _, image := range s.Images {
		if v.ID != "" && slices.Contains(image.VariantIDs, v.ID) {
			return image.Src
		}
	}
	return ""
}
