package text

import "strings"

// LegalForm returns how the legal form is written that a word stands for, in
// whatever case and with or without points, or nothing: "GmbH" for "GMBH".
func LegalForm(word string) string {
	return legalForms[strings.ToUpper(strings.ReplaceAll(word, ".", ""))]
}

// legalForms are legal forms in capitals without points.
var legalForms = map[string]string{
	"GMBH": "GmbH", "GGMBH": "gGmbH", "MBH": "mbH", "GESMBH": "GesmbH", "AG": "AG", "KG": "KG", "KGAA": "KGaA",
	"OHG": "OHG", "UG": "UG", "GBR": "GbR", "EV": "e.V.", "EG": "eG", "SE": "SE", "LTD": "Ltd", "LIMITED": "Limited", "PLC": "plc",
	"LLP": "LLP", "LLC": "LLC", "INC": "Inc.", "CORP": "Corp.", "CIC": "CIC", "LBG": "LBG", "PTY": "Pty", "CO": "Co.",
	"SA": "SA", "SAS": "SAS", "SASU": "SASU", "SARL": "SARL", "EURL": "EURL", "SNC": "SNC", "GIE": "GIE", "GEIE": "GEIE",
	"EPIC": "EPIC", "SCA": "SCA", "ASBL": "ASBL", "AISBL": "AISBL", "VZW": "VZW", "IVZW": "IVZW", "BVBA": "BVBA", "SPRL": "SPRL",
	"SCRL": "SCRL", "BV": "BV", "NV": "NV", "VOF": "VOF", "CV": "CV", "SRL": "Srl", "SRLS": "Srls", "SRLU": "Srlu", "SPA": "SpA", "SCARL": "Scarl",
	"SCRLS": "Scrls", "SCPA": "Scpa", "SL": "SL", "SLU": "SLU", "SLL": "SLL", "SLP": "SLP", "SAU": "SAU", "SCCL": "SCCL",
	"AIE": "AIE", "LDA": "Lda", "LTDA": "Ltda", "SGPS": "SGPS", "EPE": "EPE", "AB": "AB", "AS": "AS", "ASA": "ASA", "A/S": "A/S", "APS": "ApS",
	"IVS": "IvS", "AMBA": "Amba", "HF": "hf.", "EHF": "ehf.", "OY": "Oy", "OYJ": "Oyj", "RY": "ry", "OU": "OÜ", "OÜ": "OÜ", "UAB": "UAB",
	"SIA": "SIA", "SRO": "s.r.o.", "AE": "AE", "EE": "EE", "OE": "OE", "IKE": "IKE", "DOO": "d.o.o.", "DD": "d.d.", "KFT": "Kft.", "ZRT": "Zrt.", "NYRT": "Nyrt.", "BT": "Bt.",
	"EOOD": "EOOD", "OOD": "OOD", "EAD": "EAD", "AD": "AD", "SAGL": "Sagl", "SP": "Sp.", "ZOO": "Zoo", "SPZOO": "Spzoo", "VVI": "v.v.i.", "EWIV": "EWIV", "EEIG": "EEIG",
}
