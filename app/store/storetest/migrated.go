package storetest

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/acp-bridge/acp-bridge/app/store"
)

// migrated is an SQLite file with every migration and nothing else. Making one
// takes longer than most tests do, so that each process makes it once.
var migrated = sync.OnceValues(func() (content []byte, err error) {
	folder, err := os.MkdirTemp("", "storetest")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "store.db")
	database, err := store.Open(context.Background(), store.OpenConfig{Path: path, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	if err := database.Close(); err != nil { // the last one out writes the log into the file
		return nil, err
	}
	return os.ReadFile(path)
})

// Migrated makes a migrated SQLite file.
func Migrated(t testing.TB, path string) {
	t.Helper()
	content, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
