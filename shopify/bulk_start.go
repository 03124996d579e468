package shopify

import (
	"context"
	"fmt"
	"strconv"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
	"github.com/acp-bridge/acp-bridge/shopify/operations"
)

// StartBulk implements acp.CatalogSource with bulkOperationRunQuery. KindThrottled when the shop runs as many
// exports of this app as Shopify allows (five since 2026-01). An export whose start went unheard is harmless:
// it ends by itself, so that starting another one after KindUnknown loses nothing.
// https://shopify.dev/docs/api/usage/bulk-operations/queries
func (c *Client) StartBulk(ctx context.Context, m acp.Merchant) (acp.Bulk, error) {
	answer, err := admin.BulkStart(ctx, c.changing(m.Shop), operations.CatalogBulk)
	if err != nil {
		return acp.Bulk{}, fmt.Errorf("start bulk operation: %w", err)
	}
	payload := answer.BulkOperationRunQuery
	if payload == nil {
		return acp.Bulk{}, acp.Failed(acp.KindUnknown, "start bulk operation", errEmptyPayload)
	}
	refusal := refusedBy("start bulk operation", payload.UserErrors)
	for _, e := range payload.UserErrors {
		switch value(e.Code) {
		case admin.BulkOperationUserErrorCodeOperationInProgress, admin.BulkOperationUserErrorCodeLimitReached:
			return acp.Bulk{}, acp.Failed(acp.KindThrottled, "start bulk operation", refusal)
		}
	}
	if refusal != nil {
		return acp.Bulk{}, refusal
	}
	if payload.BulkOperation == nil {
		return acp.Bulk{}, acp.Failed(acp.KindUnknown, "start bulk operation", errEmptyPayload)
	}
	return bulkOf(payload.BulkOperation)
}

// Bulk implements acp.CatalogSource with bulkOperation. KindNotFound when Shopify does not know the operation.
func (c *Client) Bulk(ctx context.Context, m acp.Merchant, operation string) (acp.Bulk, error) {
	answer, err := admin.BulkStatus(ctx, c.reading(m.Shop), operation)
	if err != nil {
		return acp.Bulk{}, fmt.Errorf("read bulk operation: %w", err)
	}
	if answer.BulkOperation == nil {
		return acp.Bulk{}, acp.NotFound("bulk operation")
	}
	return bulkOf(answer.BulkOperation)
}

// CancelBulk stops an export; one that has ended already is success.
func (c *Client) CancelBulk(ctx context.Context, m acp.Merchant, operation string) error {
	answer, err := admin.BulkCancel(ctx, c.changing(m.Shop), operation)
	if err != nil {
		return fmt.Errorf("cancel bulk operation: %w", err)
	}
	payload := answer.BulkOperationCancel
	if payload == nil {
		return acp.Failed(acp.KindUnknown, "cancel bulk operation", errEmptyPayload)
	}
	if payload.BulkOperation != nil && payload.BulkOperation.Status != admin.BulkOperationStatusRunning {
		return nil
	}
	return refusedBy("cancel bulk operation", payload.UserErrors)
}

func bulkOf(b *admin.Bulk) (acp.Bulk, error) {
	objects, err := strconv.ParseInt(b.ObjectCount, 10, 64)
	if err != nil {
		return acp.Bulk{}, acp.Failed(acp.KindInternal, "read bulk operation", err)
	}
	bulk := acp.Bulk{Operation: b.Id, URL: value(b.Url), Objects: objects}
	switch b.Status {
	case admin.BulkOperationStatusCreated, admin.BulkOperationStatusRunning:
	case admin.BulkOperationStatusCompleted:
		bulk.Done = true
	default:
		// A partial result would make the rest of the catalog look deleted, so that it is not used.
		bulk.Done, bulk.Failed = true, string(b.Status)
		if b.ErrorCode != nil {
			bulk.Failed += " " + string(*b.ErrorCode)
		}
	}
	return bulk, nil
}
