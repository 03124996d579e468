package catalog_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"github.com/acp-bridge/acp-bridge/sandbox/catalog"
)

// TestLosesNothingOfRealExports counts handles, priced rows and picture addresses on its own.
func TestLosesNothingOfRealExports(t *testing.T) {
	paths, err := filepath.Glob("../../../shared/catalogs/*.csv")
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Skip("no exports beside the repository in ../shared/catalogs")
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			wantProducts, wantVariants, wantPictures := countExport(t, path)
			products, warnings, err := catalog.FromFile(path, catalog.Currency{})
			if err != nil || len(warnings) > 0 {
				t.Fatal(err, warnings)
			}
			variants, pictures := 0, 0
			for _, p := range products {
				wantWhole(t, p)
				variants += len(p.Variants)
				pictures += len(p.Images)
			}
			if len(products) != wantProducts || variants != wantVariants || pictures != wantPictures {
				t.Errorf("got %d products, %d variants, %d pictures; the file has %d, %d, %d",
					len(products), variants, pictures, wantProducts, wantVariants, wantPictures)
			}
			t.Logf("%d products, %d variants, %d pictures", len(products), variants, pictures)
		})
	}
}

func countExport(t *testing.T, path string) (products, variants, pictures int) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	handles, addresses := map[string]bool{}, map[string]bool{}
	for _, row := range rows[1:] {
		handle := row[at["Handle"]]
		handles[handle] = true
		if row[at["Variant Price"]] != "" {
			variants++
		}
		for _, column := range []string{"Image Src", "Variant Image"} {
			if row[at[column]] != "" {
				addresses[handle+" "+row[at[column]]] = true
			}
		}
	}
	return len(handles), variants, len(addresses)
}
