package shopify

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/standin"
)

const (
	bulkBucket = "shopify-tiers-assets-prod-us-east1"
	bulkFolder = "bulk-operation-outputs"
	bulkURLFor = 7 * 24 * time.Hour
)

// downloadURL is signed and needs no header. It names Google's host; the file is also
// served on loopback under the same path.
func (s *Server) downloadURL(b *bulkOperation) string {
	expires := strconv.FormatInt(b.CompletedAt.Add(bulkURLFor).Unix(), 10)
	return fmt.Sprintf("https://storage.googleapis.com/%s/%s/%s-final?GoogleAccessId=assets-us-prod%%40shopify-tiers.iam.gserviceaccount.com&Expires=%s&Signature=%s",
		bulkBucket, bulkFolder, b.File, expires, s.signature(b.File, expires))
}

func (s *Server) signature(file, expires string) string {
	mac := hmac.New(sha256.New, []byte("bulk:"+s.cfg.ClientSecret))
	mac.Write([]byte(file + expires))
	return hex.EncodeToString(mac.Sum(nil))
}

func (s *Server) serveBulk(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimSuffix(r.PathValue("file"), "-final")
	expires := r.URL.Query().Get("Expires")
	until, err := strconv.ParseInt(expires, 10, 64)
	signed := hmac.Equal([]byte(r.URL.Query().Get("Signature")), []byte(s.signature(name, expires)))
	if err != nil || !signed || s.cfg.Now().Unix() > until {
		http.Error(w, "<Error><Code>SignatureDoesNotMatch</Code></Error>", http.StatusForbidden)
		return
	}
	file, err := s.readFile(name)
	if err != nil {
		http.Error(w, "<Error><Code>NoSuchKey</Code></Error>", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/jsonl")
	fault, ordered := s.faults.For(r, "bulk_download")
	if ordered && fault.Mode == standin.DropAfter {
		s.truncate(w, file)
		return
	}
	serve := func(w http.ResponseWriter) { _, _ = io.Copy(w, bytes.NewReader(file)) }
	if ordered {
		s.suffer(w, r, fault, serve)
		return
	}
	serve(w)
}

// truncate is what a download lost half-way looks like.
func (s *Server) truncate(w http.ResponseWriter, file []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(file)))
	_, _ = w.Write(file[:len(file)/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler) // net/http's own signal for "abandon this answer"
}

func (s *Server) keepFile(name string, content []byte) error {
	if s.cfg.Dir == "" {
		s.files.Store(name, content)
		return nil
	}
	path := filepath.Join(s.cfg.Dir, "bulk")
	if err := os.MkdirAll(path, 0o700); err != nil {
		return fmt.Errorf("create folder of bulk files: %w", err)
	}
	if err := os.WriteFile(filepath.Join(path, name+".jsonl"), content, 0o600); err != nil {
		return fmt.Errorf("write bulk file: %w", err)
	}
	return nil
}

func (s *Server) readFile(name string) ([]byte, error) {
	if s.cfg.Dir == "" {
		kept, _ := s.files.Load(name)
		if file, ok := kept.([]byte); ok {
			return file, nil
		}
		return nil, os.ErrNotExist
	}
	return os.ReadFile(filepath.Join(s.cfg.Dir, "bulk", filepath.Base(name)+".jsonl"))
}
