package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

var (
	errShape      = errors.New(`is not a storefront's products.json: {"products": [...]} is expected`)
	errTrailing   = errors.New("has text after the end of the list")
	errSameHandle = errors.New("two products have this handle")
)

// fromStorefront reads what a shop answers at /products.json. Members that are not used here are
// ignored: the format is Shopify's, and it grows.
func fromStorefront(path string, text []byte, cur Currency) ([]shopify.Product, []Warning, error) {
	entries, err := storefrontEntries(path, text)
	if err != nil {
		return nil, nil, err
	}
	var warnings []Warning
	products := make([]shopify.Product, 0, len(entries))
	handles := map[string]bool{}
	for i, e := range entries {
		s, err := decodeStorefront(e.raw, i)
		if err != nil {
			return nil, nil, &FileError{Path: path, Line: e.line, Err: err}
		}
		if s.Handle == "" {
			s.Handle = freeHandle(s.Title, func(handle string) bool { return handles[handle] })
		}
		if handles[s.Handle] {
			return nil, nil, &FileError{Path: path, Line: e.line, Handle: s.Handle, Err: errSameHandle}
		}
		handles[s.Handle] = true
		product, warned, err := s.product(cur)
		if err != nil {
			return nil, nil, &FileError{Path: path, Line: e.line, Handle: s.Handle, Err: err}
		}
		for _, w := range warned {
			w.Line, w.Handle = e.line, s.Handle
			warnings = append(warnings, w)
		}
		products = append(products, product)
	}
	return products, warnings, nil
}

// entry is one product as it stands in the file, and the line on which it begins.
type entry struct {
	raw  json.RawMessage
	line int
}

// storefrontEntries walks the file by token, because only so is it known where a product stands.
func storefrontEntries(path string, text []byte) ([]entry, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return nil, shapeFault(path, text, err)
	}
	var entries []entry
	found := false
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, shapeFault(path, text, err)
		}
		if name == "products" {
			found = true
			entries, err = readEntries(decoder, text)
		} else {
			var ignored json.RawMessage
			err = decoder.Decode(&ignored)
		}
		if err != nil {
			return nil, shapeFault(path, text, err)
		}
	}
	if _, err := decoder.Token(); err != nil {
		return nil, shapeFault(path, text, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, &FileError{Path: path, Line: lineAt(text, int(decoder.InputOffset())), Err: errTrailing}
	}
	if !found {
		return nil, shapeFault(path, text, nil)
	}
	return entries, nil
}

func readEntries(decoder *json.Decoder, text []byte) ([]entry, error) {
	if token, err := decoder.Token(); err != nil {
		return nil, err
	} else if token != json.Delim('[') {
		return nil, errShape
	}
	var entries []entry
	line, counted := 1, 0
	for decoder.More() {
		var raw json.RawMessage
		if err := decoder.Decode(&raw); err != nil {
			return nil, err
		}
		begin := int(decoder.InputOffset()) - len(raw)
		line += bytes.Count(text[counted:begin], []byte("\n"))
		counted = begin
		entries = append(entries, entry{raw, line})
	}
	_, err := decoder.Token()
	return entries, err
}

func shapeFault(path string, text []byte, err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return &FileError{Path: path, Line: lineAt(text, int(syntax.Offset)), Err: err}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &FileError{Path: path, Line: lineAt(text, len(text)), Err: errors.New("ends in the middle")}
	}
	return &FileError{Path: path, Line: 1, Err: errShape}
}

func decodeStorefront(raw json.RawMessage, at int) (storefrontProduct, error) {
	var s storefrontProduct
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, fmt.Errorf("products[%d]: %w", at, err)
	}
	if s.Title == "" {
		return s, fmt.Errorf("products[%d].title is empty", at)
	}
	return s, nil
}
