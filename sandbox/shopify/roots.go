package shopify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// rootCall is one selected root field.
type rootCall struct {
	args  map[string]any
	field *ast.Field
	vars  map[string]any
}

// rootField is what the Admin API offers at its root: the scope that it needs, "" for
// none, and what it does. It runs under the lock.
type rootField struct {
	scope string
	run   func(*Server, rootCall) (any, error)
}

// The scopes of paymentTerms inside a draft and of paymentTermsTemplates could not be
// verified; demanding the payment terms scopes is the harsher reading.
func rootFields() map[string]rootField {
	return map[string]rootField{
		"shop":                   {"", (*Server).queryShop},
		"currentAppInstallation": {"", (*Server).queryInstallation},
		"job":                    {"", (*Server).queryJob},
		"node":                   {"", (*Server).queryNode},
		"nodes":                  {"", (*Server).queryNodes},

		"product":        {"read_products", (*Server).queryProduct},
		"products":       {"read_products", (*Server).queryProducts},
		"productVariant": {"read_products", (*Server).queryVariant},
		"inventoryItem":  {"read_products", (*Server).queryInventoryItem},

		"location": {"read_locations", (*Server).queryLocation},

		"draftOrder":                         {"read_draft_orders", (*Server).queryDraft},
		"draftOrders":                        {"read_draft_orders", (*Server).queryDrafts},
		"draftOrderAvailableDeliveryOptions": {"write_draft_orders", (*Server).queryDeliveryOptions},
		"draftOrderCalculate":                {"write_draft_orders", (*Server).calculateDraft},
		"draftOrderCreate":                   {"write_draft_orders", (*Server).createDraft},
		"draftOrderUpdate":                   {"write_draft_orders", (*Server).updateDraft},
		"draftOrderDelete":                   {"write_draft_orders", (*Server).deleteDraft},
		"draftOrderComplete":                 {"write_draft_orders", (*Server).completeDraft},
		"paymentTermsTemplates":              {"read_payment_terms", (*Server).queryPaymentTerms},

		"order":                    {"read_orders", (*Server).queryOrder},
		"orders":                   {"read_orders", (*Server).queryOrders},
		"ordersCount":              {"read_orders", (*Server).queryOrdersCount},
		"orderMarkAsPaid":          {"write_orders", (*Server).markOrderPaid},
		"orderCreateManualPayment": {"write_orders", (*Server).createManualPayment},
		"orderCancel":              {"write_orders", (*Server).cancelOrder},
		"orderUpdate":              {"write_orders", (*Server).updateOrder},
		"refundCreate":             {"write_orders", (*Server).createRefund},
		"refund":                   {"read_orders", (*Server).queryRefund},
		"fulfillment":              {"read_fulfillments", (*Server).queryFulfillment},
		"tagsAdd":                  {"", (*Server).addTags},

		"bulkOperation":         {"", (*Server).queryBulk},
		"bulkOperations":        {"", (*Server).queryBulks},
		"bulkOperationRunQuery": {"", (*Server).runBulk},
		"bulkOperationCancel":   {"", (*Server).cancelBulk},
	}
}

// allow checks the scope that a root field needs. Writing includes reading.
func (s *Server) allow(field, scope string) error {
	if scope == "" || slices.Contains(s.cfg.Scopes, scope) {
		return nil
	}
	if resource, ok := strings.CutPrefix(scope, "read_"); ok && slices.Contains(s.cfg.Scopes, "write_"+resource) {
		return nil
	}
	denied := coded("ACCESS_DENIED", fmt.Sprintf("Access denied for %s field. Required access: `%s` access scope.", field, scope))
	denied.Extensions["requiredAccess"] = fmt.Sprintf("`%s` access scope.", scope)
	denied.Extensions["documentation"] = "https://shopify.dev/api/usage/access-scopes"
	return denied
}

// refused is the payload of a mutation that did nothing. Draft and order mutations tell
// only field and message; code is set where the schema has one.
func refused(message, code string, path ...string) object {
	e := object{"message": message, "code": nil, "field": nil}
	if code != "" {
		e["code"] = code
	}
	if len(path) > 0 {
		e["field"] = path
	}
	return object{"userErrors": []object{e}, "orderCancelUserErrors": []object{e}}
}

// done is the payload of a mutation that took effect.
func done(payload object) object {
	payload["userErrors"], payload["orderCancelUserErrors"] = []object{}, []object{}
	return payload
}

// refusal answers an ordered user_error: a mutation's userErrors and no effect. Queries
// have no such list, so they get an error of the request.
func (s *Server) refusal(op operation, field *ast.Field) map[string]any {
	if op.def.Operation != ast.Mutation {
		return map[string]any{"errors": []any{coded("BAD_REQUEST", "refused as ordered")}}
	}
	x := &execution{s: s, vars: op.vars}
	g := group{key: field.Alias, fields: []*ast.Field{field}}
	payload, err := x.value(field.Definition.Type, g, refused("The request was refused as ordered.", ""))
	if err != nil {
		return map[string]any{"errors": []any{asGraphError(err)}}
	}
	return map[string]any{
		"data":       map[string]any{field.Alias: payload},
		"extensions": map[string]any{"cost": s.bucket.report(mutationCost, nil)},
	}
}
