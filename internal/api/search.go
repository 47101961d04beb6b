package api

import "github.com/maillage/maillage/internal/catalog"

// Kind returns the value of NodeKind that stands for a type.
func Kind(t *catalog.Type) string { return screaming(t.Name) }

// searchField writes the root field that searches, where there is something to
// be found.
func (w *writer) searchField() {
	if len(w.c.Searched()) == 0 {
		return
	}
	w.line("  \"Nodes by what they are called: identifiers first, then whole names, names that begin so, and words of names, of other names and of the rest; the better connected before others. Case, accents, elision and plural do not matter, and the last word may be only begun.\"")
	w.line("  search(\"Up to 128 characters and 8 words, all of which are sought, in any order.\" text: String!, \"Only nodes of these types.\" kinds: [NodeKind!], " +
		"\"Only nodes that are one of these, lie in one of them, or in what is beneath.\" within: [ID!], \"Only nodes of these countries, ISO 3166-1 alpha-2.\" country: [String!], " +
		"\"How many, 1 to 100.\" first: Int! = 10, \"Only what comes after this cursor.\" after: String" + w.scope() + "): SearchConnection!")
}

// search writes the types of a search.
func (w *writer) search() {
	types := w.c.Searched()
	if len(types) == 0 {
		return
	}
	w.line("\"The types whose nodes are found by search.\"\nenum NodeKind {")
	for _, t := range types {
		w.describe("  ", t.Description)
		w.line("  %s", Kind(t))
	}
	w.line("}\n")
	w.b.WriteString(searched)
}

// searched holds the types of a search that do not depend on the model.
const searched = `"How a search has found a node, the best first."
enum SearchTier {
  "It is an identifier of the node."
  IDENTIFIER
  "It is a whole name, or a whole other name."
  WHOLE_NAME
  "A name or another name begins so."
  NAME_PREFIX
  "All words are in its names."
  NAME
  "All words are in its names and other names."
  ALIAS
  "All words are in what is searched of it."
  REST
}

"A page of what a search has found."
type SearchConnection {
  "The results of the page, the best first."
  edges: [SearchEdge!]!
  "The nodes of the page."
  nodes: [Node!]!
  "Whether there is more, and where the page begins and ends."
  pageInfo: PageInfo!
  "How many there are on all pages; computed only when asked for."
  totalCount: SearchTotal!
}

"How many results a search has."
type SearchTotal {
  "The number, at most 1000."
  value: Int!
  "Whether there are more than that."
  atLeast: Boolean!
}

"One result of a search."
type SearchEdge {
  "The position of the result, for after."
  cursor: String!
  "How the node was found."
  tier: SearchTier!
  "Where in the node's texts the words stand."
  highlights: [Highlight!]!
  "The node."
  node: Node!
}

"A word that was found."
type Highlight {
  "The property in which it stands."
  field: String!
  "The text in which it stands: the property, or the one of its list."
  value: String!
  "The first character of the word in the text, from 0, in Unicode code points."
  start: Int!
  "The character after the word."
  end: Int!
}

`
