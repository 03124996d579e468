package acp

import (
	"context"
	"fmt"
)

// Changed notes that products changed in the shop. News only mark them dirty;
// the data is read again.
func (c *Catalog) Changed(ctx context.Context, id MerchantID, products []string) error {
	return c.Book.MarkDirty(ctx, id, products, Task{Kind: TaskRefreshItems, Merchant: id})
}

// StockChanged notes that the stock of an inventory item changed.
func (c *Catalog) StockChanged(ctx context.Context, id MerchantID, inventoryItem string) error {
	product, err := c.Book.ProductOfInventory(ctx, id, inventoryItem)
	if KindOf(err) == KindNotFound {
		return nil // not in the mirror: a full run will bring it
	}
	if err != nil {
		return err
	}
	return c.Changed(ctx, id, []string{product})
}

// RefreshDirty reads the noted products again, a batch at a time, until none
// is left.
func (c *Catalog) RefreshDirty(ctx context.Context, id MerchantID) error {
	m, err := c.Merchants.Merchant(ctx, id)
	if err != nil {
		return err
	}
	for {
		marks, err := c.Book.DirtyProducts(ctx, id, refetchBatch)
		if err != nil || len(marks) == 0 {
			return err
		}
		if err := c.refresh(ctx, m, marks); err != nil {
			return err
		}
	}
}

func (c *Catalog) refresh(ctx context.Context, m Merchant, marks map[string]int64) error {
	products := make([]string, 0, len(marks))
	for id := range marks {
		products = append(products, id)
	}
	records, missing, err := c.Source.Refetch(ctx, m, products)
	if err != nil {
		return fmt.Errorf("refetch products: %w", err)
	}
	mirror, err := c.Book.Mirror(ctx, m.ID)
	if err != nil {
		return err
	}
	if err := c.Book.ReplaceProducts(ctx, m.ID, mirror.Generation, records, missing); err != nil {
		return err
	}
	return c.Book.ClearDirty(ctx, m.ID, marks)
}
