package walkthrough

import (
	"fmt"
	"io"
)

// transcript writes what happens as a person would read it.
type transcript struct {
	out   io.Writer
	steps int
}

func (t *transcript) chapter(title string) {
	fmt.Fprintf(t.out, "\n%s\n", title)
}

func (t *transcript) step(format string, args ...any) {
	t.steps++
	fmt.Fprintf(t.out, "  %2d  %s\n", t.steps, fmt.Sprintf(format, args...))
}

// failed is the error of a check that did not hold.
type failed struct{ check, saw string }

// Error implements error.
func (f failed) Error() string { return fmt.Sprintf("check failed: %s: %s", f.check, f.saw) }

// check is nil when ok, else an error that says what was seen instead.
func check(ok bool, what, format string, args ...any) error {
	if ok {
		return nil
	}
	return failed{what, fmt.Sprintf(format, args...)}
}
