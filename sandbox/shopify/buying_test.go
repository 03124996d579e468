package shopify_test

import (
	"strings"
	"testing"
	"time"
)

const calculate = `mutation($input: DraftOrderInput!) { draftOrderCalculate(input: $input) { userErrors { field message } calculatedDraftOrder {
  totalPriceSet { ...M } subtotalPriceSet { ...M } totalTaxSet { ...M } totalShippingPriceSet { ...M } totalLineItemsPriceSet { ...M }
  taxLines { title rate priceSet { ...M } } availableShippingRates { handle title price { amount } } warnings { __typename errorCode message ... on DraftOrderDiscountNotAppliedWarning { discountCode } }
  platformDiscounts { code automaticDiscount totalAmountPriceSet { ...M } } shippingLine { originalPriceSet { ...M } discountedPriceSet { ...M } }
  lineItems { quantity discountedTotalSet { ...M } variant { id inventoryQuantity availableForSale } } } } }
fragment M on MoneyBag { presentmentMoney { amount currencyCode } }`

const (
	createDraft   = `mutation($input: DraftOrderInput!) { draftOrderCreate(input: $input) { draftOrder { id ready invoiceUrl tags } userErrors { field message } } }`
	readDraft     = `query($id: ID!) { draftOrder(id: $id) { id ready invoiceUrl order { id } } }`
	completeDraft = `mutation($id: ID!) { draftOrderComplete(id: $id) { draftOrder { id order { id } } userErrors { field message } } }`
	readOrder     = `query($id: ID!) { order(id: $id) { ...O } }
fragment M on MoneyBag { presentmentMoney { amount currencyCode } }
fragment O on Order { id name displayFinancialStatus statusPageUrl confirmationNumber email customAttributes { key value } totalPriceSet { ...M } totalOutstandingSet { ...M } }`
)

func sanFrancisco() map[string]any {
	return map[string]any{
		"firstName": "Ada", "lastName": "Lovelace", "address1": "1 Market St", "city": "San Francisco", "provinceCode": "CA", "zip": "94105", "countryCode": "US",
	}
}

func lines(variant string, quantity int) []any {
	return []any{map[string]any{"variantId": variant, "quantity": quantity}}
}

func userError(a answer, root string) string { return str(a.Data, root, "userErrors", 0, "message") }

// readyDraft creates a draft and reads it until it can be completed.
func (f *fixture) readyDraft(input map[string]any) (id, invoice string) {
	f.t.Helper()
	data := f.must(createDraft, map[string]any{"input": input})
	id, invoice = str(data, "draftOrderCreate", "draftOrder", "id"), str(data, "draftOrderCreate", "draftOrder", "invoiceUrl")
	f.clock.pass(5 * time.Second)
	return id, invoice
}

func TestACartIsPricedWithRatesTaxesAndCodes(t *testing.T) {
	f := start(t, nil)
	scarf := f.variants()["SC-R"]
	input := map[string]any{
		"lineItems": lines(scarf, 2), "shippingAddress": sanFrancisco(), "discountCodes": []any{"SAVE10", "EXPIRED"}, "acceptAutomaticDiscounts": true,
	}
	first := f.must(calculate, map[string]any{"input": input})
	rates := dig(first, "draftOrderCalculate", "calculatedDraftOrder", "availableShippingRates").([]any)
	if len(rates) != 3 || str(rates, 1, "title") != "Express" {
		t.Fatalf("rates: %v", rates)
	}
	input["shippingLine"] = map[string]any{"shippingRateHandle": str(rates, 1, "handle")}
	c := dig(f.must(calculate, map[string]any{"input": input}), "draftOrderCalculate", "calculatedDraftOrder")
	// 50.00 - 15 % = 42.50 - 10 % = 38.25; + 15.00 = 53.25; 7.25 % = 3.86, 1.375 % = 0.73
	for name, want := range map[string]string{
		"subtotalPriceSet": "38.25", "totalShippingPriceSet": "15.0", "totalTaxSet": "4.59", "totalPriceSet": "57.84", "totalLineItemsPriceSet": "50.0",
	} {
		if got := str(c, name, "presentmentMoney", "amount"); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if got := dig(c, "taxLines").([]any); len(got) != 2 {
		t.Errorf("tax lines: %v", got)
	}
	if str(c, "warnings", 0, "discountCode") != "EXPIRED" || str(c, "warnings", 0, "__typename") != "DraftOrderDiscountNotAppliedWarning" {
		t.Errorf("warnings: %v", dig(c, "warnings"))
	}
	if str(c, "lineItems", 0, "variant", "inventoryQuantity") != "5" {
		t.Errorf("line: %v", dig(c, "lineItems", 0))
	}
	if n := len(f.state()["draft_orders"].([]any)); n != 0 {
		t.Errorf("calculating left %d drafts", n)
	}
}

func TestWhatCannotBeBoughtIsRefusedInUserErrors(t *testing.T) {
	f := start(t, nil)
	mug := f.variants()["MUG"]
	for name, c := range map[string]struct {
		input map[string]any
		says  string
	}{
		"unknown variant": {map[string]any{"lineItems": lines("gid://shopify/ProductVariant/1", 1)}, "Product with ID 1 is no longer available."},
		"no lines":        {map[string]any{"lineItems": []any{}}, "Add at least 1 product"},
		"zero quantity":   {map[string]any{"lineItems": lines(mug, 0)}, "greater than or equal to 1"},
		"unknown rate":    {map[string]any{"lineItems": lines(mug, 1), "shippingAddress": sanFrancisco(), "shippingLine": map[string]any{"shippingRateHandle": "nope"}}, "Shipping rate"},
		"bad e-mail":      {map[string]any{"lineItems": lines(mug, 1), "email": "nobody"}, "Email is invalid"},
		"foreign money":   {map[string]any{"lineItems": lines(mug, 1), "presentmentCurrencyCode": "EUR"}, "not enabled"},
	} {
		t.Run(name, func(t *testing.T) {
			a := f.graph(calculate, map[string]any{"input": c.input})
			if got := userError(a, "draftOrderCalculate"); !strings.Contains(got, c.says) {
				t.Errorf("userErrors say %q, want %q (errors %v)", got, c.says, a.Errors)
			}
		})
	}
}

func TestWhatIsNotShippedHasNoRates(t *testing.T) {
	f := start(t, nil)
	kenya := map[string]any{"address1": "1 Moi Avenue", "city": "Nairobi", "countryCode": "KE"}
	for name, c := range map[string]struct {
		sku string
		to  map[string]any
	}{"parcel to a country not served": {"MUG", kenya}, "download": {"EB", sanFrancisco()}} {
		data := f.must(calculate, map[string]any{"input": map[string]any{"lineItems": lines(f.variants()[c.sku], 1), "shippingAddress": c.to}})
		if got := len(dig(data, "draftOrderCalculate", "calculatedDraftOrder", "availableShippingRates").([]any)); got != 0 {
			t.Errorf("%s: %d rates", name, got)
		}
	}
}

func TestADraftIsNotReadyAtFirstAndCompletesOnce(t *testing.T) {
	f := start(t, nil)
	input := map[string]any{
		"lineItems": lines(f.variants()["MUG"], 2), "email": "ada@example.com", "shippingAddress": sanFrancisco(), "tags": []any{"acp-1"},
		"customAttributes": []any{map[string]any{"key": "acp_session_id", "value": "cs_1"}},
		"shippingLine":     map[string]any{"shippingRateHandle": "shopify-Standard-5.00"},
	}
	id := str(f.must(createDraft, map[string]any{"input": input}), "draftOrderCreate", "draftOrder", "id")
	if got := userError(f.graph(completeDraft, map[string]any{"id": id}), "draftOrderComplete"); !strings.Contains(got, "not finished calculating") {
		t.Fatalf("completing early says %q", got)
	}
	for i, want := range []string{"false", "false", "true"} {
		if got := str(f.must(readDraft, map[string]any{"id": id}), "draftOrder", "ready"); got != want {
			t.Fatalf("read %d: ready %s, want %s", i, got, want)
		}
	}
	order := str(f.must(completeDraft, map[string]any{"id": id}), "draftOrderComplete", "draftOrder", "order", "id")
	o := dig(f.must(readOrder, map[string]any{"id": order}), "order")
	if str(o, "displayFinancialStatus") != "PAID" || str(o, "name") != "#1001" || str(o, "customAttributes", 0, "value") != "cs_1" || str(o, "email") != "ada@example.com" {
		t.Errorf("order: %v", o)
	}
	if got := userError(f.graph(completeDraft, map[string]any{"id": id}), "draftOrderComplete"); !strings.Contains(got, "already been completed") {
		t.Errorf("completing twice says %q", got)
	}
	state := f.state()
	if n := len(state["orders"].([]any)); n != 1 {
		t.Errorf("%d orders", n)
	}
	if got := str(state, "orders", 0, "transactions", 0, "manualPaymentGateway"); got != "true" {
		t.Errorf("transaction: %v", dig(state, "orders", 0, "transactions"))
	}
	if got := str(state, "products", 1, "variants", "nodes", 0, "inventoryQuantity"); got != "98" {
		t.Errorf("stock %s, want 98", got)
	}
	if got := str(state, "calls", "draftOrderComplete"); got != "3" {
		t.Errorf("calls: %v", state["calls"])
	}
}

func TestADraftWithPaymentTermsIsPendingUntilPaidByHand(t *testing.T) {
	f := start(t, nil)
	id, _ := f.readyDraft(map[string]any{
		"lineItems": lines(f.variants()["MUG"], 1), "paymentTerms": map[string]any{"paymentTermsTemplateId": "gid://shopify/PaymentTermsTemplate/1"},
	})
	order := str(f.must(completeDraft, map[string]any{"id": id}), "draftOrderComplete", "draftOrder", "order", "id")
	if got := str(f.must(readOrder, map[string]any{"id": order}), "order", "displayFinancialStatus"); got != "PENDING" {
		t.Fatalf("status %s", got)
	}
	const pay = `mutation($id: ID!, $amount: MoneyInput) { orderCreateManualPayment(id: $id, amount: $amount, paymentMethodName: "ChatGPT") { order { displayFinancialStatus } userErrors { field message code } } }`
	refusedAmount := f.graph(pay, map[string]any{"id": order, "amount": map[string]any{"amount": "12.99", "currencyCode": "USD"}})
	if got := userError(refusedAmount, "orderCreateManualPayment"); !strings.Contains(got, "Plus") {
		t.Errorf("an amount on a shop without Plus says %q", got)
	}
	data := f.must(pay, map[string]any{"id": order})
	if got := str(data, "orderCreateManualPayment", "order", "displayFinancialStatus"); got != "PAID" {
		t.Errorf("status %s", got)
	}
	if got := str(f.state(), "orders", 0, "transactions", 0, "gateway"); got != "ChatGPT" {
		t.Errorf("gateway %s", got)
	}
}

func TestStockThatRunsOutInBetweenStopsTheSale(t *testing.T) {
	f := start(t, nil)
	scarf := f.variants()["SC-R"]
	held, _ := f.readyDraft(map[string]any{"lineItems": lines(scarf, 3), "reserveInventoryUntil": "2026-11-21T13:00:00Z"})
	greedy, _ := f.readyDraft(map[string]any{"lineItems": lines(scarf, 3)})
	if got := userError(f.graph(completeDraft, map[string]any{"id": greedy}), "draftOrderComplete"); !strings.Contains(got, "out of stock") {
		t.Fatalf("taking what is reserved says %q", got)
	}
	f.must(completeDraft, map[string]any{"id": held})
	if n := len(f.state()["orders"].([]any)); n != 1 {
		t.Errorf("%d orders, want the one that had reserved", n)
	}
}

func TestASearchSeesADraftOnlyAfterAWhile(t *testing.T) {
	f := start(t, nil)
	const find = `{ draftOrders(first: 5, query: "tag:'acp-7'") { nodes { id } } }`
	f.must(createDraft, map[string]any{"input": map[string]any{"lineItems": lines(f.variants()["MUG"], 1), "tags": []any{"acp-7"}}})
	if got := dig(f.must(find, nil), "draftOrders", "nodes").([]any); len(got) != 0 {
		t.Fatal("the index does not lag")
	}
	f.clock.pass(2 * time.Second)
	if got := dig(f.must(find, nil), "draftOrders", "nodes").([]any); len(got) != 1 {
		t.Fatal("the draft is never found")
	}
}

func TestRefundsNeedAKeyAndReplayIt(t *testing.T) {
	f := start(t, nil)
	id, _ := f.readyDraft(map[string]any{"lineItems": lines(f.variants()["MUG"], 1)})
	order := str(f.must(completeDraft, map[string]any{"id": id}), "draftOrderComplete", "draftOrder", "order", "id")
	input := map[string]any{"orderId": order, "transactions": []any{map[string]any{"orderId": order, "gateway": "manual", "kind": "REFUND", "amount": "5.00"}}}
	bare := f.graph(`mutation($input: RefundInput!) { refundCreate(input: $input) { refund { id } userErrors { message } } }`, map[string]any{"input": input})
	if len(bare.Errors) == 0 {
		t.Fatal("a refund without a key was made")
	}
	const keyed = `mutation($input: RefundInput!) { refundCreate(input: $input) @idempotent(key: "k1") { refund { id } order { displayFinancialStatus } userErrors { message } } }`
	first, second := f.must(keyed, map[string]any{"input": input}), f.must(keyed, map[string]any{"input": input})
	if str(first, "refundCreate", "refund", "id") != str(second, "refundCreate", "refund", "id") || str(second, "refundCreate", "order", "displayFinancialStatus") != "PARTIALLY_REFUNDED" {
		t.Errorf("first %v, second %v", first, second)
	}
	if n := len(dig(f.state(), "orders", 0, "refunds").([]any)); n != 1 {
		t.Errorf("%d refunds", n)
	}
}

func TestCancellingGivesStockAndMoneyBack(t *testing.T) {
	f := start(t, nil)
	id, _ := f.readyDraft(map[string]any{"lineItems": lines(f.variants()["SC-R"], 5)})
	order := str(f.must(completeDraft, map[string]any{"id": id}), "draftOrderComplete", "draftOrder", "order", "id")
	const cancel = `mutation($id: ID!) { orderCancel(orderId: $id, reason: CUSTOMER, restock: true, refundMethod: { originalPaymentMethodsRefund: true }) { job { id done } orderCancelUserErrors { message code } } }`
	if got := str(f.must(cancel, map[string]any{"id": order}), "orderCancel", "job", "done"); got != "false" {
		t.Errorf("job done: %s", got)
	}
	o := dig(f.state(), "orders", 0)
	if str(o, "displayFinancialStatus") != "REFUNDED" || str(o, "cancelReason") != "CUSTOMER" || str(f.state(), "products", 0, "variants", "nodes", 0, "inventoryQuantity") != "5" {
		t.Errorf("order %v %v", str(o, "displayFinancialStatus"), str(o, "cancelReason"))
	}
	if got := str(f.graph(cancel, map[string]any{"id": order}).Data, "orderCancel", "orderCancelUserErrors", 0, "code"); got != "INVALID" {
		t.Errorf("cancelling twice: %q", got)
	}
}
