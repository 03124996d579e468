package app

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// migrated is a database with every migration of the books and of the job
// engine, and nothing else. Making one takes longer than many a test.
var migrated = sync.OnceValues(func() (content []byte, err error) {
	folder, err := os.MkdirTemp("", "acp-bridge")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "acp-bridge.db")
	keys, err := loadKeys(folder)
	if err != nil {
		return nil, err
	}
	b := &bridge{
		config: Config{DatabasePath: path, EncryptionKey: []acp.Secret{acp.Secret(keys.EncryptionKey)}, JobWorkers: 1, SessionTTL: time.Hour},
		world:  world{Now: time.Now, PollJobs: time.Second, Log: slog.New(slog.DiscardHandler)},
	}
	err = b.openStore(context.Background())
	if err := errors.Join(err, b.close()); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// dataFolder is a folder for --data with a database that is migrated already.
func dataFolder(t *testing.T) string {
	t.Helper()
	content, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "acp-bridge.db"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}
