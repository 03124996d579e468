package catalog

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

// csvCatalog collects products in the order in which their handles first appear. Rows of one
// product need not be neighbours: sorting the file in a spreadsheet is common and loses nothing.
type csvCatalog struct {
	cur      Currency
	drafts   []*csvProduct
	byHandle map[string]*csvProduct
	warnings []Warning
}

func fromCSV(path string, text []byte, cur Currency) ([]shopify.Product, []Warning, error) {
	reader := csv.NewReader(bytes.NewReader(text))
	header, err := reader.Read()
	if err != nil {
		return nil, nil, csvFault(path, err)
	}
	cols, err := readHeader(header)
	if err != nil {
		return nil, nil, &FileError{Path: path, Line: 1, Err: err}
	}
	all := &csvCatalog{cur: cur, byHandle: map[string]*csvProduct{}}
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, csvFault(path, err)
		}
		line, _ := reader.FieldPos(0)
		if err := all.add(csvRow{cols: cols, cells: cells, path: path, line: line}); err != nil {
			return nil, nil, err
		}
	}
	products := make([]shopify.Product, 0, len(all.drafts))
	for _, draft := range all.drafts {
		products = append(products, draft.finish())
	}
	return products, all.warnings, nil
}

// csvFault turns the reader's error into ours; its column counts bytes, which helps to find a
// stray quote.
func csvFault(path string, err error) error {
	var bad *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return &FileError{Path: path, Err: errEmpty}
	case errors.Is(err, csv.ErrFieldCount) && errors.As(err, &bad):
		return &FileError{Path: path, Line: bad.Line, Err: errors.New("the row has more or fewer cells than the first line")}
	case errors.As(err, &bad):
		return &FileError{Path: path, Line: bad.Line, Column: "byte " + strconv.Itoa(bad.Column), Err: bad.Err}
	}
	return &FileError{Path: path, Err: err}
}

var errNameless = errors.New("the row has neither a handle nor a title, so it belongs to no product")

func (c *csvCatalog) add(row csvRow) error {
	if row.blank() {
		return nil
	}
	row.handle = strings.ToLower(row.text("handle"))
	if row.handle == "" {
		if row.text("title") == "" {
			return row.fail("", errNameless)
		}
		row.handle = c.freeHandle(row.text("title"))
	}
	draft, known := c.byHandle[row.handle]
	if !known {
		return c.open(row)
	}
	if title := row.text("title"); title != "" && title != draft.product.Title {
		c.warnings = append(c.warnings, row.warn("title", "another title for the same handle; the first is kept"))
	}
	return draft.addRow(c, row)
}

func (c *csvCatalog) open(row csvRow) error {
	draft, err := newCSVProduct(row)
	if err != nil {
		return err
	}
	c.drafts = append(c.drafts, draft)
	c.byHandle[row.handle] = draft
	return draft.addRow(c, row)
}

// freeHandle does what Shopify does for a row without a handle: it makes one of the title, and
// numbers it when it is taken, so that two products of the same name stay two.
func (c *csvCatalog) freeHandle(title string) string {
	return freeHandle(title, func(handle string) bool { _, taken := c.byHandle[handle]; return taken })
}
