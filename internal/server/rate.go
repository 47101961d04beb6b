package server

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// rates holds a budget of cost points for each client. The least recent are
// forgotten, which gives them a full budget again: a client that could make
// the server forget itself would need that many addresses.
type rates struct {
	perSecond rate.Limit
	burst     int
	proxies   []netip.Prefix
	now       func() time.Time

	mu      sync.Mutex
	clients *lru.Cache[netip.Prefix, *rate.Limiter]
}

func newRates(cfg Config, now func() time.Time) (*rates, error) {
	clients, err := lru.New[netip.Prefix, *rate.Limiter](cfg.Clients)
	if err != nil {
		return nil, err
	}
	return &rates{
		perSecond: rate.Limit(float64(cfg.RatePerMinute) / 60),
		burst:     cfg.Burst,
		proxies:   cfg.TrustedProxies,
		now:       now,
		clients:   clients,
	}, nil
}

// budget returns the budget of the client that sends a request.
func (l *rates) budget(r *http.Request) budget {
	client := l.client(r)
	l.mu.Lock()
	defer l.mu.Unlock()
	limiter, ok := l.clients.Get(client)
	if !ok {
		limiter = rate.NewLimiter(l.perSecond, l.burst)
		l.clients.Add(client, limiter)
	}
	return budget{limiter: limiter, now: l.now}
}

// client returns the network that counts as one client: the address in IPv4,
// and the /64 in IPv6, of which a client may have every address.
func (l *rates) client(r *http.Request) netip.Prefix {
	addr := parseHost(r.RemoteAddr)
	if l.trusted(addr) {
		// The right end is what our own proxy saw; what stands further left
		// anyone may have written.
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0 && l.trusted(addr); i-- {
			hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if err != nil {
				break
			}
			addr = hop.Unmap()
		}
	}
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64
	}
	prefix, _ := addr.WithZone("").Prefix(bits)
	return prefix
}

func (l *rates) trusted(addr netip.Addr) bool {
	for _, proxy := range l.proxies {
		if proxy.Contains(addr) {
			return true
		}
	}
	return false
}

func parseHost(hostPort string) netip.Addr {
	host, _, err := net.SplitHostPort(hostPort)
	if err != nil {
		host = hostPort
	}
	addr, _ := netip.ParseAddr(host)
	return addr.Unmap()
}

// budget is one client's budget: a request.Budget.
type budget struct {
	limiter *rate.Limiter
	now     func() time.Time
}

// Spend takes points, or says how long to wait for them.
func (b budget) Spend(points int) (time.Duration, bool) {
	now := b.now()
	reservation := b.limiter.ReserveN(now, points)
	if !reservation.OK() {
		return time.Minute, false // more than a full budget has
	}
	wait := reservation.DelayFrom(now)
	if wait <= 0 {
		return 0, true
	}
	reservation.CancelAt(now)
	return wait, false
}
