// Package agent stands in for an agent platform as far as a merchant talks to it: it
// receives signed order events and feed pushes, keeps them word for word, and can be
// told to fail. It plays no buyer; whoever shops through ACP lives elsewhere.
package agent
