package calls

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// consortium is the least number of independent organisations, each of another
// country, that the general annexes B of Horizon Europe ask of the actions for
// which several must work together. A call can ask for more in its own text.
const consortium = 3

// partners returns the least number of partners that a type of action needs, or
// 0 when it is not known.
func partners(action string) int64 {
	if strings.HasPrefix(action, "HORIZON") && strings.HasSuffix(action, "Innovation Actions") {
		return consortium
	}
	return 0
}

// repair undoes the one mistake of the file that can be undone: UTF-8 that was
// read as Windows-1252, as in â€™ for an apostrophe.
func repair(s string) string {
	if !strings.ContainsAny(s, "ÂÃâ") {
		return s
	}
	b := make([]byte, 0, len(s))
	for _, r := range s {
		c, ok := charmap.Windows1252.EncodeRune(r)
		if r >= 0x80 && r < 0xa0 { // bytes that the code page does not define were kept as they are
			c, ok = byte(r), true
		}
		if !ok {
			return s
		}
		b = append(b, c)
	}
	if !utf8.Valid(b) {
		return s
	}
	return string(b)
}
