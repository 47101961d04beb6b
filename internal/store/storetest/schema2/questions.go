package schema2

// Old are questions that both models have, over the first graph.
var Old = []Question{
	{`{ boats(orderBy: [{field: LENGTH}, {field: NAME, direction: DESC}]) { totalCount nodes { id length value } } }`,
		`{"totalCount":5,"nodes":[` +
			`{"id":"boat:b:etoile-2","length":7.1,"value":"0.50"},{"id":"boat:b:albatros","length":26.5,"value":"250000.00"},` +
			`{"id":"boat:b:poule","length":37.5,"value":null},{"id":"boat:b:etoile","length":37.5,"value":null},{"id":"boat:b:skiff","length":null,"value":null}]}`},
	{`{ boats(filter: {name: {eq: "étoile"}, not: {rig: {eq: SLOOP}}}) { nodes { id name flags } } }`,
		`{"nodes":[{"id":"boat:b:etoile","name":"Étoile","flags":["FR"]}]}`},
	{`{ boats(filter: {built: {gte: 1900}, length: {lt: 1000}}, last: 1) { totalCount nodes { id } pageInfo { hasPreviousPage hasNextPage } } }`,
		`{"totalCount":2,"nodes":[{"id":"boat:b:poule"}],"pageInfo":{"hasPreviousPage":true,"hasNextPage":false}}`},
	{`{ boats(orderBy: [{field: HARBOURS_COUNT, direction: DESC}], first: 2) { nodes { id harbours { totalCount } } } }`,
		`{"nodes":[{"id":"boat:b:poule","harbours":{"totalCount":2}},{"id":"boat:b:etoile","harbours":{"totalCount":1}}]}`},
	{`{ ketches { totalCount nodes { name } } }`, `{"totalCount":1,"nodes":[{"name":"Albatros"}]}`},
	{`{ boat(id: "boat:b:albatros") { harbours(include: PAST, orderBy: [{field: EDGE_FEE}]) { totalCount edges { id since until berth fee status node { name depth } } } } }`,
		`{"harbours":{"totalCount":2,"edges":[` +
			`{"id":"MOORED_AT|boat:b:albatros|harbour:h:delft|2001","since":"2001","until":"2010","berth":1,"fee":"99.50","status":"PAST","node":{"name":"Delft","depth":null}},` +
			`{"id":"MOORED_AT|boat:b:albatros|harbour:h:delft|2015","since":"2015","until":null,"berth":3,"fee":null,"status":null,"node":{"name":"Delft","depth":null}}]}}`},
	{`{ harbour(id: "harbour:h:brest") { twins { totalCount edges { id node { id } } } twinOf { totalCount nodes { id } } } }`,
		`{"twins":{"totalCount":2,"edges":[{"id":"TWINNED_WITH|harbour:h:brest|harbour:h:brest","node":{"id":"harbour:h:brest"}},` +
			`{"id":"TWINNED_WITH|harbour:h:brest|harbour:h:sete","node":{"id":"harbour:h:sete"}}]},"twinOf":{"totalCount":1,"nodes":[{"id":"harbour:h:brest"}]}}`},
	{`{ nodes(ids: ["sailor:s:ada", "boat:b:none"]) { __typename ... on Sailor { name born boats { nodes { name harbours(first: 1) { nodes { name } } } } } } }`,
		`[{"__typename":"Sailor","name":"Ada","born":"1980","boats":{"nodes":[{"name":"Étoile","harbours":{"nodes":[{"name":"Brest"}]}},{"name":"La Belle Poule","harbours":{"nodes":[{"name":"Brest"}]}}]}},null]`},
}

// New are questions that only the second model has, over all of the data.
var New = []Question{
	{`{ boats(orderBy: [{field: PORT}], filter: {port: {isNull: false}}) { totalCount nodes { id port } } }`,
		`{"totalCount":3,"nodes":[{"id":"boat:b:etoile","port":"BREST"},{"id":"boat:b:poule","port":"Brest"},{"id":"boat:b:albatros","port":"Delft"}]}`},
	{`{ boats(orderBy: [{field: PORT, direction: DESC}], first: 3) { nodes { id port } pageInfo { hasNextPage } } }`,
		`{"nodes":[{"id":"boat:b:skiff","port":null},{"id":"boat:b:etoile-2","port":null},{"id":"boat:b:albatros","port":"Delft"}],"pageInfo":{"hasNextPage":true}}`},
	{`{ boats(filter: {port: {startsWith: "bre"}}) { nodes { id skippers { nodes { name trained(filter: {edge: {grade: {isNull: false}}}) { totalCount edges { grade year node { id } } } } } } } }`,
		`{"nodes":[{"id":"boat:b:etoile","skippers":{"nodes":[{"name":"Ada","trained":{"totalCount":1,"edges":[{"grade":0.1,"year":1999,"node":{"id":"sailor:s:bo"}}]}}]}},` +
			`{"id":"boat:b:poule","skippers":{"nodes":[{"name":"Ada","trained":{"totalCount":1,"edges":[{"grade":0.1,"year":1999,"node":{"id":"sailor:s:bo"}}]}}]}}]}`},
	{`{ sailor(id: "sailor:s:cy") { name trainedBy(orderBy: [{field: EDGE_YEAR, direction: DESC}]) { totalCount edges { id year grade node { id trained { totalCount } } } } } }`,
		`{"name":null,"trainedBy":{"totalCount":2,"edges":[` +
			`{"id":"TRAINED|sailor:s:bo|sailor:s:cy","year":null,"grade":19.5,"node":{"id":"sailor:s:bo","trained":{"totalCount":1}}},` +
			`{"id":"TRAINED|sailor:s:ada|sailor:s:cy","year":2001,"grade":null,"node":{"id":"sailor:s:ada","trained":{"totalCount":2}}}]}}`},
	{`{ stats { nodes { type count } relationships { type count } } }`,
		`{"nodes":[{"type":"Boat","count":5},{"type":"Harbour","count":3},{"type":"Sailor","count":3}],"relationships":[` +
			`{"type":"MOORED_AT","count":6},{"type":"SKIPPERS","count":3},{"type":"TRAINED","count":3},{"type":"TWINNED_WITH","count":2}]}`},
}
