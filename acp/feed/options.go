package feed

import (
	"fmt"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Format is how a feed is written down; UTF-8 in either.
type Format string

// The formats.
const (
	JSONL Format = "jsonl" // one JSON object a line
	CSV   Format = "csv"   // with a header
)

// Options say whose feed is written, and how.
type Options struct {
	Merchant acp.Merchant
	Format   Format
	Now      time.Time
	Checkout bool // agents may buy, not only find
}

// check fails with KindInvalid.
func (o Options) check() error {
	if err := o.Format.check(); err != nil {
		return err
	}
	if o.Now.IsZero() {
		return acp.Invalid(acp.CodeMissing, "now", "a feed needs the time")
	}
	_, err := acp.ParseCurrency(string(o.Merchant.Currency))
	return err
}

func (f Format) check() error {
	if f == JSONL || f == CSV {
		return nil
	}
	return acp.Invalid(acp.CodeInvalid, "format", fmt.Sprintf("a feed is written as jsonl or csv, not as %q", f))
}

// Report is what became of the items.
type Report struct {
	Written   int64 // rows in the file, withdrawn ones included
	Withdrawn int64 // rows that tell agents to forget an item
	Skipped   int64 // items for sale that lack something required
	Gone      int64 // items not for sale of which there is nothing (more) to tell
	Reasons   map[string]int64
	Warnings  map[string]int64
}

func (r *Report) skip(reason string) {
	if r.Reasons == nil {
		r.Reasons = make(map[string]int64)
	}
	r.Skipped++
	r.Reasons[reason]++
}

func (r *Report) warn(what string) {
	if r.Warnings == nil {
		r.Warnings = make(map[string]int64)
	}
	r.Warnings[what]++
}
