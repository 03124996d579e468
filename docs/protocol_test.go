// Package docs_test keeps what the documents claim true.
package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = ".."

var (
	place    = regexp.MustCompile("`([a-z0-9_/]+\\.go):(\\w+)`")
	testName = regexp.MustCompile("`(Test\\w+)`")
	declared = regexp.MustCompile(`(?m)^func (?:\([^)]*\) )?(\w+)`)
)

// Each rule names functions that exist and tests that exist, or says that it
// is not met and why.
func TestTheTableOfRulesNamesWhatExists(t *testing.T) {
	text, err := os.ReadFile("protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := testsOf(t)
	for _, name := range testName.FindAllStringSubmatch(string(text), -1) {
		if !tests[name[1]] {
			t.Errorf("there is no %s", name[1])
		}
	}
	rules := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| § ") {
			continue
		}
		rules++
		if len(cells) != 4 {
			t.Errorf("%d cells: %s", len(cells), line)
			continue
		}
		checkRule(t, line, strings.TrimSpace(cells[2]), strings.TrimSpace(cells[3]))
	}
	if rules < 40 {
		t.Errorf("only %d rules were read", rules)
	}
}

func checkRule(t *testing.T, line, enforced, shown string) {
	t.Helper()
	if enforced == "not met" {
		if testName.MatchString(shown) || len(strings.Fields(shown)) < 5 {
			t.Errorf("a rule that is not met needs a reason: %s", line)
		}
		return
	}
	places := place.FindAllStringSubmatch(enforced, -1)
	if len(places) == 0 || !testName.MatchString(shown) {
		t.Errorf("names no function or no test: %s", line)
	}
	for _, p := range places {
		source, err := os.ReadFile(filepath.Join(root, p[1]))
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		if !functions(source)[p[2]] {
			t.Errorf("%s has no function %s", p[1], p[2])
		}
	}
}

func functions(source []byte) map[string]bool {
	found := map[string]bool{}
	for _, match := range declared.FindAllSubmatch(source, -1) {
		found[string(match[1])] = true
	}
	return found
}

// testsOf are the test functions of the whole repository.
func testsOf(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for name := range functions(source) {
			if strings.HasPrefix(name, "Test") {
				found[name] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
