package app

import (
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/app/store/storetest"
)

// starter starts a sandbox on one kind of database.
type starter func(t *testing.T, change func(*sandboxFlags)) *running

// onEachEngine runs a test on SQLite and, where a server is named, on
// PostgreSQL: what holds for one database must hold for the other.
func onEachEngine(t *testing.T, test func(t *testing.T, start starter)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, startSandbox) })
	t.Run("postgres", func(t *testing.T) {
		storetest.NeedPostgres(t)
		test(t, startOnPostgres)
	})
}

// startOnPostgres starts a sandbox on an empty PostgreSQL database.
func startOnPostgres(t *testing.T, change func(*sandboxFlags)) *running {
	t.Helper()
	address := storetest.Postgres(t)
	return startSandbox(t, func(f *sandboxFlags) {
		f.databaseURL = acp.Secret(address)
		if change != nil {
			change(f)
		}
	})
}

// openedOnEachEngine is onEachEngine for tests that reach into the app.
func openedOnEachEngine(t *testing.T, test func(t *testing.T, opened *sandbox, r *running)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		opened, r := startOpened(t, nil)
		test(t, opened, r)
	})
	t.Run("postgres", func(t *testing.T) {
		storetest.NeedPostgres(t)
		address := storetest.Postgres(t)
		opened, r := startOpened(t, func(f *sandboxFlags) { f.databaseURL = acp.Secret(address) })
		test(t, opened, r)
	})
}
