package catalog

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// csvRow is one record and what is needed to say where it stands.
type csvRow struct {
	cols   columns
	cells  []string
	path   string
	line   int
	handle string
}

func (r csvRow) text(field string) string {
	if i, ok := r.cols.at[field]; ok {
		return strings.TrimSpace(r.cells[i])
	}
	return ""
}

func (r csvRow) blank() bool {
	return strings.TrimSpace(strings.Join(r.cells, "")) == ""
}

func (r csvRow) fail(field string, err error) error {
	column := ""
	if field != "" {
		column = r.cols.heading(field)
	}
	return &FileError{Path: r.path, Line: r.line, Column: column, Handle: r.handle, Err: err}
}

func (r csvRow) warn(field, reason string) Warning {
	return Warning{Line: r.line, Column: r.cols.heading(field), Handle: r.handle, Reason: reason}
}

var errPriceMissing = errors.New("is empty: a product without a price would be given away")

func (r csvRow) price(cur Currency) (int64, error) {
	text := r.text("price")
	if text == "" {
		return 0, r.fail("price", errPriceMissing)
	}
	amount, err := cur.minorUnits(text)
	if err != nil {
		return 0, r.fail("price", err)
	}
	return amount, nil
}

func (r csvRow) compareAt(cur Currency) (int64, error) {
	text := r.text("compare at")
	if text == "" {
		return 0, nil
	}
	amount, err := cur.minorUnits(text)
	if err != nil {
		return 0, r.fail("compare at", err)
	}
	return amount, nil
}

// whole reads a count or grams. Spreadsheets write 12 as 12.0, which is still whole.
func (r csvRow) whole(field string) (int64, error) {
	text := r.text(field)
	if text == "" {
		return 0, nil
	}
	digits, zeros, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || strings.Trim(zeros, "0") != "" {
		return 0, r.fail(field, fmt.Errorf("%q is not a whole number", text))
	}
	return n, nil
}

func (r csvRow) yes(field string, unset bool) (bool, error) {
	switch text := strings.ToLower(r.text(field)); text {
	case "":
		return unset, nil
	case "true", "yes", "1":
		return true, nil
	case "false", "no", "0":
		return false, nil
	default:
		return false, r.fail(field, fmt.Errorf("%q is neither true nor false", r.text(field)))
	}
}

// continueSelling reads the inventory policy, which newer exports may also write as a yes or no.
func (r csvRow) continueSelling() (bool, error) {
	switch strings.ToLower(r.text("policy")) {
	case "deny":
		return false, nil
	case "continue":
		return true, nil
	}
	return r.yes("policy", false)
}
