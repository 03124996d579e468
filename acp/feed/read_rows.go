package feed

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
)

// maxLine bounds one row of a file.
const maxLine = 4 << 20

// cells is a row as it was read: every value as text, and those that have
// parts as parts too.
type cells struct {
	text  map[string]string
	dict  map[string]string   // variant_dict
	lists map[string][]string // additional_image_urls, target_countries
	odd   []string            // columns with a value of the wrong type
	fault string              // why there is no row at all
}

func newCells() cells {
	return cells{text: map[string]string{}, lists: map[string][]string{}}
}

func readJSONL(r io.Reader, each func(cells)) error {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(make([]byte, bufferSize), maxLine)
	for scanner.Scan() {
		if line := bytes.TrimSpace(scanner.Bytes()); len(line) > 0 {
			each(parseLine(line))
		}
	}
	if err := scanner.Err(); errors.Is(err, bufio.ErrTooLong) {
		return acp.Invalid(acp.CodeInvalid, "", fmt.Sprintf("a line is longer than %d bytes", maxLine))
	} else if err != nil {
		return err
	}
	return nil
}

func parseLine(line []byte) cells {
	c := newCells()
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	var values map[string]any
	if err := decoder.Decode(&values); err != nil || values == nil {
		c.fault = "is not a JSON object"
		return c
	}
	if decoder.More() {
		c.fault = "is more than one JSON value"
		return c
	}
	for column, value := range values {
		c.take(column, value)
	}
	slices.Sort(c.odd)
	return c
}

// take files a JSON value; null is no value.
func (c *cells) take(column string, value any) {
	switch v := value.(type) {
	case nil:
	case string:
		c.text[column] = v
		c.suspect(column, !boolean(column) && !composite(column))
	case bool:
		c.text[column] = fmt.Sprint(v)
		c.suspect(column, boolean(column))
	case json.Number:
		c.text[column] = v.String()
		c.suspect(column, strings.HasSuffix(column, "_count") || column == "return_deadline_in_days")
	case []any:
		for _, part := range v {
			c.lists[column] = append(c.lists[column], fmt.Sprint(part))
		}
		c.suspect(column, column == imagesColumn || column == countriesColumn)
	case map[string]any:
		c.suspect(column, c.object(column, v))
	}
}

func (c *cells) suspect(column string, right bool) {
	if !right {
		c.odd = append(c.odd, column)
	}
}

func (c *cells) object(column string, parts map[string]any) bool {
	if column != dictColumn {
		return column == "dimensions" || column == "ads_metadata"
	}
	c.dict = make(map[string]string, len(parts))
	for name, part := range parts {
		text, ok := part.(string)
		if !ok {
			return false
		}
		c.dict[name] = text
	}
	return true
}

const (
	dictColumn      = "variant_dict"
	imagesColumn    = "additional_image_urls"
	countriesColumn = "target_countries"
)

func composite(column string) bool {
	return column == dictColumn || column == imagesColumn || column == countriesColumn || column == "dimensions" || column == "ads_metadata"
}

func boolean(column string) bool {
	switch column {
	case "listing_has_variations", "accepts_returns", "accepts_exchanges":
		return true
	}
	return strings.HasPrefix(column, "is_")
}

func readCSV(r io.Reader, each func(cells)) error {
	reader := csv.NewReader(r)
	header, err := reader.Read()
	if err != nil {
		return acp.Failed(acp.KindInvalid, "read header", err)
	}
	for {
		line, err := reader.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, csv.ErrFieldCount):
			each(cells{fault: fmt.Sprintf("has %d cells, the header %d", len(line), len(header))})
		case err != nil:
			return acp.Failed(acp.KindInvalid, "read line", err)
		default:
			each(parseCells(header, line))
		}
	}
}

// parseCells files a line of text; an empty cell is no value.
func parseCells(header, line []string) cells {
	c := newCells()
	for i, column := range header {
		value := line[i]
		switch {
		case value == "":
		case column == dictColumn:
			c.suspect(column, json.Unmarshal([]byte(value), &c.dict) == nil)
		case column == imagesColumn || column == countriesColumn:
			c.lists[column] = strings.Split(value, ",")
		default:
			c.text[column] = value
			c.suspect(column, !boolean(column) || value == "true" || value == "false")
		}
	}
	return c
}
