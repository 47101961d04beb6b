package storetest

import (
	_ "embed" // the fixture
	"sync"

	"github.com/maillage/maillage/graph/generated"
)

//go:embed fixture.jsonl
var lines []byte

// Fixture returns a small graph over the model of schema.graphqls in which
// everything is awkward. It must not be changed. Ids are org:t:NAME and so on;
// a line in brackets is a status, absent where there is none.
//
//	               fund ··SUPPORTS[PLANNED]··▶ council ◀──SUPPORTS── chamber
//	                                            ▲ ▲ ▲ ▲
//	     mirror ─┐ MEMBER_OF, SUPPORTS,         │ │ │ └─ MEMBER_OF: 26 members with seats shared,
//	       ▲     │ INVOLVED_IN ×2,              │ │ │    missing, 0 and at both ends of 32 bits
//	       └─────┘ SUBSIDIARY_OF[PLANNED]       │ │ └─── HAS_ROLE_AT ── bo, cy
//	                                            │ └───── INVOLVED_IN ×2 ── ada, alpha
//	strasse ◀··SUBSIDIARY_OF[PLANNED]·· alpha ──┘
//	                                    ▲ ▲ ▲ └── PARTICIPATES_IN ×12 ──▶ ash … maple
//	  nameless ──SUBSIDIARY_OF[CURRENT]─┘ │ │      ash ◀── PARTICIPATES_IN ×11
//	  gamma ─────SUBSIDIARY_OF────────────┘ │
//	  beta ······SUBSIDIARY_OF[PAST]········┘ ◀── HAS_ROLE_AT ×8 ── ada: titles with | and %
//
//	  site ─▶ park ─▶ sete ─▶ herault ─▶ fr ─▶ world ─▶ world   PART_OF
//	  solar, wind, energy ─▶ energy                             BROADER
//	  hemp-oil ─▶ hemp, crop, energy    hemp ─▶ crop, fibre
//
// Among the organisations alpha, beta and gamma have the same name but for
// case and accents, as have strasse and strasse-2, hopital and hopital-2,
// school and school-2, zed and zed-space but for a blank; the names of long-a
// and long-b differ only past the 256th character; grin, replaced, private and
// last sort otherwise by UTF-16 than by code point; empty has an empty name,
// nameless none, and none has no property at all. Quotes and control characters
// are the names of quotes and control, and three ids hold others.
//
// Projects begin and end on dates of every form and cost amounts of either
// sign; cedar, dogwood and elm, fir tie by label, ash and birch by cost; nutmeg
// takes part in nothing. Figures have the floats. Alpha answers to two former
// ids, of which two resolutions tell, and one of its records names a source that
// is not there; strasse and strasse-2 are kept apart.
func Fixture() *Graph { return fixture() }

var fixture = sync.OnceValue(func() *Graph {
	m, err := NewModel(generated.Model, generated.API)
	if err != nil {
		panic(err)
	}
	g, err := NewGraph(m, lines)
	if err != nil {
		panic(err)
	}
	return g
})
