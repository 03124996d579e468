// Package feed writes the product feed from which ChatGPT and other agents
// learn what a shop sells, and validates such files.
//
// The rows follow OpenAI's product feed specification for file uploads
// (developers.openai.com/commerce/specs/feed) together with the columns that
// its previous version required, which the present one ignores. Compression
// and delivery are for the caller. Prices come from the mirror of the catalog;
// a checkout never does.
package feed
