package neo4jstore

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/notifications"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/kg"
	"github.com/maillage/maillage/internal/store"
)

// connectTimeout bounds the first contact with a server.
const connectTimeout = 10 * time.Second

// connect makes a driver and sees to it that a server answers which is new
// enough.
func connect(ctx context.Context, address string, auth Auth, c *catalog.Catalog, opts Options) (*Store, error) {
	if err := checkAddress(address); err != nil {
		return nil, err
	}
	if name := reserved(c); name != "" {
		return nil, fmt.Errorf("store %s: the model has a %s, a name that the store keeps for itself", address, name)
	}
	token := neo4j.NoAuth()
	if auth.Username != "" {
		token = neo4j.BasicAuth(auth.Username, auth.Password, "")
	}
	driver, err := neo4j.NewDriverWithContext(address, token, func(d *config.Config) {
		d.MaxConnectionPoolSize = opts.PoolSize
		d.ConnectionAcquisitionTimeout = 2 * time.Second
		d.ConnectionLivenessCheckTimeout = 30 * time.Second
		d.SocketConnectTimeout = 2 * time.Second
		d.TelemetryDisabled = true
		d.NotificationsMinSeverity = notifications.DisabledLevel
		d.UserAgent = "maillage"
	})
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", address, err)
	}
	s := &Store{driver: driver, catalog: c, kept: keep(c), opts: opts, breaker: newBreaker(), writing: make(chan struct{}, 1)}
	if strings.HasPrefix(address, "neo4j") {
		s.bookmarks = neo4j.NewBookmarkManager(neo4j.BookmarkManagerConfig{})
	}
	if err := s.checkServer(ctx); err != nil {
		_ = s.Close()
		return nil, refusal(address, auth, err)
	}
	return s, nil
}

// checkAddress refuses an address that the driver would refuse in other words,
// or whose password it would print.
func checkAddress(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return errors.New("store: the address is no URL: write it like neo4j://host:7687")
	case u.User != nil:
		return fmt.Errorf("store %s: the address holds a login, which belongs into settings of its own", u.Redacted())
	case store.Kind(address) != "neo4j" || u.Hostname() == "":
		return fmt.Errorf("store %s: write the address like neo4j://host:7687, with neo4j or bolt, or either with +s or +ssc", address)
	}
	return nil
}

// refusal returns in one line why a database cannot be used.
func refusal(address string, auth Auth, err error) error {
	reason := err.Error()
	var code kg.Code
	var coded *kg.Error
	if errors.As(err, &coded) {
		code, reason = coded.Code, coded.Message
	}
	switch server := serverCode(err); {
	case server == "Neo.ClientError.Security.Unauthorized" && auth.Username == "":
		reason = "it asks for a login, and no user name is set"
	case server == "Neo.ClientError.Security.Unauthorized" && auth.Password == "":
		reason = fmt.Sprintf("it refuses the user %q without a password", auth.Username)
	case server == "Neo.ClientError.Security.Unauthorized":
		reason = fmt.Sprintf("it refuses the user %q with this password", auth.Username)
	case server == "Neo.ClientError.Security.AuthenticationRateLimit":
		reason = "it refuses logins for some seconds, after too many with a wrong password"
	case server == "Neo.ClientError.Security.CredentialsExpired":
		reason = fmt.Sprintf("the password of the user %q has to be changed first", auth.Username)
	case server == "Neo.ClientError.Database.DatabaseNotFound":
		reason = "there is no database of that name"
	case code == kg.Timeout:
		reason = "nothing that speaks Bolt answered in time"
	case code == kg.Unavailable && lost(err), neo4j.IsUsageError(err):
		reason = unreachable(err)
	}
	return fmt.Errorf("store %s: %s", address, strings.ReplaceAll(reason, "\n", " "))
}

// unreachable says why there is no connection.
func unreachable(err error) string {
	text := err.Error()
	switch {
	case strings.Contains(text, "HTTP"):
		return "what answers there speaks HTTP: the port of Bolt is 7687"
	case strings.Contains(text, "tls"), strings.Contains(text, "x509"), strings.Contains(text, "certificate"):
		return "no trusted encrypted connection can be made: check the certificate, and +s or +ssc in the address"
	case strings.Contains(text, "no such host"):
		return "there is no such host"
	case strings.Contains(text, "connection refused"):
		return "nothing answers there"
	case notConnected(err):
		return "the host cannot be reached"
	}
	return "what answers there is no Neo4j, or it hung up"
}

// checkServer refuses what is no Neo4j, and versions that do not know the
// statements of this store.
func (s *Store) checkServer(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	info, err := s.driver.GetServerInfo(ctx)
	if err != nil {
		return translate(ctx, err)
	}
	product, version, _ := strings.Cut(info.Agent(), "/")
	if product != "Neo4j" || !recent(version) {
		return fmt.Errorf("%s answers there, and Neo4j 5.26 or newer is needed", info.Agent())
	}
	return nil
}

// recent reports whether a version is 5.26 or newer.
func recent(version string) bool {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return false
	}
	major, err1 := strconv.Atoi(parts[0])
	minor, err2 := strconv.Atoi(strings.TrimRight(parts[1], "-abcdefghijklmnopqrstuvwxyz"))
	return err1 == nil && err2 == nil && (major > 5 || major == 5 && minor >= 26)
}
