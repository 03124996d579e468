// Package static holds the style sheet and the script of the pages, and serves
// them under addresses that change with their content, so that browsers may
// keep them for ever.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed *.css *.js
var embedded embed.FS

// Prefix is where the files are served.
const Prefix = "/static/"

// Files are the embedded files with their hashed addresses.
type Files struct {
	addresses map[string]string // name: address
	files     map[string]file   // by address
}

type file struct {
	kind    string
	content []byte
}

// New reads the embedded files and hashes them.
func New() (*Files, error) {
	entries, err := embedded.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("list embedded files: %w", err)
	}
	f := &Files{addresses: map[string]string{}, files: map[string]file{}}
	for _, entry := range entries {
		content, err := embedded.ReadFile(entry.Name())
		if err != nil {
			return nil, fmt.Errorf("read embedded file: %w", err)
		}
		sum := sha256.Sum256(content)
		extension := path.Ext(entry.Name())
		address := Prefix + strings.TrimSuffix(entry.Name(), extension) + "." + hex.EncodeToString(sum[:6]) + extension
		f.addresses[entry.Name()] = address
		f.files[address] = file{kind: mime.TypeByExtension(extension), content: content}
	}
	return f, nil
}

// URL is the address of a file by its name, with an error for a name that does
// not exist, so that a template cannot link to nothing.
func (f *Files) URL(name string) (string, error) {
	address, ok := f.addresses[name]
	if !ok {
		return "", fmt.Errorf("no static file %q", name)
	}
	return address, nil
}

// ServeHTTP serves a file by its hashed address.
func (f *Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	found, ok := f.files[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", found.kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(found.content))
}
