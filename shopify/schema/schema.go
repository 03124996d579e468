// Package schema carries the part of Shopify's Admin GraphQL schema that this app's operations touch.
//
// Output types are cut down to the fields that are selected; input types and enums are whole, so that any
// variable this app could send is judged as Shopify would judge it. prune makes the copy and its test
// compares it with Shopify's own schema where that is at hand.
package schema

import _ "embed"

// APIVersion is the Admin API version that every call names. Shopify serves it until 2027-10.
// https://shopify.dev/docs/api/usage/versioning
const APIVersion = "2026-10"

// SDL is the pruned schema in GraphQL's schema definition language. go generate in shopify/admin makes it
// anew, because the typed results there follow from it.
//
//go:embed admin_2026-10.graphql
var SDL string
