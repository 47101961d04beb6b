package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/maillage/maillage/internal/config"
)

// env returns a getenv over pairs of names and values.
func env(pairs ...string) func(string) string {
	values := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return values[name] }
}

func TestTheEnvironmentOverridesDefaults(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("s3cret\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		env  []string
		want config.Config
	}{
		{"nothing set", nil, config.Config{Listen: "127.0.0.1:8080", Memory: 1024, Username: "neo4j"}},
		{"all set", []string{config.EnvListen, ":80", config.EnvStore, "sqlite:x.db", config.EnvUsername, "u", config.EnvPassword, "p", config.EnvExplain, "1", config.EnvMemory, "300"},
			config.Config{Listen: ":80", Store: "sqlite:x.db", Username: "u", Password: "p", Explain: true, Memory: 300}},
		{"explaining is off", []string{config.EnvExplain, "0"}, config.Config{Listen: "127.0.0.1:8080", Memory: 1024, Username: "neo4j"}},
		{"a password file", []string{config.EnvPasswordFile, file}, config.Config{Listen: "127.0.0.1:8080", Memory: 1024, Username: "neo4j", Password: "s3cret"}},
		{"the password wins over the file", []string{config.EnvPassword, "p", config.EnvPasswordFile, file}, config.Config{Listen: "127.0.0.1:8080", Memory: 1024, Username: "neo4j", Password: "p"}},
	} {
		got, err := config.FromEnv(env(c.env...))
		if err != nil || got != c.want {
			t.Errorf("%s: %v, error %v, password as wanted: %v", c.name, got, err, got.Password == c.want.Password)
		}
	}
	_, err := config.FromEnv(env(config.EnvPasswordFile, filepath.Join(filepath.Dir(file), "missing")))
	if err == nil || !strings.HasPrefix(err.Error(), "NEO4J_PASSWORD_FILE: ") {
		t.Errorf("a password file that is not there: %v", err)
	}
	if _, err := config.FromEnv(env(config.EnvExplain, "yes")); err == nil || err.Error() != `MAILLAGE_EXPLAIN: "yes" is neither 1 nor 0` {
		t.Errorf("neither on nor off: %v", err)
	}
	for _, v := range []string{"1GiB", "0"} {
		if _, err := config.FromEnv(env(config.EnvMemory, v)); err == nil || err.Error() != fmt.Sprintf(`MAILLAGE_PROJECTION_MEMORY: %q is no number of MiB, such as 1024`, v) {
			t.Errorf("memory %s: %v", v, err)
		}
	}
}

func TestValidateTellsStoresApart(t *testing.T) {
	for address, path := range map[string]string{
		"": "", "sqlite:a.db": "a.db", "sqlite:/var/lib/a@b.db": "/var/lib/a@b.db", "sqlite:C:\\a.db": "C:\\a.db",
		"neo4j://localhost:7687": "", "neo4j+s://host": "", "bolt://[::1]:7687": "", "bolt+ssc://host": "",
	} {
		c := config.Config{Listen: config.DefaultListen, Store: address}
		if err := c.Validate(); err != nil || c.SQLitePath() != path {
			t.Errorf("%q: %v, path %q", address, err, c.SQLitePath())
		}
	}
	for listen, ok := range map[string]bool{":0": true, "localhost:8080": true, "[::1]:80": true, "8080": false, "": false, "localhost": false, "::1:80": false} {
		if err := (config.Config{Listen: listen}).Validate(); (err == nil) != ok {
			t.Errorf("listen %q: %v", listen, err)
		}
	}
}

// TestPasswordsInAddressesAreNotRepeated gives passwords where they do not
// belong, in every way in which people write them.
func TestPasswordsInAddressesAreNotRepeated(t *testing.T) {
	for _, address := range []string{
		"neo4j://neo4j:s3cret@localhost:7687", "bolt+s://neo4j:s3cret@localhost", "neo4j://neo4j:s3cret@@localhost",
		"neo4j://neo4j:a@s3cret@localhost", "neo4j:neo4j:s3cret@localhost", "bolt:s3cret@localhost", "neo4j:/neo4j:s3cret@localhost",
		"http://neo4j:s3cret@localhost", "neo4j:s3cret@localhost", "s3cret@localhost", "NEO4J://neo4j:s3cret@localhost", "neo4j://s3cret@",
	} {
		err := config.Config{Listen: config.DefaultListen, Store: address}.Validate()
		if err == nil || strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), "***@") {
			t.Errorf("%s: %v", address, err)
		}
	}
	err := config.Config{Listen: config.DefaultListen, Store: "neo4j://u:p@host"}.Validate()
	want := `store "neo4j://***@host": credentials do not belong into the address; set NEO4J_USERNAME and NEO4J_PASSWORD or NEO4J_PASSWORD_FILE`
	if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
		t.Error(diff)
	}
}

func TestPasswordsDoNotPrint(t *testing.T) {
	c := config.Config{Listen: "a:1", Username: "u", Password: "s3cret"}
	var log bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(h).Info("configured", "config", c, "password", c.Password)
	}
	asJSON, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"%v": fmt.Sprintf("%v %v %v", c, &c, c.Password), "%+v": fmt.Sprintf("%+v %+v", c, &c), "%#v": fmt.Sprintf("%#v %#v %#v", c, &c, c.Password),
		"%s": fmt.Sprintf("%s", []any{c, c.Password}), "%q": fmt.Sprintf("%q", c.Password), "%x": fmt.Sprintf("%x", c.Password),
		"slice": fmt.Sprint([]config.Secret{c.Password}, map[string]config.Secret{"a": c.Password}), "JSON": string(asJSON), "log": log.String(),
	} {
		if strings.Contains(text, "s3cret") || strings.Contains(text, "733363726574") {
			t.Errorf("%s prints %s", name, text)
		}
	}
	if c.Password.Reveal() != "s3cret" {
		t.Error("the password is lost")
	}
}

func TestTheDefaultStoreIsInTheDataDirectory(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_DATA_HOME", dir)
	if got, want := config.DefaultStore(), filepath.Join(dir, "maillage", "maillage.db"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
