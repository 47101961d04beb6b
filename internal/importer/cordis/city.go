package cordis

import (
	"regexp"
	"strings"
)

var (
	deliveryOffice = regexp.MustCompile(`(?i)\s+(cedex\b.*|sector(ul)?\s*[0-9].*|[0-9]+\b.*)$`)
	leadingCode    = regexp.MustCompile(`^([A-Z]{1,2}-)?[0-9]{4,6}\s+`)
	parenthesis    = regexp.MustCompile(`\s*\([^)]*\)?`)
	hasWord        = regexp.MustCompile(`\pL{2}`)
	provinceCode   = regexp.MustCompile(`\s+[A-Z]{2}$`)
	cityWord       = regexp.MustCompile(`[\pL\pM]+`)
	cityArticles   = set("de du des la le les lès sur sous en et am an der den im bei del della di do da dos of upon on and the aux au")
)

// cityName returns a town without post code, delivery office ("CEDEX 5"), code
// of an Italian province or North American state ("VARAZZE SV") and what stands
// in brackets, in small letters with capital initials. It is empty
// when nothing like a name is left.
func cityName(s, country string) string {
	s = squeeze(repair(s))
	s = leadingCode.ReplaceAllString(s, "")
	s = parenthesis.ReplaceAllString(s, "")
	s = strings.Trim(deliveryOffice.ReplaceAllString(s, ""), " ,;-/.")
	if country == "IT" || country == "US" || country == "CA" {
		s = provinceCode.ReplaceAllString(s, "")
	}
	if !hasWord.MatchString(s) || strings.ContainsAny(s, "\uFFFD?") {
		return ""
	}
	if s != strings.ToUpper(s) && s != strings.ToLower(s) {
		return s
	}
	first := true
	return cityWord.ReplaceAllStringFunc(s, func(w string) string {
		small := strings.ToLower(w)
		if !first && (cityArticles[small] || len(w) == 1) {
			return small
		}
		first = false
		return initial(strings.ToUpper(w))
	})
}
