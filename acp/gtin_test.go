package acp_test

import (
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
)

func TestAGTINHasItsLengthAndItsCheckDigit(t *testing.T) {
	for s, want := range map[string]bool{
		"96385074": true, "036000291452": true, "4006381333931": true, "10012345678902": true,
		"4006381333932": false, "400638133393": false, "4006381333a31": false, "4006-38133393": false,
		"0306406152": false, "00000000": false, "": false, "４００６": false,
	} {
		if got := acp.ValidGTIN(s); got != want {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
}
