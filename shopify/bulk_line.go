package shopify

import (
	"encoding/json"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// recordOf reads one line of the result. Lines of variants and media name their product in __parentId and come
// in any order, far from it. Media other than pictures are known to exist and not needed.
func recordOf(line []byte, m acp.Merchant) (record acp.Record, known bool, err error) {
	var kind struct {
		Typename string `json:"__typename"`
		ParentID string `json:"__parentId"`
	}
	if err := json.Unmarshal(line, &kind); err != nil {
		return acp.Record{}, false, acp.Failed(acp.KindInternal, "decode", err)
	}
	switch kind.Typename {
	case "Product":
		var p admin.CatalogProduct
		if err := json.Unmarshal(line, &p); err != nil {
			return acp.Record{}, false, acp.Failed(acp.KindInternal, "decode product", err)
		}
		product := productRecord(&p)
		return acp.Record{Product: &product}, true, nil
	case "ProductVariant":
		var v admin.CatalogVariant
		if err := json.Unmarshal(line, &v); err != nil {
			return acp.Record{}, false, acp.Failed(acp.KindInternal, "decode variant", err)
		}
		variant, err := variantRecord(&v, kind.ParentID, m)
		return acp.Record{Variant: &variant}, true, err
	case "MediaImage":
		var i admin.CatalogImage
		if err := json.Unmarshal(line, &i); err != nil {
			return acp.Record{}, false, acp.Failed(acp.KindInternal, "decode picture", err)
		}
		media, usable := mediaRecord(&i, kind.ParentID)
		return acp.Record{Media: &media}, usable, nil
	}
	return acp.Record{}, false, nil
}
