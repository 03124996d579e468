package shopify

import (
	"encoding/hex"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// queryWindow is how old, or how far ahead, a signed request may be; Shopify's own libraries take 90 s.
const queryWindow = 90 * time.Second

// VerifyQuery checks the hmac parameter that Shopify puts on the application URL and on OAuth callbacks, and
// that its timestamp is fresh. It returns the shop that was signed. Every fault is KindUnauthorized.
func (a App) VerifyQuery(query url.Values, now time.Time) (ShopDomain, error) {
	sum, err := hex.DecodeString(query.Get("hmac"))
	if err != nil {
		return "", unauthorized("request signature is not valid", err)
	}
	message, err := signedQuery(query)
	if err != nil {
		return "", unauthorized("request signature is not valid", err)
	}
	if !a.signed([]byte(message), sum) {
		return "", unauthorized("request signature is not valid", nil)
	}
	seconds, err := strconv.ParseInt(query.Get("timestamp"), 10, 64)
	if err != nil {
		return "", unauthorized("request signature is not valid", err)
	}
	if age := now.Sub(time.Unix(seconds, 0)); age.Abs() > queryWindow {
		return "", unauthorized("request is too old", nil)
	}
	shop, err := ParseShopDomain(query.Get("shop"))
	if err != nil {
		return "", unauthorized("request signature is not valid", err)
	}
	return shop, nil
}

// signedQuery is the text under Shopify's signature: every parameter but hmac and signature, sorted, as
// k=v joined by &. A repeated parameter or one that holds a separator could be read in two ways and is
// refused; Shopify sends none.
func signedQuery(query url.Values) (string, error) {
	var pairs []string
	for key, values := range query {
		if key == "hmac" || key == "signature" {
			continue
		}
		if len(values) != 1 || strings.ContainsAny(key, "&=") || strings.Contains(values[0], "&") {
			return "", errors.New("ambiguous parameter")
		}
		pairs = append(pairs, key+"="+values[0])
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&"), nil
}
