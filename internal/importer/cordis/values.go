package cordis

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"github.com/maillage/maillage/internal/kg"
)

var (
	picShape     = regexp.MustCompile(`^[0-9]{9}$`)
	md5Shape     = regexp.MustCompile(`^[0-9a-f]{32}$`)
	rcnShape     = regexp.MustCompile(`^[1-9][0-9]{0,8}$`)
	countryShape = regexp.MustCompile(`^[A-Z]{2}$`)
	notWord      = regexp.MustCompile(`[^a-z0-9]+`)
)

// organizationID returns the id of an organisation: by participant code, or by
// the checksum that the files of 2016 carry where the code was unknown.
func organizationID(key string) (string, error) {
	switch {
	case picShape.MatchString(key):
		return "org:pic:" + key, nil
	case md5Shape.MatchString(key):
		return "org:cordis-md5:" + key, nil
	}
	return "", fmt.Errorf("%q is neither a participant code of nine digits nor a checksum of 32", key)
}

func projectID(rcn string) string { return "project:cordis:" + rcn }

// amount is a sum of money in hundredths; the zero value is an absent one.
type amount struct {
	hundredths int64
	known      bool
}

// parseAmount reads an amount with a decimal comma or point. Empty and NA mean
// unknown.
func parseAmount(s string) (amount, error) {
	if s == "" || s == "NA" {
		return amount{}, nil
	}
	n, err := kg.RoundDecimal(strings.Replace(s, ",", ".", 1))
	if err != nil {
		return amount{}, fmt.Errorf("%q is no amount", s)
	}
	if n < 0 {
		return amount{}, fmt.Errorf("%q is negative", s)
	}
	return amount{n, true}, nil
}

// parseDay reads a day. Empty and NA mean unknown.
func parseDay(s string) (string, error) {
	if s == "" || s == "NA" {
		return "", nil
	}
	if _, err := kg.ParseDate(s); err != nil || len(s) != len("2014-01-01") {
		return "", fmt.Errorf("%q is no day: it is written like 2014-01-01", s)
	}
	return s, nil
}

// parseCountry returns the ISO 3166-1 code of a country. CORDIS writes EL for
// Greece and UK for the United Kingdom; NA is Namibia, not a missing value.
func parseCountry(s string) (string, error) {
	switch s {
	case "":
		return "", nil
	case "EL":
		return "GR", nil
	case "UK":
		return "GB", nil
	}
	if !countryShape.MatchString(s) {
		return "", fmt.Errorf("%q is no country code", s)
	}
	return s, nil
}

// matchKey is what two names have in common when they are taken for the same:
// their unaccented letters and digits. Other characters separate words, also
// those that one file has lost and the other has garbled, so that
// "Polit\uFFFDcnico" and "Polit√©cnico" are the same.
func matchKey(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(name) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return strings.Trim(notWord.ReplaceAllString(b.String(), " "), " ")
}

// repair undoes the one mistake of the file of 2017 that can be undone: UTF-8
// that was read as Mac Roman, as in M√ºnster for Münster.
func repair(s string) string {
	if !strings.ContainsAny(s, "√≈ƒŒœ∆‚¬") {
		return s
	}
	b, err := charmap.Macintosh.NewEncoder().String(s)
	if err != nil || strings.ToValidUTF8(b, "") != b {
		return s
	}
	return b
}

// squeeze replaces runs of white space by one space.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// required refuses an empty value.
func required(s string) (string, error) {
	if s = squeeze(s); s == "" {
		return "", fmt.Errorf("empty")
	}
	return s, nil
}

// recordNumber reads the number of a project's record.
func recordNumber(s string) (string, error) {
	if !rcnShape.MatchString(s) {
		return "", fmt.Errorf("%q is no record number", s)
	}
	return s, nil
}

// participantCode reads a participant code.
func participantCode(s string) (string, error) {
	if !picShape.MatchString(s) {
		return "", fmt.Errorf("%q is no participant code of nine digits", s)
	}
	return s, nil
}

// lookup returns a parser of the values of a list; empty and NA mean unknown.
func lookup(what string, values map[string]string) func(string) (string, error) {
	return func(s string) (string, error) {
		if s == "" || s == "NA" {
			return "", nil
		}
		if v, ok := values[s]; ok {
			return v, nil
		}
		return "", fmt.Errorf("%q is no %s", s, what)
	}
}

var (
	// parseKind reads the type of an organisation.
	parseKind = lookup("type of organisation", map[string]string{
		"PRC": "COMPANY", "REC": "RESEARCH", "HES": "EDUCATION", "PUB": "PUBLIC_BODY", "OTH": "OTHER",
	})

	// parseStatus reads the status of a project. CORDIS says how the contract
	// stands and not whether the work is done, so that no project is COMPLETED;
	// a suspended one may go on.
	parseStatus = lookup("status", map[string]string{
		"SIGNED": "ACTIVE", "SUSPENDED": "ACTIVE", "TERMINATED": "CANCELLED", "CLOSED": "COMPLETED",
	})

	// parseRole reads the role of a participant. Partners take part without
	// having signed the grant agreement, as third parties do.
	parseRole = lookup("role", map[string]string{
		"coordinator": "COORDINATOR", "participant": "PARTICIPANT", "partner": "THIRD_PARTY",
	})

	// parsePart reads a coarse programme part and returns its code.
	parsePart = lookup("programme part", partCodes)
)

// partCodes are the codes of the 17 coarse programme parts that the files of
// 2021 name.
var partCodes = map[string]string{
	"ARF": "H2020-EU.2.2.", "ERC": "H2020-EU.1.1.", "Euratom": "H2020-Euratom", "FET": "H2020-EU.1.2.",
	"Innovation in SMEs": "H2020-EU.2.3.", "LEIT": "H2020-EU.2.1.", "MSCA": "H2020-EU.1.3.", "RI": "H2020-EU.1.4.",
	"SC1": "H2020-EU.3.1.", "SC2": "H2020-EU.3.2.", "SC3": "H2020-EU.3.3.", "SC4": "H2020-EU.3.4.", "SC5": "H2020-EU.3.5.",
	"SC6": "H2020-EU.3.6.", "SC7": "H2020-EU.3.7.", "SEWP": "H2020-EU.4.", "SWAFS": "H2020-EU.5.",
}
