package match

import (
	"math"
	"testing"

	"github.com/maillage/maillage/internal/projection"
)

func TestClasses(t *testing.T) {
	for _, c := range []struct {
		a, b  string
		steps int
		ok    bool
	}{
		{"wood.chips", "wood.chips", 0, true},
		{"Wood.Chips", "wood", 1, true},
		{"wood", "wood.chips.oak", 2, true},
		{"wood.chips", "wood.dust", 0, false},
		{"wood", "woodwork", 0, false},
		{"03 01 05", "030105", 0, true},
		{"03 01 04*", "03 01", 1, true},
		{"03 01 05", "03 02", 0, false},
		{"bois énergie", "Bois Energie", 0, true},
		{"", "", 0, false},
		{"", "wood", 0, false},
		{" . ", "wood", 0, false},
	} {
		steps, ok := parseClass(c.a).steps(parseClass(c.b))
		back, same := parseClass(c.b).steps(parseClass(c.a))
		if steps != c.steps || ok != c.ok || back != steps || same != ok {
			t.Errorf("%q, %q: %d %v, %d %v", c.a, c.b, steps, ok, back, same)
		}
	}
}

func TestOverlap(t *testing.T) {
	amount := func(q float64, unit, period string) projection.Amount {
		return projection.Amount{Quantity: q, Unit: unit, Period: period}
	}
	for _, c := range []struct {
		name       string
		a, b       projection.Amount
		ratio      float64
		compatible bool
	}{
		{"other units and periods", amount(1, "TNE", "P1M"), amount(6000, "KGM", "P1Y"), .5, true},
		{"weeks and days", amount(7, "LTR", "P1W"), amount(.002, "MTQ", "P1D"), .5, true},
		{"of several parts", amount(13, "KWH", "P1Y1M"), amount(1, "KWH", "P1M"), 1, true},
		{"hours", amount(1, "MWH", "PT1H"), amount(24_000, "KWH", "P1D"), 1, true},
		{"once", amount(3, "C62", ""), amount(4, "H87", ""), .75, true},
		{"unknown unit", amount(1, "XYZ", ""), amount(2, "XYZ", ""), .5, true},
		{"two unknown units", amount(1, "XYZ", ""), amount(2, "ZYX", ""), 0, false},
		{"mass and volume", amount(1, "TNE", ""), amount(1, "MTQ", ""), 0, false},
		{"once and each month", amount(1, "TNE", ""), amount(1, "TNE", "P1M"), 0, true},
		{"no period", amount(1, "TNE", "monthly"), amount(1, "TNE", "P1M"), 0, true},
		{"no time", amount(1, "TNE", "P0D"), amount(1, "TNE", "P1M"), 0, true},
		{"no unit", amount(1, "", ""), amount(1, "TNE", ""), 0, true},
		{"no quantity", amount(math.NaN(), "TNE", ""), amount(1, "TNE", ""), 0, true},
		{"nothing", amount(0, "TNE", ""), amount(0, "TNE", ""), 0, true},
		{"less than nothing", amount(-1, "TNE", ""), amount(1, "TNE", ""), 0, true},
		{"too much", amount(1e308, "TNE", ""), amount(1e308, "TNE", ""), 0, true},
	} {
		ratio, ok := overlap(c.a, c.b)
		back, same := overlap(c.b, c.a)
		if math.Abs(ratio-c.ratio) > 1e-12 || ok != c.compatible || back != ratio || same != ok {
			t.Errorf("%s: %v %v, %v %v", c.name, ratio, ok, back, same)
		}
	}
}
