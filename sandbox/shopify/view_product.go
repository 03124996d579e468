package shopify

import (
	"fmt"
	"html"
	"regexp"
	"strings"
)

var markupTag = regexp.MustCompile(`<[^>]*>`)

func plain(markup string) string {
	return strings.Join(strings.Fields(html.UnescapeString(markupTag.ReplaceAllString(markup, " "))), " ")
}

// product shows a product as the Admin API does.
func (s *Server) product(p *Product) object {
	low, high, total, tracks := s.summary(p)
	view := object{
		"__typename": "Product", "id": gid("Product", p.ID), "legacyResourceId": fmt.Sprint(p.ID), "handle": p.Handle,
		"title": p.Title, "description": plain(p.DescriptionHTML), "descriptionHtml": p.DescriptionHTML, "vendor": p.Vendor,
		"productType": p.ProductType, "tags": append([]string{}, p.Tags...), "status": p.Status, "publishedAt": p.PublishedAt,
		"createdAt": p.CreatedAt, "updatedAt": p.UpdatedAt, "onlineStoreUrl": s.storeURL(p), "isGiftCard": p.GiftCard,
		"requiresSellingPlan": p.RequiresSellingPlan, "hasOnlyDefaultVariant": len(p.Options) == 0,
		"hasVariantsThatRequiresComponents": requiresComponents(p), "hasOutOfStockVariants": s.anyOut(p),
		"totalInventory": total, "tracksInventory": tracks, "combinedListingRole": nil, "category": category(p),
		"seo": object{"title": nullable(p.SEOTitle), "description": nullable(p.SEODescription)}, "options": options(p),
		"priceRangeV2":  object{"minVariantPrice": s.money(low), "maxVariantPrice": s.money(high)},
		"variants":      s.variants(p),
		"variantsCount": object{"count": len(p.Variants), "precision": "EXACT"},
		"media":         listOf(s.media(p)), "metafields": listOf(metafields(p)),
		"metafield": lazy(func(args map[string]any) (any, error) { return metafield(p, args), nil }),
	}
	if media := s.media(p); len(media) > 0 {
		view["featuredMedia"] = media[0]
	}
	return view
}

func (s *Server) summary(p *Product) (low, high, total int64, tracks bool) {
	for i, v := range p.Variants {
		if i == 0 || v.Price < low {
			low = v.Price
		}
		high = max(high, v.Price)
		if !v.Untracked {
			total += s.available(&p.Variants[i])
			tracks = true
		}
	}
	return low, high, total, tracks
}

func (s *Server) anyOut(p *Product) bool {
	for i := range p.Variants {
		if !s.sellable(&p.Variants[i], 1) {
			return true
		}
	}
	return false
}

func requiresComponents(p *Product) bool {
	for _, v := range p.Variants {
		if v.RequiresBundle {
			return true
		}
	}
	return false
}

// storeURL is null for what is not on the Online Store, which then has no link.
func (s *Server) storeURL(p *Product) any {
	if p.PublishedAt == nil || p.Status == StatusDraft || p.Status == StatusArchived {
		return nil
	}
	return s.baseURL + "/products/" + p.Handle
}

func category(p *Product) any {
	if p.Category == "" {
		return nil
	}
	levels := strings.Split(p.Category, ">")
	return object{
		"id": gidPrefix + "TaxonomyCategory/" + handleOf(p.Category), "fullName": p.Category,
		"name": strings.TrimSpace(levels[len(levels)-1]), "level": len(levels), "isLeaf": true, "isRoot": len(levels) == 1, "isArchived": false,
	}
}

func options(p *Product) []object {
	all := p.Options
	if len(all) == 0 {
		all = []Option{{Name: "Title", Values: []string{"Default Title"}}}
	}
	var out []object
	for i, o := range all {
		values := []object{}
		for j := range o.Values {
			values = append(values, optionValue(p, i, j, o.Values[j]))
		}
		out = append(out, object{
			"id": gid("ProductOption", p.ID*100+int64(i)), "name": o.Name, "position": i + 1,
			"values": append([]string{}, o.Values...), "optionValues": values,
		})
	}
	return out
}

func optionValue(p *Product, option, value int, name string) object {
	return object{
		"id": gid("ProductOptionValue", p.ID*10_000+int64(option)*100+int64(value)), "name": name, "hasVariants": true, "swatch": nil,
	}
}

func metafields(p *Product) []object {
	out := []object{}
	for _, m := range p.Metafields {
		out = append(out, object{
			"__typename": "Metafield", "id": gid("Metafield", m.ID), "namespace": m.Namespace, "key": m.Key, "type": m.Type,
			"value": m.Value, "jsonValue": m.Value, "createdAt": p.CreatedAt, "updatedAt": p.UpdatedAt, "ownerType": "PRODUCT",
		})
	}
	return out
}

func metafield(p *Product, args map[string]any) any {
	for _, m := range metafields(p) {
		if m["key"] == args["key"] && (args["namespace"] == nil || m["namespace"] == args["namespace"]) {
			return m
		}
	}
	return nil
}

func (s *Server) media(p *Product) []object {
	out := []object{}
	for i := range p.Images {
		picture := s.image(p, i)
		out = append(out, object{
			"__typename": "MediaImage", "id": gid("MediaImage", p.Images[i].ID), "alt": p.Images[i].Alt, "mediaContentType": "IMAGE",
			"status": "READY", "image": picture, "preview": object{"image": picture, "status": "READY"},
		})
	}
	return out
}

func (s *Server) image(p *Product, i int) object {
	img := p.Images[i]
	view := object{
		"__typename": "Image", "id": gid("ProductImage", img.ID), "altText": nullable(img.Alt), "url": img.URL, "width": img.Width, "height": img.Height,
	}
	if img.URL == "" {
		view["url"] = fmt.Sprintf("%s/images/%d.png", s.baseURL, img.ID)
		view["width"], view["height"] = pictureSize, pictureSize
	}
	return view
}

func nullable(v string) any {
	if v == "" {
		return nil
	}
	return v
}
