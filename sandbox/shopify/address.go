package shopify

import "strings"

func joined(separator string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, separator)
}

// lines is the address as it is printed on a parcel.
func (a *address) lines() []string {
	var out []string
	for _, line := range []string{
		joined(" ", a.FirstName, a.LastName), a.Company, a.Address1, a.Address2, joined(" ", a.City, a.ProvinceCode, a.Zip), a.CountryCode,
	} {
		if line != "" {
			out = append(out, line)
		}
	}
	return out
}
