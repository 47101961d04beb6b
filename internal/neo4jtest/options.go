package neo4jtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Option changes how a server of our own is started.
type Option func(*options)

type options struct {
	auth         bool
	password     string
	heapMiB      int
	pageCacheMiB int
	quickStart   bool
	settings     map[string]string
}

// defaultOptions is a server for tests: no login, and small enough to stand
// beside the compilers of a go test.
func defaultOptions() options {
	return options{heapMiB: 1024, pageCacheMiB: 256, settings: map[string]string{}}
}

// WithAuth makes the server ask for a login: user neo4j, with this password,
// which Neo4j wants to be at least eight characters long.
func WithAuth(password string) Option {
	return func(o *options) { o.auth, o.password = true, password }
}

// WithHeap sets the JVM's largest heap in MiB; 1024 unless told. One
// transaction may use half of it.
func WithHeap(mib int) Option {
	return func(o *options) { o.heapMiB = mib }
}

// WithPageCache sets the page cache in MiB, memory outside the heap; 256
// unless told.
func WithPageCache(mib int) Option {
	return func(o *options) { o.pageCacheMiB = mib }
}

// WithQuickStart saves the JVM a third of a start's work, by never optimising
// what it compiles: for a server of a few statements, not for measurements.
func WithQuickStart() Option {
	return func(o *options) { o.quickStart = true }
}

// WithSettings adds Neo4j settings, or replaces ours of the same names. The
// start fails on a name that the server does not know.
func WithSettings(settings map[string]string) Option {
	return func(o *options) { maps.Copy(o.settings, settings) }
}

// jvm returns the JVM's own arguments.
func (o options) jvm() []string {
	args := []string{fmt.Sprintf("-Xmx%dm", o.heapMiB), "-XX:+UseParallelGC"}
	if o.quickStart {
		args = append(args, "-XX:TieredStopAtLevel=1")
	}
	return args
}

// conf returns the server's configuration file.
func (o options) conf() string {
	settings := map[string]string{
		"dbms.security.auth_enabled": fmt.Sprint(o.auth),
		// The default lets a 200 ms limit run for up to 1.4 s.
		"db.transaction.monitor.check.interval": "100ms",
		"db.transaction.timeout":                "120s",
		// Without it one statement can take the memory of all others.
		"db.memory.transaction.max":                          fmt.Sprintf("%dm", o.heapMiB/2),
		"server.memory.pagecache.size":                       fmt.Sprintf("%dm", o.pageCacheMiB),
		"server.memory.query_cache.per_db_cache_num_entries": "1000",
		// A new store would otherwise claim 512 MB of disk for its logs.
		"db.tx_log.preallocate": "false",
		// Tests report to nobody.
		"dbms.usage_report.enabled": "false",
	}
	maps.Copy(settings, o.settings)
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		fmt.Fprintf(&b, "%s=%s\n", name, settings[name])
	}
	return b.String()
}
