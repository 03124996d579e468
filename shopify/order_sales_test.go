package shopify

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// parsed reads what Shopify answers.
func parsed[T any](t *testing.T, raw string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(raw), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

const five = `"amountSet":{"presentmentMoney":{"amount":"5.00","currencyCode":"USD"}}`

var ours = acp.Payment{ProviderID: "pi_1", Amount: acp.Money{Amount: 500, Currency: "usd"}}

// The stand-in has no shop that takes its money later and then gives up.
func TestAnAuthorizationCountsUntilItIsTakenOrVoided(t *testing.T) {
	const authorized = `{"id":"a","kind":"AUTHORIZATION","status":"SUCCESS","gateway":"shopify_payments",` + five + `}`
	for name, test := range map[string]struct {
		then   string
		inShop bool
	}{
		"authorized":          {"", true},
		"voided":              {`,{"id":"v","kind":"VOID","status":"SUCCESS","parentTransaction":{"id":"a"},` + five + `}`, false},
		"the void failed":     {`,{"id":"v","kind":"VOID","status":"FAILURE","parentTransaction":{"id":"a"},` + five + `}`, true},
		"taken":               {`,{"id":"c","kind":"CAPTURE","status":"SUCCESS","parentTransaction":{"id":"a"},` + five + `}`, true},
		"taken and refunded":  {`,{"id":"c","kind":"CAPTURE","status":"SUCCESS","parentTransaction":{"id":"a"},` + five + `},{"id":"r","kind":"REFUND","status":"SUCCESS","parentTransaction":{"id":"c"},` + five + `}`, false},
		"taken and recorded":  {`,{"id":"s","kind":"SALE","status":"SUCCESS","gateway":"Stripe (pi_1)","manualPaymentGateway":true,` + five + `}`, false},
		"pending beside void": {`,{"id":"v","kind":"VOID","status":"SUCCESS","parentTransaction":{"id":"a"},` + five + `},{"id":"p","kind":"SALE","status":"PENDING","gateway":"bank",` + five + `}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			read := amountsIn("USD")
			sales := salesOf(parsed[[]admin.Sale](t, "["+authorized+test.then+"]"), read)
			if got := acp.PaidInShop(sales, ours); got != test.inShop || read.err != nil {
				t.Errorf("paid in Shopify: %t, of %+v, %v", got, sales, read.err)
			}
		})
	}
}

// Staff give back cash and a part of the token's payment in one refund, the
// cash first; of a part, Shopify does not say whose it is.
func TestOfARefundOfTwoPaymentsOnlyOurPartCounts(t *testing.T) {
	const parts = `"transactions":{"nodes":[
		{"kind":"REFUND","status":"SUCCESS","manualPaymentGateway":true,"parentTransaction":{"id":"cash"},"amountSet":{"presentmentMoney":{"amount":"1.00","currencyCode":"USD"}}},
		{"kind":"REFUND","status":"SUCCESS","manualPaymentGateway":true,"parentTransaction":{"id":"ours"},"amountSet":{"presentmentMoney":{"amount":"2.00","currencyCode":"USD"}}},
		{"kind":"REFUND","status":"SUCCESS","manualPaymentGateway":true,"parentTransaction":null,"amountSet":{"presentmentMoney":{"amount":"0.50","currencyCode":"USD"}}}]}`
	money, err := moneyOf(parsed[*admin.OrderMoneyOrder](t, `{"presentmentCurrencyCode":"USD","transactions":[
		{"id":"ours","kind":"SALE","status":"SUCCESS","gateway":"Stripe (pi_1)","manualPaymentGateway":true,`+five+`},
		{"id":"cash","kind":"SALE","status":"SUCCESS","gateway":"manual","manualPaymentGateway":true,`+five+`}],
		"refunds":[{"id":"r",`+parts+`}]}`), ours)
	if err != nil || len(money.Refunds) != 1 || money.Refunds[0].Amount.Amount != 250 {
		t.Errorf("%+v %v", money, err)
	}
	is, sales := manual(parsed[admin.Refund](t, `{`+parts+`}`))
	if !is || !slices.Equal(sales, []string{"cash", "ours", ""}) {
		t.Errorf("manual %t, of %q", is, sales)
	}
}
