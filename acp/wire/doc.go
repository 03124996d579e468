// Package wire owns every JSON shape of every dated version of the Agentic
// Commerce Protocol: it decodes requests into the domain's types and encodes
// the domain's sessions, orders and errors. All functions are pure.
//
// Decoding takes two steps. The body is parsed into a tree and checked against
// the version's shape, which refuses whatever the version does not know and
// names the culprit by its JSONPath; then the checked tree is read. The shapes
// of one version stand in its own files (requests_2026_04_17.go and the like):
// a new date is a new file and one line in dialect.go.
//
// Out of scope: HTTP, authentication, and what a request means for a session.
package wire
