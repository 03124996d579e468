package shopify

import (
	"fmt"
	"strings"
	"time"
)

// Payloads have the shape of Shopify's REST resources: snake case, numeric ids (int64,
// beyond what a float can hold) and lower-case statuses.

const fullVariants = 100 // variants beyond this many come as variant_gids only

func (s *Server) productPayload(p *Product) object {
	variants, gids := []object{}, []object{}
	for i := range p.Variants {
		v := &p.Variants[i]
		gids = append(gids, object{"admin_graphql_api_id": gid("ProductVariant", v.ID), "updated_at": stamp(v.UpdatedAt)})
		if i >= fullVariants {
			continue
		}
		variants = append(variants, object{
			"id": v.ID, "admin_graphql_api_id": gid("ProductVariant", v.ID), "product_id": p.ID, "title": v.title(), "price": s.price(v.Price),
			"sku": v.SKU, "barcode": nullable(v.Barcode), "position": i + 1, "inventory_item_id": v.InventoryItemID,
			"inventory_quantity": v.Inventory, "updated_at": stamp(v.UpdatedAt), "taxable": !v.TaxFree,
		})
	}
	return object{
		"id": p.ID, "admin_graphql_api_id": gid("Product", p.ID), "title": p.Title, "body_html": p.DescriptionHTML, "handle": p.Handle,
		"vendor": p.Vendor, "product_type": p.ProductType, "status": strings.ToLower(p.Status), "tags": strings.Join(p.Tags, ", "),
		"created_at": stamp(p.CreatedAt), "updated_at": stamp(p.UpdatedAt), "published_at": p.PublishedAt, "variants": variants, "variant_gids": gids,
	}
}

func (s *Server) inventoryPayload(v *Variant) object {
	return object{
		"inventory_item_id": v.InventoryItemID, "location_id": s.books.LocationID, "available": v.Inventory, "updated_at": stamp(v.UpdatedAt),
		"admin_graphql_api_id": fmt.Sprintf("%s?inventory_item_id=%d", gid("InventoryLevel", s.books.LocationID), v.InventoryItemID),
	}
}

func (s *Server) orderPayload(o *order) object {
	q, in := o.Priced.Quote, o.Input
	lines := []object{}
	for _, l := range o.Priced.Lines {
		lines = append(lines, object{
			"id": l.ID, "admin_graphql_api_id": gid("LineItem", l.ID), "variant_id": l.VariantID, "product_id": l.ProductID, "title": l.Title,
			"name": l.name(), "sku": l.SKU, "quantity": l.Quantity, "price": s.price(l.Unit), "total_discount": s.price(l.Amounts.LineDiscount),
		})
	}
	notes := []object{}
	for _, a := range in.Attributes {
		notes = append(notes, object{"name": a.Key, "value": a.Value})
	}
	payload := object{
		"id": o.ID, "admin_graphql_api_id": gid("Order", o.ID), "name": o.name(), "number": o.Number - 1000, "order_number": o.Number,
		"confirmation_number": o.Confirmation, "order_status_url": s.statusURL(o), "email": in.Email, "phone": nullable(in.Phone),
		"created_at": stamp(o.CreatedAt), "processed_at": stamp(o.CreatedAt), "updated_at": stamp(o.UpdatedAt), "cancelled_at": o.CancelledAt,
		"cancel_reason": nullable(strings.ToLower(o.CancelReason)), "currency": s.shop.Currency, "presentment_currency": s.shop.Currency,
		"financial_status": strings.ToLower(o.financialStatus()), "fulfillment_status": restFulfillment(o), "test": true, "confirmed": true,
		"tags": strings.Join(in.Tags, ", "), "note": nullable(in.Note), "note_attributes": notes, "source_name": s.sourceName(o),
		"total_price": s.price(q.Total), "subtotal_price": s.price(q.Subtotal), "total_tax": s.price(q.TaxTotal), "taxes_included": s.shop.TaxesIncluded,
		"total_discounts": s.price(q.DiscountTotal), "total_outstanding": s.price(o.outstanding()), "line_items": lines,
		"payment_gateway_names": o.gateways(), "fulfillments": s.fulfillmentPayloads(o),
	}
	return payload
}

func restFulfillment(o *order) any {
	switch o.fulfillmentStatus() {
	case "FULFILLED":
		return "fulfilled"
	case "PARTIALLY_FULFILLED":
		return "partial"
	}
	return nil
}

func (s *Server) fulfillmentPayloads(o *order) []object {
	out := []object{}
	for i := range o.Fulfillments {
		out = append(out, fulfillmentPayload(o, &o.Fulfillments[i]))
	}
	return out
}

func fulfillmentPayload(o *order, f *fulfillment) object {
	return object{
		"id": f.ID, "admin_graphql_api_id": gid("Fulfillment", f.ID), "order_id": o.ID, "status": "success", "created_at": stamp(f.At),
		"updated_at": stamp(f.At), "tracking_company": nullable(f.Company), "tracking_number": nullable(f.Tracking), "tracking_url": nullable(f.URL),
	}
}

func (s *Server) refundPayload(o *order, r *refund) object {
	lines := []object{}
	for _, l := range r.Lines {
		lines = append(lines, object{
			"id": l.ID, "line_item_id": l.LineID, "quantity": l.Quantity, "restock_type": strings.ToLower(l.Restock),
			"subtotal": s.price(l.Subtotal), "total_tax": s.price(l.Tax),
		})
	}
	return object{
		"id": r.ID, "admin_graphql_api_id": gid("Refund", r.ID), "order_id": o.ID, "created_at": stamp(r.At), "processed_at": stamp(r.At),
		"note": nullable(r.Note), "refund_line_items": lines,
	}
}

func (s *Server) shopPayload() object {
	return object{
		"id": s.books.ShopID, "admin_graphql_api_id": gid("Shop", s.books.ShopID), "name": s.cfg.Settings.Name, "email": s.cfg.Settings.Email,
		"domain": s.cfg.Shop, "myshopify_domain": s.cfg.Shop, "currency": s.shop.Currency, "country_code": s.cfg.Settings.Country,
		"taxes_included": s.shop.TaxesIncluded, "plan_name": "partner_test",
	}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
