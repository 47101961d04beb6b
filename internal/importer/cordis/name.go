package cordis

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/maillage/maillage/internal/text"
)

// displayName returns a name as people read it. Names in capitals, nine out of
// ten in CORDIS, are written with capital initials, legal forms and acronyms
// in their usual form: "SIKEMIA" becomes "Sikemia", "FH OO FORSCHUNGS GMBH"
// "FH Oo Forschungs GmbH". A short name that spells the same name with small
// letters knows better and is taken as it stands. A name that has small letters
// already, or lost letters (U+FFFD), is kept but for an odd quote before it.
func displayName(name, shortName string) string {
	name = squeeze(name)
	if strings.Count(name, `"`)%2 == 1 {
		name = strings.TrimPrefix(name, `"`) // the file of 2016 opens quotes around names that hold quotes
	}
	if strings.ContainsRune(name, '\uFFFD') || strings.ToUpper(name) != name {
		return name
	}
	if matchKey(shortName) == matchKey(name) && strings.ToUpper(shortName) != shortName && strings.ToLower(shortName) != shortName {
		return squeeze(shortName)
	}
	known := spellings(shortName)
	words := strings.Fields(name)
	for i, w := range words {
		switch {
		case known[w] != "":
			words[i] = known[w]
		case len(w) == 1 && (i > 0 && words[i-1] == "&" || i+1 < len(words) && words[i+1] == "&"):
		default:
			words[i] = softenWord(w, i == 0, i == len(words)-1, len(words))
		}
	}
	return polish.Replace(strings.Join(words, " "))
}

// restores reports whether a name is one that has lost letters (U+FFFD), with these.
func restores(name, lost string) bool {
	return strings.ContainsRune(lost, unicode.ReplacementChar) && slices.EqualFunc([]rune(squeeze(name)), []rune(squeeze(lost)), func(a, b rune) bool {
		return a == b || b == unicode.ReplacementChar
	}) && !strings.ContainsRune(name, unicode.ReplacementChar)
}

// spellings returns the words of a short name that is not all in capitals or
// all small, by their capitals: "iTeos" tells how to write ITEOS.
func spellings(shortName string) map[string]string {
	if strings.ToUpper(shortName) == shortName || strings.ToLower(shortName) == shortName || strings.ContainsRune(shortName, '\uFFFD') {
		return nil
	}
	out := map[string]string{}
	for _, w := range strings.Fields(shortName) {
		if len(w) > 1 {
			out[strings.ToUpper(w)] = w
		}
	}
	return out
}

// polish joins what the word by word look at legal forms cannot see.
var polish = strings.NewReplacer("SP Zoo", "Sp. z o.o.", "Sp. Zoo", "Sp. z o.o.", "Spzoo", "Sp. z o.o.", "Sp. Z O.o.", "Sp. z o.o.", "Sp. Z.o.o.", "Sp. z o.o.")

// softenWord writes one word of a name in capitals.
func softenWord(w string, first, last bool, words int) string {
	bare := strings.Trim(w, ".,;()\"'")
	if form := text.LegalForm(bare); form != "" && !first && (last || len(bare) > 2 && bare != "SPA") {
		return strings.Replace(strings.TrimSuffix(w, "."), strings.TrimSuffix(bare, "."), form, 1)
	}
	switch {
	case smallWords[bare] && !first:
		return strings.ToLower(w)
	case acronyms[bare], words == 1 && len(bare) <= 3:
		return w
	case strings.HasPrefix(w, "(") && strings.HasSuffix(w, ")") && len(bare) <= 4:
		return w // an acronym after the name it stands for
	}
	return softenParts(w, first)
}

// softenParts writes a word with capital initials after each mark and
// elided articles small: "D'INDUSTRIE" becomes "d'Industrie".
func softenParts(w string, first bool) string {
	var b strings.Builder
	for len(w) > 0 {
		end := strings.IndexAny(w, "-/&().,;:*\"'+")
		part, sep := w, ""
		if end >= 0 {
			part, sep = w[:end], w[end:end+1]
			w = w[end+1:]
		} else {
			w = ""
		}
		switch {
		case sep == "'" && elided[part] && !first:
			b.WriteString(strings.ToLower(part))
		case part == "S" && strings.HasSuffix(b.String(), "'"):
			b.WriteString("s")
		case keepsCapitals(part):
			b.WriteString(part)
		default:
			b.WriteString(initial(part))
		}
		b.WriteString(sep)
	}
	return b.String()
}

// keepsCapitals reports whether a word is an acronym by its looks: known, with
// digits, or up to four letters without a vowel.
func keepsCapitals(w string) bool {
	if acronyms[w] || romanNumeral.MatchString(w) {
		return true
	}
	return len(w) <= 4 && !strings.ContainsAny(text.Fold(w), "aeiouy") || strings.ContainsAny(w, "0123456789")
}

var romanNumeral = regexp.MustCompile(`^(II|III|IV|VI|VII|VIII|IX|XI|XII|XIII)$`)

// initial writes a word small but for its first letter.
func initial(w string) string {
	for i, r := range w {
		if unicode.IsLetter(r) {
			return w[:i] + string(r) + strings.ToLower(w[i+len(string(r)):])
		}
	}
	return w
}

// set returns the words of a text as a set.
func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

var (
	elided = set("D L DELL NELL ALL DALL SULL QU UN")

	smallWords = set(`A AL AM AN AND AU AUX AUF BEI DA DAS DE DEI DEL DELLA DELLE DEGLI DEN DER DES DI DIE DO
		DOS DU E EL EN ET FOR FUER FUR FÜR HET I IL IM IN KAI LA LAS LE LES LO LOS MIT NA O OCH OF OG ON OP
		PARA PENTRU PER POR POUR SI SOBRE SUR TE THE TIS TO TON TOU U UND V VAN VE VOM VON VOOR W Y Z ZA
		ZU ZUM ZUR DLA SE SUL SULLA NEL NELLA`)

	// acronyms are words of capitals that have a vowel and yet are no words.
	acronyms = set(`ABB AEI AENA AIA AIT ARC ASM AVL AZTI BASF BIC BMW BOC CEA CERN CHRU CHU CIEMAT CNES CNRS CSIC DLR
		EADS EAWAG ECN EDF EDP EIT ENEA ENEL ENI EPFL ERIC ESA ESI ESO ESRF ETA ETH EU EUMETSAT FAO FEI
		GE IAEA IBM ICT ICO IDATE IDC IDEKO IFP IFREMER IMEC IRCAM INAF INEA INERIS INESC INFN INRA INRIA INSEE
		INSERM IOM IRD IRSTEA IRT ISI IT ITS IUCN IVL IVEX JISC JRC KEMA LGI NASA NATO NEC NHS NIOZ NIVA
		NUI OECD ONERA OTE PTV RAI RINA RWE SAP SIA SINTEF SNCF SUEZ TNO TU TUI UAB UCB UCL UFZ UIMM UIPM UK UN
		UNESCO UNI UPC US USA VTT WHO EPOS ABT AVIO AUDI OÜ`)
)
