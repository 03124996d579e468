package catalog

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"github.com/acp-bridge/acp-bridge/sandbox/shopify"
)

// Shopify cuts its own exports at 15 MB; a scraped products.json can be larger. Beyond this the
// file is something else.
const maxFileBytes = 256 << 20

var (
	errEmpty    = errors.New("has no products")
	errTooLarge = errors.New("is larger than 256 MB")
	errEncoding = errors.New("is not UTF-8: save it as UTF-8 and try again")
)

// FromFile reads a merchant's products from a Shopify product export (CSV, with the headings
// used before or since 2025) or a storefront's products.json; the content tells which. Prices are
// taken as cur. Every product of the file is in the answer, in the file's order; what had to be
// dropped from one, such as a picture whose address cannot be used, is a warning. A file that
// cannot be read in full gives no products and a *FileError, or the error of the file system.
func FromFile(path string, cur Currency) ([]shopify.Product, []Warning, error) {
	text, err := readText(path)
	if err != nil {
		return nil, nil, err
	}
	read := fromCSV
	if looksLikeJSON(text) {
		read = fromStorefront
	}
	products, warnings, err := read(path, text, cur.orDefault())
	if err != nil {
		return nil, nil, err
	}
	if len(products) == 0 {
		return nil, nil, &FileError{Path: path, Err: errEmpty}
	}
	return products, warnings, nil
}

func readText(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open catalog: %w", err)
	}
	defer file.Close() //nolint:errcheck // read only
	text, err := io.ReadAll(io.LimitReader(file, maxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read catalog: %w", err)
	}
	if len(text) > maxFileBytes {
		return nil, &FileError{Path: path, Err: errTooLarge}
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if at := firstInvalidByte(text); at >= 0 {
		return nil, &FileError{Path: path, Line: lineAt(text, at), Err: errEncoding}
	}
	return text, nil
}

// firstInvalidByte also refuses NUL, which UTF-16 is full of and no database text column takes.
func firstInvalidByte(text []byte) int {
	if at := bytes.IndexByte(text, 0); at >= 0 {
		return at
	}
	if utf8.Valid(text) {
		return -1
	}
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

func looksLikeJSON(text []byte) bool {
	trimmed := bytes.TrimLeft(text, " \t\r\n")
	return len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[')
}

func lineAt(text []byte, offset int) int {
	return 1 + bytes.Count(text[:min(offset, len(text))], []byte("\n"))
}
