package wire

import (
	"strconv"
	"unicode/utf16"
)

// splitsCharacter reports whether a JSON string, as it stands in the body, holds
// one half of a surrogate pair without the other. encoding/json reads such a
// half as U+FFFD, so two different texts would look alike; canonical JSON has
// no form for it (RFC 8785, 3.2.2.2).
func splitsCharacter(literal []byte) bool {
	for i := 0; i < len(literal); i++ {
		if literal[i] != '\\' {
			continue
		}
		i++ // what is escaped
		unit, ok := codeUnit(literal, i)
		if !ok || !utf16.IsSurrogate(unit) {
			continue
		}
		low, _ := codeUnit(literal, i+6)
		if literal[min(i+5, len(literal)-1)] != '\\' || utf16.DecodeRune(unit, low) == '\uFFFD' {
			return true
		}
		i += 10 // both halves
	}
	return false
}

// codeUnit reads the u and four hex digits of an escape.
func codeUnit(literal []byte, at int) (rune, bool) {
	if at+5 > len(literal) || literal[at] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(literal[at+1:at+5]), 16, 16)
	return rune(unit), err == nil
}
