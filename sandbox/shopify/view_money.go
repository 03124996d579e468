package shopify

import (
	"encoding/json"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify/pricing"
)

// money is MoneyV2 of minor units of the shop's currency.
func (s *Server) money(minor int64) object {
	return object{"amount": pricing.FormatDecimal(minor, s.decimal), "currencyCode": s.shop.Currency}
}

// bag is a MoneyBag. Presentment currency is the shop's: the stand-in has no markets.
func (s *Server) bag(minor int64) object {
	return object{"shopMoney": s.money(minor), "presentmentMoney": s.money(minor)}
}

// price is the Money scalar.
func (s *Server) price(minor int64) string { return pricing.Format(minor, s.decimal) }

// taxLines shows rates as JSON numbers written exactly, never through a float.
func (s *Server) taxLines(taxes []pricing.TaxLine) []object {
	out := []object{}
	for _, t := range taxes {
		out = append(out, object{
			"title": t.Title, "rate": json.Number(pricing.Format(t.PPM, 6)), "ratePercentage": json.Number(pricing.Format(t.PPM, 4)),
			"source": "shopify", "channelLiable": false, "priceSet": s.bag(t.Amount), "price": s.price(t.Amount),
		})
	}
	return out
}
