package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// versioned is what each document begins with.
type versioned struct {
	Version int `json:"v"`
}

// decode reads a document. It refuses a version that this program does not
// know and, within one, fields that it does not know: writing such a document
// back would lose them.
func decode(document string, version int, into any) error {
	var v versioned
	if err := json.Unmarshal([]byte(document), &v); err != nil {
		return fmt.Errorf("decode document: %w", err)
	}
	if v.Version != version {
		return fmt.Errorf("decode document: version %d instead of %d", v.Version, version)
	}
	decoder := json.NewDecoder(bytes.NewReader([]byte(document)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("decode document: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("decode document: something follows it")
	}
	return nil
}

func encode(document any) (string, error) {
	encoded, err := json.Marshal(document)
	if err != nil {
		return "", fmt.Errorf("encode document: %w", err)
	}
	return string(encoded), nil
}
