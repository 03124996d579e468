package acp

import "fmt"

// RefusedLine is the cause of an error of KindRefused when the shop names the
// one line of a cart that it will not sell.
type RefusedLine struct {
	Index int    // of the cart's lines, from 0
	Said  string // the shop's sentence
}

// Error implements error.
func (r *RefusedLine) Error() string { return fmt.Sprintf("line %d: %s", r.Index, r.Said) }
