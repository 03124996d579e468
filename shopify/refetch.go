package shopify

import (
	"context"
	"fmt"
	"slices"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// One query may cost 1,000 points at most, and Shopify counts every object that a page could hold: a variant
// with its stock and weight is five, so that these pages stay well below.
const (
	refetchProducts = 3
	refetchVariants = 50
	variantPage     = 100
)

// Refetch implements acp.CatalogSource. Further variants of a large product are read page by page.
func (c *Client) Refetch(ctx context.Context, m acp.Merchant, products []string) (records []acp.Record, missing []string, err error) {
	for ids := range slices.Chunk(products, refetchProducts) {
		answer, err := admin.ProductsRefetch(ctx, c.reading(m.Shop), ids, refetchVariants)
		if err != nil {
			return nil, nil, fmt.Errorf("read products: %w", err)
		}
		if len(answer.Nodes) != len(ids) {
			return nil, nil, acp.Failed(acp.KindUnavailable, "read products", errEmptyPayload)
		}
		for i, node := range answer.Nodes {
			p, there := productNode(node)
			if !there {
				missing = append(missing, ids[i])
				continue
			}
			if records, err = c.productRecords(ctx, m, p, records); err != nil {
				return nil, nil, err
			}
		}
	}
	return records, missing, nil
}

// productNode is false for an id that no longer leads anywhere.
func productNode(node *admin.ProductsRefetchNodesNode) (*admin.ProductsRefetchNodesProduct, bool) {
	if node == nil {
		return nil, false
	}
	p, there := (*node).(*admin.ProductsRefetchNodesProduct)
	return p, there
}

func (c *Client) productRecords(ctx context.Context, m acp.Merchant, p *admin.ProductsRefetchNodesProduct, records []acp.Record) ([]acp.Record, error) {
	product := productRecord(&p.CatalogProduct)
	records = append(records, acp.Record{Product: &product})
	for _, node := range p.Media.Nodes {
		if image, ok := node.(*admin.ProductsRefetchNodesProductMediaMediaConnectionNodesMediaImage); ok {
			if media, usable := mediaRecord(&image.CatalogImage, p.Id); usable {
				records = append(records, acp.Record{Media: &media})
			}
		}
	}
	variants, err := restOf(p.Variants.Nodes, p.Variants.PageInfo, func(after *string) ([]admin.CatalogVariant, admin.Page, error) {
		answer, err := admin.ProductVariants(ctx, c.reading(m.Shop), p.Id, variantPage, after)
		if err != nil || answer.Product == nil { // deleted meanwhile: the webhook about it makes the id dirty again
			return nil, admin.Page{}, err
		}
		return answer.Product.Variants.Nodes, answer.Product.Variants.PageInfo, nil
	})
	if err != nil {
		return nil, fmt.Errorf("read variants of %s: %w", p.Id, err)
	}
	for i := range variants {
		variant, err := variantRecord(&variants[i], p.Id, m)
		if err != nil {
			return nil, fmt.Errorf("read variant %s: %w", variants[i].Id, err)
		}
		records = append(records, acp.Record{Variant: &variant})
	}
	return records, nil
}
