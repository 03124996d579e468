// Package shopify stands in for Shopify: OAuth token endpoint, Admin GraphQL API,
// bulk operations, signed webhooks, invoice pages on which a buyer pays, and a
// miniature admin that embeds the app. It is reached over HTTP, so that the real
// client code runs against it, and it refuses what Shopify refuses.
//
// Where Shopify's behaviour could not be verified the harsher reading was taken, and
// a comment says so. Out of scope: REST, storefronts, customers, markets, B2B, returns,
// more than one location and a presentment currency other than the shop's.
package shopify
