package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// versioned is what each document begins with.
type versioned struct {
	Version int `json:"v"`
}

// decode reads a document. It refuses a version that this program does not
// know and, within one, fields that it does not know: writing such a document
// back would lose them.
func decode(document string, version int, into any) error {
	if !strings.HasPrefix(document, fmt.Sprintf(`{"v":%d,`, version)) { // as encode begins; elsewhere it must be looked for
		if err := checkVersion(document, version); err != nil {
			return err
		}
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

func checkVersion(document string, version int) error {
	var v versioned
	if err := json.Unmarshal([]byte(document), &v); err != nil {
		return fmt.Errorf("decode document: %w", err)
	}
	if v.Version != version {
		return fmt.Errorf("decode document: version %d instead of %d", v.Version, version)
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
