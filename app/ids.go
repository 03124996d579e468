package app

import "crypto/rand"

// newID is an unguessable identifier of 130 random bits.
func newID() string { return rand.Text() }
