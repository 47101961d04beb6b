package kg

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// ParseDecimal reads a decimal number with at most two decimals, such as
// "230000.00" or "-12.5", and returns it as a count of hundredths.
func ParseDecimal(s string) (int64, error) {
	whole, frac, _ := strings.Cut(s, ".")
	digits := strings.TrimPrefix(whole, "-")
	if digits == "" || len(frac) > 2 || strings.HasSuffix(s, ".") || !isDigits(digits) || !isDigits(frac) {
		return 0, decimalError(s)
	}
	n, err := strconv.ParseInt(whole+frac+strings.Repeat("0", 2-len(frac)), 10, 64)
	if err != nil || n > MaxHundredths || n < -MaxHundredths {
		return 0, decimalError(s)
	}
	return n, nil
}

// MaxHundredths is the greatest amount either way: it keeps sums over millions of amounts within 64 bits.
const MaxHundredths = 1e15

// FormatDecimal writes a count of hundredths with two decimals.
func FormatDecimal(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%02d", sign, n/100, n%100)
}

// FormatFloat writes a finite number as JSON and JavaScript do: the fewest
// digits that read back as the same value, with an exponent from 1e21 on and
// below 1e-6. Negative zero is written 0.
func FormatFloat(f float64) string {
	if f == float64(int64(f)) && f < 1e15 && f > -1e15 {
		return strconv.FormatInt(int64(f), 10)
	}
	b, err := json.Marshal(f)
	if err != nil {
		panic("kg: " + err.Error()) // NaN and infinities are refused on input
	}
	return string(b)
}

// RoundDecimal reads a decimal number of any length and rounds it half away
// from zero to hundredths. Importers use it where a source has more decimals.
func RoundDecimal(s string) (int64, error) {
	// Of what a big.Rat reads, this leaves out fractions, exponents and bases.
	if strings.Trim(s, "-.0123456789") != "" {
		return 0, decimalError(s)
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return 0, decimalError(s)
	}
	return ParseDecimal(r.FloatString(2))
}

func isDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

func decimalError(s string) error {
	return fmt.Errorf("%q is no amount: write it with at most two decimals, like 230000.00, and up to 10^13", s)
}
