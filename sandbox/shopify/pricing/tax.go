package pricing

// TaxLine is one tax: minor units at a rate in parts per million.
type TaxLine struct {
	Title  string `json:"title"`
	PPM    int64  `json:"ppm"`
	Amount int64  `json:"amount"`
}

var vatPPM = map[string]int64{
	"AT": 200_000, "BE": 210_000, "DE": 190_000, "DK": 250_000, "ES": 210_000, "FI": 255_000, "FR": 200_000,
	"GB": 200_000, "IE": 230_000, "IT": 220_000, "NL": 210_000, "PL": 230_000, "PT": 230_000, "SE": 250_000,
}

// TaxesAt lists the taxes of a destination, none where the demo shop owes none.
func TaxesAt(d *Destination) []TaxLine {
	if d == nil {
		return nil
	}
	if ppm, ok := vatPPM[d.Country]; ok {
		return []TaxLine{{Title: d.Country + " VAT", PPM: ppm}}
	}
	switch d.Country {
	case "US":
		return stateTaxes(d)
	case "CA":
		return []TaxLine{{Title: "GST", PPM: 50_000}}
	case "JP":
		return []TaxLine{{Title: "Consumption tax", PPM: 100_000}}
	}
	return nil
}

func stateTaxes(d *Destination) []TaxLine {
	switch d.Province {
	case "CA":
		taxes := []TaxLine{{Title: "California State Tax", PPM: 72_500}}
		if d.City != "" {
			taxes = append(taxes, TaxLine{Title: d.City + " City Tax", PPM: 13_750})
		}
		return taxes
	case "NY":
		return []TaxLine{{Title: "New York State Tax", PPM: 40_000}, {Title: "New York City Tax", PPM: 45_000}}
	case "WA":
		return []TaxLine{{Title: "Washington State Tax", PPM: 65_000}}
	}
	return nil
}

// tax fills in the taxes of lines, shipping and cart. Each tax is rounded once, over the
// whole cart, and then apportioned, so that neither lines nor taxes drift from the total.
func (q *Quote) tax(shop Shop, cart Cart) {
	if cart.TaxExempt {
		return
	}
	bases := q.taxBases(shop, cart)
	var base int64
	for _, b := range bases {
		base += b
	}
	taxes := TaxesAt(cart.Destination)
	den := int64(Million)
	if shop.TaxesIncluded {
		for _, t := range taxes {
			den += t.PPM
		}
	}
	for _, t := range taxes {
		t.Amount = share(base, t.PPM, den)
		q.Taxes = append(q.Taxes, t)
		q.TaxTotal += t.Amount
		q.spread(t, Apportion(t.Amount, bases))
	}
}

// taxBases is the taxable amount of each line, and of shipping last.
func (q *Quote) taxBases(shop Shop, cart Cart) []int64 {
	bases := make([]int64, len(q.Lines)+1)
	for i, l := range cart.Lines {
		if l.Taxable {
			bases[i] = q.Lines[i].Net()
		}
	}
	if shop.TaxShipping && q.Shipping != nil {
		bases[len(q.Lines)] = q.Shipping.Net
	}
	return bases
}

func (q *Quote) spread(t TaxLine, parts []int64) {
	for i := range q.Lines {
		if parts[i] > 0 {
			q.Lines[i].Taxes = append(q.Lines[i].Taxes, TaxLine{Title: t.Title, PPM: t.PPM, Amount: parts[i]})
		}
	}
	if part := parts[len(q.Lines)]; part > 0 {
		q.Shipping.Taxes = append(q.Shipping.Taxes, TaxLine{Title: t.Title, PPM: t.PPM, Amount: part})
	}
}
