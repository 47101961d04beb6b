package answer

import (
	"unicode/utf8"

	"github.com/maillage/maillage/internal/kg"
)

const hexDigits = "0123456789abcdef"

// AppendString appends a JSON string, escaped as SQLite escapes it, so that
// every engine writes the same bytes: control characters, the quote and the
// backslash, and nothing else. The text must be valid UTF-8.
func AppendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[start:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\b':
			b = append(b, '\\', 'b')
		case '\f':
			b = append(b, '\\', 'f')
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		start = i + 1
	}
	return append(append(b, s[start:]...), '"')
}

// AppendStrings appends a JSON list of strings.
func AppendStrings(b []byte, list []string) []byte {
	b = append(b, '[')
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = AppendString(b, s)
	}
	return append(b, ']')
}

// AppendFloat appends a finite number.
func AppendFloat(b []byte, f float64) []byte { return append(b, kg.FormatFloat(f)...) }

// ValidText reports whether a text can be stored and answered: valid UTF-8,
// without U+10FFFF, which stands for absent values in sort keys, and without
// NUL, which databases end texts at.
func ValidText(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if r == utf8.MaxRune || r == 0 {
			return false
		}
	}
	return true
}
