package app

import (
	"net/http"
	"net/url"
)

// toStandIn leads every request, whatever host it is for, to a stand-in, and
// keeps the host's name in the Host header. The app's own code, which pins
// Shopify's hosts, runs unchanged.
type toStandIn struct {
	base *url.URL
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (t toStandIn) RoundTrip(r *http.Request) (*http.Response, error) {
	led := r.Clone(r.Context())
	led.Host = r.URL.Host
	led.URL.Scheme, led.URL.Host = t.base.Scheme, t.base.Host
	return t.next.RoundTrip(led)
}

// newLoopbackTransport goes straight to the stand-in, whatever proxy the
// machine has set.
func newLoopbackTransport() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone() //nolint:errcheck // its documented type
	t.Proxy = nil
	return t
}
