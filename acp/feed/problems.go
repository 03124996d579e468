package feed

import (
	"fmt"
	"io"
)

// maxListed is how many problems are listed one by one; all are counted.
const maxListed = 200

// Problem is something that is wrong with one row.
type Problem struct {
	Row     int64 // counted from 1, without the header
	Item    string
	Column  string
	Message string
	Reject  bool // agents reject the row; otherwise they ignore the value
}

// String is a line for staff.
func (p Problem) String() string {
	weight := "warning"
	if p.Reject {
		weight = "rejected"
	}
	return fmt.Sprintf("row %d (%s): %s: %s %s", p.Row, p.Item, weight, p.Column, p.Message)
}

// Problems is what Validate found.
type Problems struct {
	Rows     int64
	Rejected int64            // rows that agents reject
	Counts   map[string]int64 // "column message" to how often
	List     []Problem        // the first of them
}

// OK is true when agents accept every row.
func (p Problems) OK() bool { return p.Rejected == 0 }

// Validate reads a feed and tells what agents would reject or ignore in it. It
// keeps ids and option values in memory, not rows. Errors: KindInvalid when the
// file cannot be taken apart into rows, and those of r.
func Validate(r io.Reader, f Format) (Problems, error) {
	v := newValidator()
	var err error
	switch f {
	case JSONL:
		err = readJSONL(r, v.row)
	case CSV:
		err = readCSV(r, v.row)
	default:
		err = f.check()
	}
	if err != nil {
		return v.found, fmt.Errorf("validate feed: %w", err)
	}
	v.crossCheck()
	return v.found, nil
}
