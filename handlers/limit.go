package handlers

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// guard slows down those who guess passwords and tokens.
type guard struct {
	now func() time.Time

	mu     sync.Mutex
	limits map[string]*rate.Limiter
}

func newGuard(now func() time.Time) *guard {
	return &guard{now: now, limits: make(map[string]*rate.Limiter)}
}

// limit is one count of attempts: so many at once, then one in every so often.
type limit struct {
	key   string
	burst int
	every time.Duration
}

// signInLimits: a person who errs from one place has ten tries; a place that tries many names, and
// many places that try one name, are slowed too. The place comes first, see allow.
func signInLimits(name, address string) []limit {
	if len(name) > 64 {
		name = name[:64]
	}
	place := network(address)
	return []limit{
		placeLimit(address),
		{"both " + place + " " + name, 10, 20 * time.Second},
		{"name " + name, 40, 5 * time.Second},
	}
}

// placeLimit counts every try to sign in from one place, by whatever way.
func placeLimit(address string) limit {
	return limit{"place " + network(address), 40, 2 * time.Second}
}

// tokenLimit counts the wrong tokens of one place.
func tokenLimit(address string) limit {
	return limit{"token " + network(address), 20, time.Second}
}

// network is what one person has of IPv6 addresses; an IPv4 address stands for itself.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Is4() || ip.Is4In6() {
		return address
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}

// maxLimits bounds the memory of a guard; beyond it everybody begins anew.
const maxLimits = 50_000

// allow takes one attempt from each limit in turn and reports whether all of them had one left. It ends
// with the first that has none, so that whoever is refused for their place cannot fill the memory with
// made-up names until it is cleared.
func (g *guard) allow(limits ...limit) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.limits) > maxLimits {
		clear(g.limits)
	}
	for _, l := range limits {
		if !g.limiter(l).AllowN(g.now(), 1) {
			return false
		}
	}
	return true
}

func (g *guard) limiter(l limit) *rate.Limiter {
	found, ok := g.limits[l.key]
	if !ok {
		found = rate.NewLimiter(rate.Every(l.every), l.burst)
		g.limits[l.key] = found
	}
	return found
}
