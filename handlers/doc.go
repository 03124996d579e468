// Package handlers is the door of the app: every HTTP request enters here, is
// checked, turned into one call of the domain, and answered.
//
// It knows no SQL, no vendor and no JSON shape; those belong to app/store,
// shopify, acp/stripe and acp/wire. Statuses live in problem.go, routes in
// routes.go.
package handlers
