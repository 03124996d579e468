package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"strings"
	"testing"
)

// PostgresVariable names the environment variable with the address of a
// PostgreSQL server on which tests may create databases.
const PostgresVariable = "TEST_POSTGRES_DSN"

// NeedPostgres skips the test when no server is named, and returns where it is.
func NeedPostgres(t testing.TB) string {
	t.Helper()
	dsn := os.Getenv(PostgresVariable)
	if dsn == "" {
		t.Skip(PostgresVariable + " is not set: the same tests on PostgreSQL are left out")
	}
	return dsn
}

// Postgres creates an empty PostgreSQL database, which goes when the test
// ends, and returns its address. It skips the test when no server is named.
func Postgres(t testing.TB) string {
	t.Helper()
	dsn := NeedPostgres(t)
	admin, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	name := "acp_test_" + strings.ToLower(rand.Text())
	if _, err := admin.ExecContext(context.Background(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(errors.Join(err, admin.Close()))
	}
	t.Cleanup(func() {
		_, err := admin.ExecContext(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)")
		if err := errors.Join(err, admin.Close()); err != nil {
			t.Error(err)
		}
	})
	return named(t, dsn, name)
}

// named is the address of another database on the same server.
func named(t testing.TB, dsn, name string) string {
	t.Helper()
	if !strings.Contains(dsn, "://") {
		return dsn + " dbname=" + name
	}
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}
