package kg_test

import (
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/maillage/maillage/internal/kg"
)

func TestParseDecimalCountsHundredths(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "-0": 0, "-0.00": 0, "1": 100, "007": 700, "1.5": 150, "1.05": 105, "0.01": 1, "-0.01": -1, "-12.5": -1250,
		"230000.00": 23000000, "10000000000000": 1e15, "-10000000000000.00": -1e15,
	} {
		if got, err := kg.ParseDecimal(text); err != nil || got != want {
			t.Errorf("%s: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", "-", ".", ".5", "5.", "-.5", "+1", "--1", "1.234", "1.2.3", "1..", "1,5", "1 000", " 1", "1e3", "0x1", "NaN", "Inf", "1_000",
		"１", "1.-5", "10000000000000.01", "-10000000000000.01", "99999999999999999999",
	} {
		if got, err := kg.ParseDecimal(text); err == nil || !strings.Contains(err.Error(), "is no amount") {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
}

func TestFormatDecimalWritesTwoDecimals(t *testing.T) {
	for n, want := range map[int64]string{0: "0.00", 1: "0.01", -1: "-0.01", 150: "1.50", -1250: "-12.50", 1e15: "10000000000000.00"} {
		if got := kg.FormatDecimal(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

func TestRoundDecimalRoundsHalvesAwayFromZero(t *testing.T) {
	for text, want := range map[string]int64{
		"1": 100, "1.005": 101, "1.004999": 100, "-1.005": -101, "0.005": 1, "-0.004": 0, "2.345": 235, ".5": 50, "5.": 500,
		"9999999999999.994": 999999999999999, "0.000000000000000000000000000001": 0,
	} {
		if got, err := kg.RoundDecimal(text); err != nil || got != want {
			t.Errorf("%s: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "-", "1/3", "1e3", "1E3", "0x10", "1p3", "0b11", "0o7", "1_0", "Inf", "1,5", "+1", "1-", "99999999999999999999"} {
		if got, err := kg.RoundDecimal(text); err == nil {
			t.Errorf("%q: %d", text, got)
		}
	}
}

func TestFormatFloatIsTheShortestJSON(t *testing.T) {
	for f, want := range map[float64]string{
		0: "0", math.Copysign(0, -1): "0", 1: "1", -1: "-1", 0.1: "0.1", 1e14: "100000000000000", 1e15: "1000000000000000", -1e15: "-1000000000000000", 1e20: "100000000000000000000", 1e21: "1e+21",
		1.5e300: "1.5e+300", 1e-6: "0.000001", 1e-7: "1e-7", 0.0001: "0.0001", math.MaxFloat64: "1.7976931348623157e+308", math.SmallestNonzeroFloat64: "5e-324",
		123456789.5: "123456789.5", 43.6: "43.6", 1e14 + 0.5: "100000000000000.5",
	} {
		if got := kg.FormatFloat(f); got != want {
			t.Errorf("%g: %s, want %s", f, got, want)
		}
	}
}

var decimalShape = regexp.MustCompile(`^-?[0-9]+(\.[0-9]{1,2})?$`)

// FuzzParseDecimal checks that amounts are written as they were read, and read
// alike by both functions.
func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"0", "-0.5", "230000.00", "1.234", "1e3", "1p3", "10000000000000.01", ".5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rounded, roundErr := kg.RoundDecimal(text)
		n, err := kg.ParseDecimal(text)
		if err != nil {
			if roundErr == nil && strings.Trim(text, "-.0123456789") != "" {
				t.Errorf("%q is rounded to %d", text, rounded)
			}
			t.Skip()
		}
		if !decimalShape.MatchString(text) || rounded != n || roundErr != nil {
			t.Errorf("%q is read as %d and rounded to %d (%v)", text, n, rounded, roundErr)
		}
		if again, err := kg.ParseDecimal(kg.FormatDecimal(n)); err != nil || again != n {
			t.Errorf("%q is written as %s and read as %d", text, kg.FormatDecimal(n), again)
		}
	})
}

// FuzzFormatFloat checks that floats read back from their JSON as themselves.
func FuzzFormatFloat(f *testing.F) {
	for _, v := range []float64{0, 0.1, 1e15, -1e15, 1e21, 5e-324, 123456789.125} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, v float64) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Skip()
		}
		text := kg.FormatFloat(v)
		back, err := strconv.ParseFloat(text, 64)
		if err != nil || back != v || !json.Valid([]byte(text)) {
			t.Errorf("%g is written as %s", v, text)
		}
	})
}
