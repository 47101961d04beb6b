package match

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/maillage/maillage/internal/projection"
	"github.com/maillage/maillage/internal/text"
)

// class is a class of material as its levels, the widest first. It is written
// either as words with dots between, as in "wood.chips", or as a code of the
// European list of waste with or without its blanks, as in "03 01 05": chapter,
// group and entry. An asterisk, which marks dangerous waste, says nothing else.
type class []string

// parseClass returns the levels of a class; none when there is no class.
func parseClass(s string) class {
	s = strings.TrimSuffix(text.Fold(strings.TrimSpace(s)), "*")
	if code := strings.ReplaceAll(s, " ", ""); len(code) > 0 && len(code)%2 == 0 && len(code) <= 6 && strings.Trim(code, "0123456789") == "" {
		var out class
		for i := 0; i < len(code); i += 2 {
			out = append(out, code[i:i+2])
		}
		return out
	}
	var out class
	for level := range strings.SplitSeq(s, ".") {
		if level = strings.TrimSpace(level); level != "" {
			out = append(out, level)
		}
	}
	return out
}

// steps returns how many levels lie between two classes, one of which is the
// other or holds it; ok is false for classes that exclude each other, and when
// one is not known.
func (c class) steps(d class) (steps int, ok bool) {
	if len(c) > len(d) {
		c, d = d, c
	}
	if len(c) == 0 {
		return 0, false
	}
	for i := range c {
		if c[i] != d[i] {
			return 0, false
		}
	}
	return len(d) - len(c), true
}

// unit is what a unit measures, and how much of its base unit it is.
type unit struct {
	measures string
	base     float64
}

// units are those that can be converted, by their UN/CEFACT code. Any other can
// be compared with itself.
var units = map[string]unit{
	"GRM": {"mass", .001}, "KGM": {"mass", 1}, "TNE": {"mass", 1000}, "KTN": {"mass", 1e6},
	"LTR": {"volume", .001}, "HLT": {"volume", .1}, "MTQ": {"volume", 1},
	"KWH": {"energy", 1}, "MWH": {"energy", 1000}, "GWH": {"energy", 1e6},
	"MTK": {"area", 1}, "HAR": {"area", 10_000},
	"C62": {"pieces", 1}, "H87": {"pieces", 1},
}

func unitOf(code string) unit {
	if u, ok := units[code]; ok {
		return u
	}
	return unit{code, 1}
}

var duration = regexp.MustCompile(`^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?)?$`)

// days are how many days the parts of a duration are, in the order in which
// they are written: years and months as they are on average.
var days = [...]float64{365.25, 365.25 / 12, 7, 1, 1. / 24}

// period returns a duration in days, or 0 when it is none.
func period(s string) (total float64) {
	for i, part := range duration.FindStringSubmatch(s) {
		if n, err := strconv.ParseFloat(part, 64); i > 0 && err == nil {
			total += n * days[i-1]
		}
	}
	return total
}

// overlap returns the lesser of two quantities by the greater, from 0 to 1, in
// the same unit and each day. It is 0 when nothing can be said: when one is not
// known, or one is there once and the other again and again. Compatible is false
// when the units measure different things.
func overlap(a, b projection.Amount) (ratio float64, compatible bool) {
	if a.Unit == "" || b.Unit == "" {
		return 0, true
	}
	u, v := unitOf(a.Unit), unitOf(b.Unit)
	if u.measures != v.measures {
		return 0, false
	}
	if (a.Period == "") != (b.Period == "") {
		return 0, true
	}
	x, y := a.Quantity*u.base, b.Quantity*v.base
	if a.Period != "" {
		p, q := period(a.Period), period(b.Period)
		if p == 0 || q == 0 {
			return 0, true
		}
		x, y = x/p, y/q
	}
	if x > 0 && y > 0 && !math.IsInf(max(x, y), 0) {
		return min(x, y) / max(x, y), true
	}
	return 0, true
}
