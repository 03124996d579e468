// Package shopify is everything that this app says to Shopify and hears from it: token exchange and
// refresh, session tokens, signatures, and the Admin GraphQL API.
//
// go-shopify is the transport of GraphQL calls, and nothing else of it is used: its OAuth helpers drop
// refresh tokens and can be tricked into sending the client secret to a foreign host, its retries sleep
// through cancelled contexts, and its REST services are closed to new public apps (App Store requirement
// 2.2.4). Errors carry the domain's kinds; the ones that this package can add are named on each method.
//
// Out of scope: storing anything. Tokens live behind Installations, the mirror behind the domain's ports.
package shopify
