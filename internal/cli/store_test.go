package cli_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/cli"
)

// alter runs SQL on the file of a store that nobody has open.
func alter(t *testing.T, path, text string, args ...any) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Exec(text, args...); err != nil {
		t.Fatal(err)
	}
}

// spoiled makes a store and spoils its file.
func spoiled(t *testing.T, spoil func(path string)) string {
	t.Helper()
	address, path := storeIn(t)
	mustRun(t, "init", "--store", address)
	spoil(path)
	return address
}

// TestStoresThatCannotBeOpenedAreToldInOneLine starts every command that opens
// a store on files that are none.
func TestStoresThatCannotBeOpenedAreToldInOneLine(t *testing.T) {
	dir := t.TempDir()
	truncate := func(keep int64) func(string) {
		return func(path string) {
			if err := os.Truncate(path, keep); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []struct{ name, address, want string }{
		{"a folder", "sqlite:" + dir, "it is a folder, not a file"},
		{"no SQLite file", "sqlite:" + write(t, "a.txt", "This is a text, longer than sixteen bytes."), "the file is no SQLite database"},
		{"a short text", "sqlite:" + write(t, "b.txt", "short"), "the file is no SQLite database"},
		{"in no folder", "sqlite:" + filepath.Join(dir, "missing", "a.db"), "there is no folder " + filepath.Join(dir, "missing")},
		{"below a file", "sqlite:" + filepath.Join(write(t, "c.txt", "x"), "a.db"), ""},
		{"truncated", spoiled(t, truncate(5000)), "the file is damaged or no SQLite database"},
		{"only its head", spoiled(t, truncate(100)), "the file is damaged or no SQLite database"},
		{"overwritten", spoiled(t, func(path string) {
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.WriteAt([]byte(strings.Repeat("x", 8000)), 20); err != nil {
				t.Fatal(err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		}), "the file is damaged or no SQLite database"},
		{"of a newer program", spoiled(t, func(path string) { alter(t, path, `update "meta" set "value" = '9' where "name" = 'format'`) }),
			"the file has format 9 and this program knows format"},
		{"of another model", spoiled(t, func(path string) {
			alter(t, path, `update "meta" set "value" = 'x' where "name" = 'catalog'`)
			alter(t, path, `update "meta" set "value" = "value" || 'type Ship ship id:ID' where "name" = 'model'`)
		}), "the file holds a model that this program does not extend (type Ship)"},
		{"of a program with another property", spoiled(t, func(path string) {
			alter(t, path, `update "meta" set "value" = 'x' where "name" = 'catalog'`)
			alter(t, path, `update "meta" set "value" = replace("value", ' city:String', ' town:String') where "name" = 'model'`)
		}), "the file holds a model that this program does not extend (Organization town:String"},
	} {
		path := strings.TrimPrefix(c.address, "sqlite:")
		before, _ := os.ReadFile(path)
		for _, args := range [][]string{
			{"init"}, {"import", "builtin"}, {"export", "jsonl"}, {"query", "{stats{revision}}"}, {"show", "org:1"}, {"serve", "--listen", "127.0.0.1:0"},
		} {
			r := run(t, append(args, "--store", c.address)...)
			if r.code != cli.Failed || !oneLine(r) || !strings.Contains(r.err, path) || !strings.Contains(r.err, c.want) {
				t.Errorf("%s: %s: exit code %d, %q", c.name, args[0], r.code, r.err)
			}
		}
		if after, _ := os.ReadFile(path); string(after) != string(before) {
			t.Errorf("%s: the file has changed", c.name)
		}
	}
}

func TestADataDirectoryThatCannotBeMadeIsToldInOneLine(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", filepath.Join(write(t, "file", "x"), "below"))
	for _, args := range [][]string{{"init"}, {"serve", "--listen", "127.0.0.1:0"}} {
		r := run(t, args...)
		if r.code != cli.Failed || !oneLine(r) || !strings.Contains(r.err, "the data directory cannot be made (name a store with --store sqlite:PATH)") {
			t.Errorf("%s: exit code %d, %s", args[0], r.code, r.err)
		}
	}
}
