package acp

import "time"

// Staff is somebody of the shop's staff, as Shopify's session token names
// them.
type Staff struct {
	Shop      string // from the token's dest, never from a query or a body
	UserID    string
	ExpiresAt time.Time
}
