// Package operations carries the GraphQL documents that this app sends to Shopify's Admin API.
//
// The documents of this folder become typed Go in shopify/admin; the ones under bulk/ travel as text
// inside a variable of bulkOperationRunQuery. All of them decide what the pruned schema keeps.
package operations

import "embed"

// Documents holds every operation and fragment, for the schema pruner and for tests that validate them.
//
//go:embed *.graphql bulk/*.graphql
var Documents embed.FS

// CatalogBulk is the body of the catalog's bulk operation. It names no first or last (Shopify sizes bulk
// connections itself), asks for products of every status (drafts and archived ones become tombstones in
// the mirror) and selects __typename and id on every connection node, because the lines of the result
// come in any order. https://shopify.dev/docs/api/usage/bulk-operations/queries
//
//go:embed bulk/catalog_bulk.graphql
var CatalogBulk string
