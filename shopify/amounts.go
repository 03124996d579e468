package shopify

import (
	"fmt"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify/admin"
)

// amounts reads what the buyer pays (presentment money) into minor units of one currency. It keeps the first
// fault, so that a conversion reads as a list of fields and is checked once at its end.
type amounts struct {
	currency acp.Currency
	err      error
}

// amountsIn reads amounts of the currency that Shopify names.
func amountsIn(code string) *amounts {
	currency, err := acp.ParseCurrency(code)
	if err != nil {
		err = acp.Failed(acp.KindInternal, "read Shopify's currency", fmt.Errorf("%q: %w", code, err))
	}
	return &amounts{currency: currency, err: err}
}

func (a *amounts) of(set admin.Amounts) int64 { return a.price(set.PresentmentMoney) }

// maybe reads an amount that Shopify may leave out, which then is nothing.
func (a *amounts) maybe(set *admin.Amounts) int64 {
	if set == nil {
		return 0
	}
	return a.of(*set)
}

func (a *amounts) price(p admin.Price) int64 {
	if a.err != nil {
		return 0
	}
	if got, err := acp.ParseCurrency(p.CurrencyCode); err != nil || got != a.currency {
		a.err = acp.Failed(acp.KindInternal, "read Shopify's amounts",
			fmt.Errorf("an amount is in %s, the others are in %s", p.CurrencyCode, a.currency.Upper()))
		return 0
	}
	return a.decimal(p.Amount)
}

// decimal reads a bare decimal string, which Shopify means in the shop's currency.
func (a *amounts) decimal(text string) int64 {
	if a.err != nil {
		return 0
	}
	money, err := acp.ParseMoney(text, a.currency)
	if err != nil {
		a.err = acp.Failed(acp.KindInternal, "read Shopify's amounts", err)
	}
	return money.Amount
}
