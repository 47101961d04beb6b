//go:build unix

package neo4jtest

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func TestVersion(t *testing.T) {
	if !bytes.Contains(pom, []byte("<version>"+version+"</version>")) {
		t.Errorf("launcher/pom.xml does not name version %s", version)
	}
}

// TestDownloadTogether: two packages of one go test may both find no jars.
func TestDownloadTogether(t *testing.T) {
	bin := t.TempDir()
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	script(t, bin, "mvn", `
for a; do case $a in -DoutputDirectory=*) dir=${a#*=};; esac; done
mkdir "$dir"; sleep 0.1; echo jar >"$dir/a.jar"`)
	jars := filepath.Join(t.TempDir(), "maillage", "neo4j")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := download(t.Context(), jars); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if _, err := os.Stat(filepath.Join(jars, "a.jar")); err != nil {
		t.Error(err)
	}
	rest, err := filepath.Glob(filepath.Join(filepath.Dir(jars), "*"))
	if err != nil || len(rest) != 1 {
		t.Errorf("beside the jars: %q, %v", rest, err)
	}
}

// TestInstall has an apt-get that knows no Java 17, as of Debian 13.
func TestInstall(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("nothing is installed but by root")
	}
	bin := t.TempDir()
	t.Setenv("PATH", bin)
	if err := ensureTools(t.Context(), "java", "mvn"); err == nil {
		t.Error("no tools and no apt-get: no error")
	}
	script(t, bin, "apt-get", `
case "$*" in
*update*) ;;
*openjdk-17*) echo "Unable to locate package" >&2; exit 100;;
*) for tool in java mvn; do echo '#!/bin/sh' >`+bin+`/$tool; /bin/chmod +x `+bin+`/$tool; done;;
esac`)
	if err := ensureTools(t.Context(), "java", "mvn"); err != nil {
		t.Error(err)
	}
}

// script makes a command of shell text.
func script(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
}
