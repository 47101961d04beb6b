package wording

// form is what a code says of one and, where that differs, of several. {count} and
// {text} are parameters of the reason, {value} is its measure and {percent} that in
// hundredths; {names} is what its evidence is called, behind a colon.
type form struct{ one, many string }

// phrases holds the words for each code, by language.
var phrases = map[string][2]form{
	// The network.
	"SHARED_PARTNERS":  {EN: {"a partner in common{names}", "{count} partners in common{names}"}, FR: {"un partenaire en commun{names}", "{count} partenaires en commun{names}"}},
	"CLOSE_IN_NETWORK": {EN: {one: "close in the network of collaborations"}, FR: {one: "proche dans le réseau des collaborations"}},
	"WELL_CONNECTED":   {EN: {"one partner so far", "well connected: {count} partners"}, FR: {"un partenaire à ce jour", "bien relié : {count} partenaires"}},
	"LESSER_KNOWN":     {EN: {one: "the well known count for less"}, FR: {one: "les plus connus comptent moins"}},
	"WORKED_TOGETHER":  {EN: {"have worked together once{names}", "have worked together {count} times{names}"}, FR: {"ont déjà travaillé ensemble{names}", "ont travaillé ensemble {count} fois{names}"}},
	"SAME_COUNCIL":     {EN: {"in the same body{names}", "in {count} bodies together{names}"}, FR: {"dans la même instance{names}", "ensemble dans {count} instances{names}"}},
	"EXPERIENCED":      {EN: {"has worked with others in one project", "has worked with others in {count} projects"}, FR: {"a travaillé avec d'autres dans un projet", "a travaillé avec d'autres dans {count} projets"}},
	"USUAL_KIND":       {EN: {one: "of a kind ({text}) that it meets {value} times as often as by chance"}, FR: {one: "d'un type ({text}) rencontré {value} fois plus souvent que par hasard"}},
	"SAME_KIND":        {EN: {one: "of the same kind ({text})"}, FR: {one: "du même type ({text})"}},

	// What they do.
	"SAME_FIELD": {EN: {"in the same field{names}", "{count} fields in common{names}"}, FR: {"même domaine{names}", "{count} domaines en commun{names}"}},
	"FITS_FIELD": {EN: {one: "is about a field in which it works{names}"}, FR: {one: "porte sur un de ses domaines{names}"}},
	"EXPERIENCE": {EN: {"a project in the field{names}", "{count} projects in the field{names}"}, FR: {"un projet dans le domaine{names}", "{count} projets dans le domaine{names}"}},
	"FOCUS":      {EN: {one: "{percent} % of its projects are in the field"}, FR: {one: "{percent} % de ses projets sont dans le domaine"}},
	"ACTIVE_NOW": {EN: {"a recent project{names}", "{count} recent projects{names}"}, FR: {"un projet récent{names}", "{count} projets récents{names}"}},

	// Where they are.
	"SAME_COUNTRY":        {EN: {one: "in the same country ({text})"}, FR: {one: "dans le même pays ({text})"}},
	"USUAL_COUNTRY":       {EN: {one: "in a country ({text}) that it meets {value} times as often as by chance"}, FR: {one: "dans un pays ({text}) rencontré {value} fois plus souvent que par hasard"}},
	"NEARBY":              {EN: {one: "{value} km away"}, FR: {one: "à {value} km"}},
	"NEARBY" + unmeasured: {EN: {one: "in the same place{names}"}, FR: {one: "au même endroit{names}"}},

	// What they need, offer and could answer.
	"COMPLEMENTARY_NEED_OFFER": {EN: {one: "what one needs the other offers{names}"}, FR: {one: "l'un cherche ce que l'autre offre{names}"}},
	"RESOURCE_MATCH":           {EN: {one: "what one gives off the other can use ({text}){names}"}, FR: {one: "ce que l'un rejette, l'autre l'utilise ({text}){names}"}},
	"QUANTITY_OVERLAP":         {EN: {one: "quantities agree to {percent} %"}, FR: {one: "les quantités concordent à {percent} %"}},
	"STANDS_FOR":               {EN: {"stands for one more day", "stands for {count} more days"}, FR: {"encore valable un jour", "encore valable {count} jours"}},
	"NO_END":                   {EN: {one: "stands without an end"}, FR: {one: "valable sans limite de date"}},
	"CLOSES_IN":                {EN: {"closes today", "open for {count} more days"}, FR: {"se termine aujourd'hui", "ouvert encore {count} jours"}},
	"OPEN_CALL":                {EN: {"fits an open call{names}", "fits {count} open calls{names}"}, FR: {"convient à un appel ouvert{names}", "convient à {count} appels ouverts{names}"}},
	"ANSWER_WITH":              {EN: {one: "could be answered with{names}"}, FR: {one: "à monter avec{names}"}},
	"PARTNERS_FIT":             {EN: {"a partner fits it too{names}", "{count} partners fit it too{names}"}, FR: {"un partenaire y convient aussi{names}", "{count} partenaires y conviennent aussi{names}"}},

	// What ties one organisation to the next on a path.
	"PARTICIPATES_IN":       {EN: {"a project in common{names}", "projects in common{names}"}, FR: {"un projet en commun{names}", "des projets en commun{names}"}},
	"INVOLVES":              {EN: {"a synergy in common{names}", "synergies in common{names}"}, FR: {"une synergie en commun{names}", "des synergies en commun{names}"}},
	"MEMBER_OF":             {EN: {"members of the same body{names}", "members of the same bodies{names}"}, FR: {"membres de la même instance{names}", "membres des mêmes instances{names}"}},
	"IS_MEMBER":             {EN: {one: "is a member of it"}, FR: {one: "en est membre"}},
	"HAS_MEMBER":            {EN: {one: "has it as a member"}, FR: {one: "l'a pour membre"}},
	"SUBSIDIARY_OF":         {EN: {one: "is a subsidiary of it"}, FR: {one: "en est une filiale"}},
	"SUBSIDIARY_OF_REVERSE": {EN: {one: "is its parent"}, FR: {one: "est sa maison mère"}},
	"SUPPORTS":              {EN: {one: "supports it"}, FR: {one: "le soutient"}},
	"SUPPORTS_REVERSE":      {EN: {one: "is supported by it"}, FR: {one: "en est soutenu"}},
	"INVOLVED_IN":           {EN: {one: "is involved in it"}, FR: {one: "y est engagé"}},
	"INVOLVED_IN_REVERSE":   {EN: {one: "has it involved"}, FR: {one: "le compte parmi ceux qui y sont engagés"}},
	"PREFIGURES":            {EN: {one: "prefigures it"}, FR: {one: "le préfigure"}},
	"PREFIGURES_REVERSE":    {EN: {one: "is prefigured by it"}, FR: {one: "est préfiguré par lui"}},
	"MORE_TIES":             {EN: {"and one more", "and {count} more"}, FR: {"et un de plus", "et {count} de plus"}},

	// What there is none of.
	"NOTHING_DECLARED": {EN: {one: "it has declared no need and no offer of this kind"}, FR: {one: "aucun besoin ni offre de ce type n'est déclaré"}},
	"NOTHING_MEETS":    {EN: {one: "no other has declared what would meet its needs or offers"}, FR: {one: "personne n'a déclaré de quoi répondre à ses besoins ou offres"}},
	"NO_FIELD":         {EN: {one: "it is not known in which fields it works"}, FR: {one: "ses domaines d'activité ne sont pas connus"}},
	"NO_LIVE_CALL":     {EN: {one: "no call is open"}, FR: {one: "aucun appel n'est ouvert"}},
	"NO_CALL_FITS":     {EN: {one: "no open call is about its fields"}, FR: {one: "aucun appel ouvert ne porte sur ses domaines"}},

	// Kinds of opportunities.
	"NEED_OFFER": {EN: {one: "need and offer"}, FR: {one: "besoin et offre"}},
	"RESOURCE":   {EN: {one: "resource"}, FR: {one: "ressource"}},
	"CALL":       {EN: {one: "call"}, FR: {one: "appel"}},
}
