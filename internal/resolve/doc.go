// Package resolve finds organisations that are one under two ids, says why it
// thinks so, merges them, and can undo that.
//
// Organisations meet in blocks: those that share an identifier, a name or
// another name. Each pair of a block is scored by a sum of reasons, of which
// contradictions are negative. Merging one into the other is a change of the
// graph like any other, recorded in a Resolution.
//
// The package is about organisations and knows their properties by name.
package resolve
