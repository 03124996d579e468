package acp

import "strings"

// Currency is a lower-case ISO 4217 code, as the protocol writes it.
type Currency string

// ParseCurrency accepts a code in any case. An unknown code is an error of
// KindInvalid: guessing its number of decimals could charge a hundred times
// too much.
func ParseCurrency(code string) (Currency, error) {
	c := Currency(strings.ToLower(code))
	if _, known := exponents[c]; !known {
		return "", Invalid("currency", "$.currency", "currency must be an ISO 4217 code such as usd")
	}
	return c, nil
}

// Exponent is the number of decimals of the currency (ISO 4217 "minor unit"):
// 2 for usd, 0 for jpy, 3 for kwd. For a code that ParseCurrency refuses it
// is 2.
func (c Currency) Exponent() int {
	if e, known := exponents[c]; known {
		return e
	}
	return 2
}

// Upper is the code as Shopify and product feeds write it.
func (c Currency) Upper() string { return strings.ToUpper(string(c)) }

// The table is ISO 4217 of 2026, not CLDR: the two differ for 17 currencies
// (idr, cop, pkr … have two decimals in ISO), and Shopify follows ISO.
var exponents = currencyTable(map[int]string{
	0: "bif clp djf gnf isk jpy kmf krw pyg rwf ugx uyi vnd vuv xaf xof xpf",
	3: "bhd iqd jod kwd lyd omr tnd",
	4: "clf uyw",
	2: "aed afn all amd aoa ars aud awg azn bam bbd bdt bmd bnd bob brl bsd btn bwp byn bzd cad cdf " +
		"chf cny cop crc cup cve czk dkk dop dzd egp ern etb eur fjd fkp gbp gel ghs gip gmd gtq gyd " +
		"hkd hnl htg huf idr ils inr irr jmd kes kgs khr kpw kyd kzt lak lbp lkr lrd lsl mad mdl mga " +
		"mkd mmk mnt mop mru mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln " +
		"qar ron rsd rub sar sbd scr sdg sek sgd shp sle sos srd ssp stn svc syp szl thb tjs tmt top " +
		"try ttd twd tzs uah usd uyu uzs ved ves wst xcd xcg yer zar zmw zwg",
})

func currencyTable(byExponent map[int]string) map[Currency]int {
	table := make(map[Currency]int)
	for exponent, codes := range byExponent {
		for code := range strings.FieldsSeq(codes) {
			table[Currency(code)] = exponent
		}
	}
	return table
}
