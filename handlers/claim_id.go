package handlers

import (
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// inOrder is base32 whose digits sort as their characters do.
const inOrder = "234567ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// timeDigits tell the time in steps of 16 ms, and begin anew after seventeen years.
const timeDigits = 7

// claimID has the time in place of the first of a random id's digits, as
// UUIDv7 (RFC 9562) does: what is opened together lies together in the
// database's indexes, and one commit writes fewer of their pages. Sessions are
// named by it. What is left of 26 digits are 95 random bits.
func claimID(now time.Time, random string) acp.ClaimID {
	id := []byte(random)
	at := now.UnixMilli() / 16
	for i := timeDigits - 1; i >= 0; i-- {
		id[i] = inOrder[at%32]
		at /= 32
	}
	return acp.ClaimID(id)
}
