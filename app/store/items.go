package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Why an item cannot be bought, beside what the shop's records say.
const (
	hiddenRemoved   = "it is no longer in the shop"
	hiddenNoProduct = "its product has not been read yet"
)

// selectItems joins variants with their products; a variant may be there
// before its product.
const selectItems = `SELECT v.id, v.item_id, v.product_id, v.inventory_item, v.title, v.sku, v.gtin, v.image_url, v.options,
	v.price, v.compare_at, v.availability, v.stock, v.shippable, v.weight_grams, v.hidden, v.updated_at, v.removed_at,
	p.id IS NOT NULL, COALESCE(p.title, ''), COALESCE(p.description, ''), COALESCE(p.brand, ''), COALESCE(p.category, ''),
	COALESCE(p.url, ''), COALESCE(p.image_url, ''), COALESCE(p.single_variant, FALSE), COALESCE(p.hidden, ''),
	COALESCE(p.updated_at, 0), COALESCE(p.removed_at, 0), COALESCE(x.pictures, '')
FROM variants v
LEFT JOIN products p ON p.merchant_id = v.merchant_id AND p.id = v.product_id
LEFT JOIN product_media x ON x.merchant_id = v.merchant_id AND x.product_id = v.product_id
`

// Items implements acp.Items.
func (s *Store) Items(ctx context.Context, m acp.MerchantID, ids []acp.ItemID) ([]acp.Item, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if len(ids) == 1 { // most carts; the list below costs as much as the rest of its query
		return s.oneItem(ctx, itemKey{m, ids[0]})
	}
	list, err := json.Marshal(each(ids, func(id acp.ItemID) string { return storable(string(id)) }))
	if err != nil {
		return nil, failed("look up items", err)
	}
	items, err := readItems(s.Database.hot.findItems.QueryContext(s.Database.promptly(ctx), m, string(list)))
	return items, failed("look up items", err)
}

type itemKey struct {
	merchant acp.MerchantID
	id       acp.ItemID
}

// oneItem is a list of one item, or of none.
func (s *Store) oneItem(ctx context.Context, k itemKey) ([]acp.Item, error) {
	item, err := s.items.read(k, func() (acp.Item, error) {
		items, err := readItems(s.Database.hot.findItem.QueryContext(s.Database.promptly(ctx), k.merchant, storable(string(k.id))))
		if err == nil && len(items) == 0 {
			err = acp.NotFound("item")
		}
		if err != nil {
			return acp.Item{}, err
		}
		return items[0], nil
	})
	switch {
	case acp.KindOf(err) == acp.KindNotFound:
		return nil, nil
	case err != nil:
		return nil, failed("look up item", err)
	}
	return []acp.Item{item}, nil
}

func (s *Store) queryItems(ctx context.Context, rest string, values ...any) ([]acp.Item, error) {
	return readItems(s.read.WithContext(ctx).Raw(selectItems+rest, values...).Rows())
}

func readItems(rows *sql.Rows, err error) ([]acp.Item, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var items []acp.Item
	for rows.Next() {
		item, err := scanItem(rows)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, rows.Err()
}

// itemExtras are the columns of the join that are no field of an item.
type itemExtras struct {
	updated, removed, productUpdated, productRemoved int64
	hasProduct                                       bool
	options, pictures, productImage, productHidden   string
}

func scanItem(rows *sql.Rows) (acp.Item, error) {
	var it acp.Item
	var x itemExtras
	err := rows.Scan(&it.VariantID, &it.ID, &it.ProductID, &it.InventoryItem, &it.VariantTitle, &it.SKU, &it.GTIN, &it.ImageURL,
		&x.options, &it.Price, &it.CompareAt, &it.Availability, &it.Stock, &it.Shippable, &it.WeightGrams, &it.Hidden,
		&x.updated, &x.removed, &x.hasProduct, &it.Title, &it.Description, &it.Brand, &it.Category, &it.URL, &x.productImage,
		&it.SingleVariant, &x.productHidden, &x.productUpdated, &x.productRemoved, &x.pictures)
	if err != nil {
		return it, err
	}
	return it, x.complete(&it)
}

func (x itemExtras) complete(it *acp.Item) error {
	it.UpdatedAt, it.ProductUpdated = fromMillis(x.updated), fromMillis(x.productUpdated)
	it.ImageURL = cmp.Or(it.ImageURL, x.productImage)
	if it.SingleVariant {
		it.VariantTitle = ""
	}
	if removed := cmp.Or(x.productRemoved, x.removed); removed > 0 {
		it.RemovedAt, it.Hidden = fromMillis(removed), hiddenRemoved
	}
	it.Hidden = cmp.Or(it.Hidden, x.productHidden)
	if !x.hasProduct {
		it.Hidden = cmp.Or(it.Hidden, hiddenNoProduct)
	}
	var options []namedValueDocument
	if err := json.Unmarshal([]byte(x.options), &options); err != nil {
		return err
	}
	it.Options = namedValues(options)
	if x.pictures == "" {
		return nil
	}
	var pictures []pictureDocument
	err := json.Unmarshal([]byte(x.pictures), &pictures)
	it.MoreImages = each(pictures, func(p pictureDocument) string { return p.URL })
	return err
}
