// Package openapi holds the description of this server that agents' makers
// read: an OpenAPI 3.1 document, put together from hand-written parts and what
// only the running server knows. Tests hold it against the router, against
// every answer that the handlers' tests get, against the decoders and against
// the protocol's published schemas, so that it cannot drift.
//
// It describes the newest protocol version. Out of scope: the pages of staff
// and buyers, the feed, and what Shopify calls.
package openapi
