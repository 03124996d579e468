package store_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/app/store"
	"github.com/acp-bridge/acp-bridge/app/store/storetest"
)

// secrets stores one of every kind and returns what must not be readable.
func (b *books) secrets(t *testing.T) []string {
	t.Helper()
	must(t, b.SaveInstallation(t.Context(), grant(b.m.Shop, "shpat_plain")))
	must(t, b.SaveConnection(t.Context(), acp.Connection{ID: "con_1", Merchant: b.m.ID, EventSecret: "whsec_plain"}, "hash"))
	s := sessionOf(t, b.m, "cs_1")
	s.Attempt.Token = "spt_plain"
	must(t, b.CreateSession(t.Context(), s))
	s.Note = "changed"
	must(t, b.SaveSession(t.Context(), &s))
	return []string{"shpat_plain", "refresh-shpat_plain", "whsec_plain", "spt_plain"}
}

func TestNoSecretIsReadableInTheDatabase(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		secrets := b.secrets(t)
		stored := dump(t, b)
		if !strings.Contains(stored, "changed") {
			t.Fatal("the dump does not show what is stored")
		}
		for _, secret := range secrets {
			if strings.Contains(stored, secret) {
				t.Errorf("%s can be read", secret)
			}
		}
		for _, bare := range []string{"*****"} {
			if strings.Contains(stored, bare) {
				t.Errorf("stars were stored instead of a secret")
			}
		}
	})
}

// dump is every byte of an SQLite database, or every row of a PostgreSQL one.
func dump(t *testing.T, b *books) string {
	t.Helper()
	var all strings.Builder
	if b.config.Path != "" {
		files, err := filepath.Glob(filepath.Dir(b.config.Path) + "/*")
		must(t, err)
		if len(files) == 0 { // the folder's name has characters that a pattern reads
			files = []string{b.config.Path, b.config.Path + "-wal"}
		}
		for _, name := range files {
			raw, err := os.ReadFile(name)
			must(t, err)
			all.Write(raw)
		}
		return all.String()
	}
	for _, table := range []string{"installations", "connections", "sessions"} {
		rows, err := b.Database.SQL().QueryContext(t.Context(), fmt.Sprintf("SELECT CAST(x AS TEXT) FROM %s x", table))
		must(t, err)
		all.WriteString(texts(t, rows))
	}
	return all.String()
}

func texts(t *testing.T, rows *sql.Rows) string {
	t.Helper()
	defer rows.Close()
	var all strings.Builder
	for rows.Next() {
		var text string
		must(t, rows.Scan(&text))
		all.WriteString(text)
	}
	must(t, rows.Err())
	return all.String()
}

func key(id, letter string) store.Key {
	return store.Key{ID: id, Bytes: acp.Secret(strings.Repeat(letter, 32))}
}

func TestKeysCanBeRotated(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		b.secrets(t)
		with := func(keys ...store.Key) *store.Store {
			sealer, err := store.NewSealer(keys...)
			must(t, err)
			return storetest.Over(t, open(t, b.config), func(c *store.Config) { c.Sealer = sealer })
		}
		rotated := with(key("new", "n"), key("test", "k"))
		i, err := rotated.Tokens().Installation(t.Context(), b.m.Shop)
		must(t, err)
		must(t, rotated.Tokens().SaveInstallation(t.Context(), i))
		i, err = with(key("new", "n")).Tokens().Installation(t.Context(), b.m.Shop)
		if err != nil || i.AccessToken != "shpat_plain" {
			t.Fatalf("after rotating: %v", err)
		}
		_, err = b.Tokens().Installation(t.Context(), b.m.Shop)
		wantKind(t, err, acp.KindInternal)
		_, err = with(key("test", "x")).Session(t.Context(), b.m.ID, "", "cs_1") // the right name, the wrong key
		wantKind(t, err, acp.KindInternal)
	})
}

func TestASealedSecretIsBoundToItsOwner(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		b.secrets(t)
		must(t, b.SaveInstallation(t.Context(), grant("other.myshopify.com", "other")))
		db := b.Database.SQL()
		_, err := db.ExecContext(t.Context(), `UPDATE installations SET access_token =
			(SELECT access_token FROM installations WHERE shop = 'm_1.myshopify.com') WHERE shop = 'other.myshopify.com'`)
		must(t, err)
		_, err = b.Tokens().Installation(t.Context(), "other.myshopify.com")
		wantKind(t, err, acp.KindInternal)
		_, err = db.ExecContext(t.Context(), "UPDATE installations SET access_token = refresh_token")
		must(t, err)
		_, err = b.Tokens().Installation(t.Context(), b.m.Shop)
		wantKind(t, err, acp.KindInternal)
	})
}

// Without the key nobody can find out whose count it is, however few card
// numbers and network addresses there are to try.
func TestACountIsOfNobodyWithoutTheKey(t *testing.T) {
	sealer := func(letter string) *store.Store {
		s, err := store.NewSealer(key("k", letter))
		must(t, err)
		return storetest.New(t, func(c *store.Config) { c.Sealer = s })
	}
	ours, again, theirs := sealer("a"), sealer("a"), sealer("b")
	card := func(s *store.Store, m acp.MerchantID, value string) string { return s.Holder(m, "card", value) }
	if card(ours, "m_1", "visa4242") != card(again, "m_1", "visa4242") {
		t.Error("two instances count apart")
	}
	for name, other := range map[string]string{
		"another key": card(theirs, "m_1", "visa4242"), "another shop": card(ours, "m_2", "visa4242"),
		"another card": card(ours, "m_1", "visa4243"), "another kind": ours.Holder("m_1", "device", "visa4242"),
	} {
		if other == card(ours, "m_1", "visa4242") {
			t.Errorf("%s has the same digest", name)
		}
	}
}

func TestUnusableKeysAreRefused(t *testing.T) {
	for name, keys := range map[string][]store.Key{
		"none":         nil,
		"too short":    {{ID: "a", Bytes: "short"}},
		"without name": {key("", "k")},
		"odd name":     {key("a:b", "k")},
		"the same name twice": {
			key("a", "k"), key("a", "n"),
		},
	} {
		if _, err := store.NewSealer(keys...); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
