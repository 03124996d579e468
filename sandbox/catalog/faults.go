package catalog

import (
	"fmt"
	"strings"
)

// FileError says where in a catalog file reading stopped, and why. Nothing of the file was used.
type FileError struct {
	Path   string
	Line   int    // 1-based; 0 when the fault is not on one line
	Column string // heading (CSV) or member (JSON), "" when the whole row is meant
	Handle string // product the row belongs to, "" when it is not known
	Err    error
}

// Error names file, line, column and product, as far as they are known.
func (e *FileError) Error() string {
	return e.Path + place(e.Line, e.Column, e.Handle) + ": " + e.Err.Error()
}

// Unwrap gives the reason alone.
func (e *FileError) Unwrap() error { return e.Err }

// Warning is something of a file that had to be dropped or repaired; the product itself was kept.
type Warning struct {
	Line   int
	Column string
	Handle string
	Reason string
}

// String is one readable line for the terminal.
func (w Warning) String() string {
	return strings.TrimPrefix(place(w.Line, w.Column, w.Handle), ", ") + ": " + w.Reason
}

func place(line int, column, handle string) string {
	var b strings.Builder
	if line > 0 {
		fmt.Fprintf(&b, ", line %d", line)
	}
	if column != "" {
		fmt.Fprintf(&b, ", column %q", column)
	}
	if handle != "" {
		fmt.Fprintf(&b, ", product %q", handle)
	}
	return b.String()
}
