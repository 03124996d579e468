package store

import (
	"io/fs"
	"testing"
)

func TestEachMigrationHasANumberOfItsOwnOnBothEngines(t *testing.T) {
	names := map[string]int{}
	for _, engine := range []string{"sqlite", "postgres"} {
		files, err := fs.ReadDir(migrations, "migrations/"+engine)
		if err != nil {
			t.Fatal(err)
		}
		numbers := map[string]string{}
		for _, f := range files {
			number := f.Name()[:4]
			if other, taken := numbers[number]; taken {
				t.Errorf("%s: %s and %s have one number", engine, other, f.Name())
			}
			numbers[number] = f.Name()
			names[f.Name()]++
		}
	}
	for name, engines := range names {
		if engines != 2 {
			t.Errorf("%s is there for one engine only", name)
		}
	}
}
