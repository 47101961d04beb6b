package resolve

import (
	"cmp"
	"context"
	"errors"
	"hash/maphash"
	"slices"

	"github.com/maillage/maillage/internal/kg"
)

// Graph is where organisations are read from: a store.
type Graph interface {
	Scan(ctx context.Context, yield func(kg.Change) error) error
}

// crowd is the number of organisations in one place from which on what they
// share tells nothing: their pairs are not compared.
const crowd = 50

// errEnough ends a scan when the organisations are read.
var errEnough = errors.New("enough")

// scanOrganizations calls yield with each organisation and its number.
func scanOrganizations(ctx context.Context, g Graph, yield func(i uint32, n *kg.Node)) error {
	i := uint32(0)
	err := g.Scan(ctx, func(ch kg.Change) error {
		switch {
		case ch.Node == nil || ch.Node.Type > nodeType: // types come in order
			return errEnough
		case ch.Node.Type == nodeType:
			yield(i, ch.Node)
			i++
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// member says that an organisation has a key.
type member struct {
	key uint64
	org uint32
}

// collect reads the organisations that share a key with another. It reads all
// of them twice: first it keeps of each only the hashes of its keys, some 64
// bytes, then the organisations that these single out.
func collect(ctx context.Context, g Graph) ([]*organization, error) {
	seed := maphash.MakeSeed()
	var members []member
	err := scanOrganizations(ctx, g, func(i uint32, n *kg.Node) {
		for _, k := range blockKeys(read(n)) {
			members = append(members, member{maphash.String(seed, k), i})
		}
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(members, func(a, b member) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.org, b.org)) })
	shared := map[uint32]bool{}
	for i := 1; i < len(members); i++ {
		if members[i].key == members[i-1].key {
			shared[members[i-1].org], shared[members[i].org] = true, true
		}
	}
	var out []*organization
	err = scanOrganizations(ctx, g, func(i uint32, n *kg.Node) {
		if shared[i] {
			out = append(out, read(n))
		}
	})
	return out, err
}

// blockKeys are the keys under which an organisation meets others.
func blockKeys(o *organization) (out []string) {
	for _, p := range identifiers {
		if id := o.identifiers[p]; id.value != "" {
			out = append(out, p+":"+id.value)
		}
	}
	for _, k := range o.keys {
		out = append(out, "name:"+k.key)
	}
	return out
}

// blocks are organisations by key.
type blocks map[string][]*organization

func newBlocks(orgs []*organization) blocks {
	b := blocks{}
	for _, o := range orgs {
		for _, k := range blockKeys(o) {
			b[k] = append(b[k], o)
		}
	}
	return b
}

// others returns how many organisations besides two may be meant by a name:
// those of their country, or of any where the country of one is not known.
func (b blocks) others(x, y *organization) func(key string) int {
	return func(key string) (n int) {
		for _, o := range b["name:"+key] {
			if o != x && o != y && (near(o, x) || near(o, y)) {
				n++
			}
		}
		return n
	}
}

// near reports whether two organisations may be in one country.
func near(a, b *organization) bool {
	return a.country == "" || b.country == "" || a.country == b.country
}

// pairs calls yield with each two organisations of a block that may be in one
// country, or that share an identifier, once.
func (b blocks) pairs(yield func(x, y *organization)) {
	type pair struct{ x, y *organization }
	met := map[pair]bool{}
	for key, members := range b {
		named := key[:5] == "name:"
		byCountry := map[string]int{}
		for _, o := range members {
			byCountry[o.country]++
		}
		for i, x := range members {
			if named && byCountry[x.country] > crowd {
				continue
			}
			for _, y := range members[i+1:] {
				p := pair{x, y}
				if compareIDs(y.id, x.id) < 0 {
					p = pair{y, x}
				}
				if (named && (!near(x, y) || byCountry[y.country] > crowd)) || met[p] {
					continue
				}
				met[p] = true
				yield(p.x, p.y)
			}
		}
	}
}
