// Command summary reads `go test -json` on its standard input, prints one line per package as it
// ends and the whole output of what failed, and writes the totals to the file that it is given.
// It exits with 1 when anything failed, also a package that did not build.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

type event struct {
	Action, Package, Test, Output, ImportPath string
	Elapsed                                   json.Number
}

type totals struct {
	passed, failed, skipped int
	output                  map[string]*strings.Builder
	broken                  map[string]bool // packages with a failed test of their own
}

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "summary:", err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: go test -json ./... | summary FILE")
	}
	t := totals{output: map[string]*strings.Builder{}, broken: map[string]bool{}}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			fmt.Fprintln(out, lines.Text()) // what the go command itself says
			continue
		}
		t.take(e, out)
	}
	if err := lines.Err(); err != nil {
		return err
	}
	line := fmt.Sprintf("%d passed, %d failed, %d skipped\n", t.passed, t.failed, t.skipped)
	if err := os.WriteFile(args[0], []byte(line), 0o644); err != nil {
		return err
	}
	if t.failed > 0 {
		return fmt.Errorf("%d failed", t.failed)
	}
	return nil
}

func (t *totals) take(e event, out io.Writer) {
	key := e.Package + e.ImportPath + " " + e.Test
	switch e.Action {
	case "output", "build-output":
		if t.output[key] == nil {
			t.output[key] = &strings.Builder{}
		}
		t.output[key].WriteString(e.Output)
		return
	case "pass":
		t.passed += count(e.Test != "")
	case "skip":
		t.skipped += count(e.Test != "")
	case "build-fail":
		t.show(key, out)
	case "fail":
		// A package that fails counts only when no test of it did: it did not build, or it died.
		t.failed += count(e.Test != "" || !t.broken[e.Package])
		t.broken[e.Package] = true
		t.show(key, out)
	default:
		return
	}
	if e.Test == "" && e.Package != "" {
		fmt.Fprintf(out, "%-5s %s %ss\n", e.Action, e.Package, e.Elapsed)
	}
	delete(t.output, key)
}

func (t *totals) show(key string, out io.Writer) {
	if text := t.output[key]; text != nil {
		fmt.Fprintf(out, "--- %s\n%s", key, text)
	}
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
