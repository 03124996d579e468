package catalog

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

// picture is an image with the place that its file gives it; 0 keeps the order of the file.
type picture struct {
	image    shopify.Image
	position int
}

const badPicture = "the picture was dropped: its address is not an http or https link"

func (p *csvProduct) addPicture(row csvRow) []Warning {
	text := row.text("image")
	if text == "" {
		return nil
	}
	address, ok := pictureAddress(text)
	if !ok {
		return []Warning{row.warn("image", badPicture)}
	}
	if p.hasPicture(address) {
		return nil
	}
	var warnings []Warning
	position, err := strconv.Atoi(row.text("position"))
	if err != nil && row.text("position") != "" {
		warnings = append(warnings, row.warn("position", "not a number; the order of the file is used"))
	}
	p.pictures = append(p.pictures, picture{shopify.Image{URL: address, Alt: row.text("alt")}, position})
	return warnings
}

// variantPicture is the address of the picture that shows this variant. It need not be among the
// product's own rows yet: Shopify adds it to the product, and so does placePictures.
func (p *csvProduct) variantPicture(row csvRow) (string, []Warning) {
	text := row.text("variant image")
	if text == "" {
		return "", nil
	}
	address, ok := pictureAddress(text)
	if !ok {
		return "", []Warning{row.warn("variant image", badPicture)}
	}
	return address, nil
}

func (p *csvProduct) hasPicture(address string) bool {
	return slices.ContainsFunc(p.pictures, func(known picture) bool { return known.image.URL == address })
}

func (p *csvProduct) placePictures() {
	for _, address := range p.shown {
		if address != "" && !p.hasPicture(address) {
			p.pictures = append(p.pictures, picture{image: shopify.Image{URL: address}})
		}
	}
	sortPictures(p.pictures)
	at := map[string]int{}
	for i, known := range p.pictures {
		p.product.Images = append(p.product.Images, known.image)
		at[known.image.URL] = i + 1
	}
	for i, address := range p.shown {
		p.product.Variants[i].Image = at[address]
	}
}

// sortPictures puts numbered pictures first, in their order, and the others behind as they came.
func sortPictures(pictures []picture) {
	slices.SortStableFunc(pictures, func(a, b picture) int {
		switch {
		case a.position > 0 && b.position > 0:
			return a.position - b.position
		case a.position > 0:
			return -1
		case b.position > 0:
			return 1
		}
		return 0
	})
}

// pictureAddress accepts absolute web links, and the links without a scheme that storefronts write.
func pictureAddress(text string) (string, bool) {
	if strings.HasPrefix(text, "//") {
		text = "https:" + text
	}
	link, err := url.Parse(text)
	if err != nil || link.Host == "" || (link.Scheme != "http" && link.Scheme != "https") {
		return "", false
	}
	return text, true
}
