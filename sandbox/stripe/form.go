package stripe

import (
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// knownOnly refuses a parameter that is neither one of names nor nested in one of them.
func knownOnly(params url.Values, names ...string) *failure {
	for param := range params {
		if !slices.ContainsFunc(names, func(n string) bool { return param == n || strings.HasPrefix(param, n+"[") }) {
			return invalid("parameter_unknown", param, "Received unknown parameter: "+param)
		}
	}
	return nil
}

// integer reads a whole number of minor units; fallback is taken when the parameter is absent.
func integer(params url.Values, name string, fallback int64) (int64, *failure) {
	raw := params.Get(name)
	if raw == "" {
		return fallback, nil
	}
	n, err := strconv.ParseInt(raw, 10, 64)
	if err != nil {
		return 0, invalid("parameter_invalid_integer", name, "Invalid integer: "+raw)
	}
	if n < 1 {
		return 0, invalid("parameter_invalid_integer", name, "This value must be greater than or equal to 1.")
	}
	return n, nil
}

func required(params url.Values, names ...string) *failure {
	for _, name := range names {
		if params.Get(name) == "" {
			return invalid("parameter_missing", name, fmt.Sprintf("Missing required param: %s.", name))
		}
	}
	return nil
}

func oneOf(params url.Values, name string, choices ...string) *failure {
	if v := params.Get(name); v != "" && !slices.Contains(choices, v) {
		return invalid("", name, fmt.Sprintf("Invalid %s: must be one of %s", name, strings.Join(choices, ", ")))
	}
	return nil
}

// readMetadata holds to Stripe's limits: 50 keys, 40 characters a key, 500 a value
// (docs.stripe.com/api/metadata).
func readMetadata(params url.Values, name string) (map[string]string, *failure) {
	found := map[string]string{}
	for param, values := range params {
		key, nested := strings.CutPrefix(param, name+"[")
		if !nested || !strings.HasSuffix(key, "]") {
			continue
		}
		key = strings.TrimSuffix(key, "]")
		switch {
		case len([]rune(key)) > 40 || key == "":
			return nil, invalid("", name, "Metadata keys must be between 1 and 40 characters long.")
		case len([]rune(values[0])) > 500:
			return nil, invalid("", param, "Metadata values can have up to 500 characters.")
		}
		if values[0] != "" { // an empty value unsets the key
			found[key] = values[0]
		}
	}
	if len(found) > 50 {
		return nil, invalid("", name, "Metadata can have up to 50 keys.")
	}
	return found, nil
}

// readShipping is nil without shipping; with it, Stripe wants a name and an address.
func readShipping(params url.Values) (map[string]any, *failure) {
	shipping, address := map[string]any{}, map[string]any{}
	for _, field := range []string{"name", "phone", "carrier", "tracking_number"} {
		if v := params.Get("shipping[" + field + "]"); v != "" {
			shipping[field] = v
		}
	}
	for _, field := range []string{"line1", "line2", "city", "state", "postal_code", "country"} {
		if v := params.Get("shipping[address][" + field + "]"); v != "" {
			address[field] = v
		}
	}
	switch {
	case len(shipping) == 0 && len(address) == 0:
		return nil, nil
	case shipping["name"] == nil:
		return nil, invalid("parameter_missing", "shipping[name]", "Missing required param: shipping[name].")
	case len(address) == 0:
		return nil, invalid("parameter_missing", "shipping[address]", "Missing required param: shipping[address].")
	}
	shipping["address"] = address
	return shipping, nil
}

func validEmail(params url.Values) *failure {
	email := params.Get("receipt_email")
	if email == "" {
		return nil
	}
	if a, err := mail.ParseAddress(email); err != nil || a.Address != email {
		return invalid("email_invalid", "receipt_email", "Invalid email address: "+email)
	}
	return nil
}
