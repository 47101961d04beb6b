package neo4jtest

import (
	"context"
	_ "embed" // the launcher's source and pom
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// version is the Neo4j that is started; launcher/pom.xml says the same.
const version = "5.26.30"

// launcherSource is run from source, so that no compiled class has to be kept.
const launcherSource = "Neo4jDev.java"

// confFile is the server's configuration, beside the launcher.
const confFile = "neo4j.conf"

//go:embed launcher/Neo4jDev.java
var launcher []byte

//go:embed launcher/pom.xml
var pom []byte

// provide returns the directory of Neo4j's jars, after seeing to it that they
// and the tools that need them are there.
func provide(ctx context.Context) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir() // a process without HOME
	}
	jars := filepath.Join(cache, "maillage", "neo4j-"+version)
	if isDir(jars) {
		return jars, ensureTools(ctx, "java")
	}
	if err := ensureTools(ctx, "java", "mvn"); err != nil {
		return "", err
	}
	return jars, download(ctx, jars)
}

// download fills the directory jars. Whoever sees it sees it whole: the jars
// go to a directory beside it that is renamed at the end, and of two processes
// that download at once the second throws its own away.
func download(ctx context.Context, jars string) error {
	parent := filepath.Dir(jars)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(parent, "download-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	if err := os.WriteFile(filepath.Join(tmp, "pom.xml"), pom, 0o600); err != nil {
		return err
	}
	lib := filepath.Join(tmp, "lib")
	fmt.Fprintf(os.Stderr, "neo4jtest: fetching Neo4j %s with Maven into %s\n", version, jars)
	cmd := exec.CommandContext(ctx, "mvn", "-B", "-q", "-f", filepath.Join(tmp, "pom.xml"),
		// Versions of the plugin before 3 do not know what a modern Maven gives them.
		"org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies",
		"-DincludeScope=runtime", "-DoutputDirectory="+lib)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("fetch Neo4j %s with Maven: %w\n%s", version, err, lastLines(string(out), 20))
	}
	if err := os.Rename(lib, jars); err != nil && !isDir(jars) {
		return err
	}
	return nil
}

// ensureTools checks for commands. In a container for tests, known by root
// and apt-get, it installs what is missing; anywhere else it says what to do.
func ensureTools(ctx context.Context, names ...string) error {
	missing := missingTools(names)
	if len(missing) == 0 {
		return nil
	}
	hint := fmt.Sprintf("%s not found: install a JDK 17 or later and Maven (Debian, Ubuntu: apt-get install openjdk-17-jdk-headless maven), or name a server with %s",
		strings.Join(missing, " and "), EnvURI)
	if _, err := exec.LookPath("apt-get"); err != nil || os.Geteuid() != 0 {
		return errors.New(hint)
	}
	fmt.Fprintf(os.Stderr, "neo4jtest: %s not found, installing Java and Maven with apt-get\n", strings.Join(missing, " and "))
	if err := aptGet(ctx, "update"); err != nil {
		return fmt.Errorf("%s; %w", hint, err)
	}
	if err := aptGet(ctx, "install", "openjdk-17-jdk-headless", "maven"); err != nil {
		// Later releases have dropped 17; Neo4j 5.26 also runs on their 21.
		if err := aptGet(ctx, "install", "default-jdk-headless", "maven"); err != nil {
			return fmt.Errorf("%s; %w", hint, err)
		}
	}
	if missing = missingTools(names); len(missing) > 0 {
		return errors.New(hint)
	}
	return nil
}

func missingTools(names []string) []string {
	var missing []string
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			missing = append(missing, name)
		}
	}
	return missing
}

func aptGet(ctx context.Context, args ...string) error {
	// Test packages start at the same time; apt-get waits its turn if told to.
	args = append([]string{"-q", "-y", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"}, args...)
	cmd := exec.CommandContext(ctx, "apt-get", args...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("apt-get %s: %w\n%s", strings.Join(args, " "), err, lastLines(string(out), 10))
	}
	return nil
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
