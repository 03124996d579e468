package stripe

import "net/url"

const imported3DS = "payment_method_options[card][three_d_secure]"

// readImported3DS is the proof of an authentication that was carried out
// elsewhere, nil without one
// (docs.stripe.com/payments/payment-intents/three-d-secure-import).
func readImported3DS(params url.Values) (map[string]string, *failure) {
	proof := map[string]string{}
	for _, member := range []string{"cryptogram", "transaction_id", "version", "electronic_commerce_indicator", "ares_trans_status"} {
		if v := params.Get(imported3DS + "[" + member + "]"); v != "" {
			proof[member] = v
		}
	}
	if len(proof) == 0 {
		return nil, nil
	}
	if f := required(params, imported3DS+"[cryptogram]", imported3DS+"[transaction_id]", imported3DS+"[version]"); f != nil {
		return nil, f
	}
	for member, words := range map[string][]string{
		"version":                       {"1.0.2", "2.1.0", "2.2.0", "2.3.0", "2.3.1"},
		"electronic_commerce_indicator": {"01", "02", "05", "06", "07"},
		"ares_trans_status":             {"A", "C", "I", "N", "R", "U", "Y"},
	} {
		if f := oneOf(params, imported3DS+"["+member+"]", words...); f != nil {
			return nil, f
		}
	}
	return proof, nil
}

// proves reports whether the issuer is content with the proof: the holder was
// authenticated, or the attempt was acknowledged.
func proves(proof map[string]string) bool {
	status := proof["ares_trans_status"]
	return proof != nil && (status == "" || status == "Y" || status == "A" || status == "I")
}
