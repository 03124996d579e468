package app

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/acp-bridge/acp-bridge/sandbox/standin"
)

// stripeKey is the secret key of the stand-in of a sandbox in its own process.
func (p *process) stripeKey(t *testing.T) string {
	t.Helper()
	var k sandboxKeys
	if found, err := standin.Load(keysPath(p.data), &k); err != nil || !found {
		t.Fatal(err)
	}
	return k.StripeKey
}

// notes reports whether the books of the other process have a refund like
// that.
func (p *process) notes(t *testing.T, column, value string) bool {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(p.data, "acp-bridge.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n int
	err = db.QueryRowContext(t.Context(), "SELECT count(*) FROM refunds WHERE "+column+" = ?", value).Scan(&n)
	return err == nil && n > 0
}
