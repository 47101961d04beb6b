// Package archtest holds the rules of the source tree as tests: who may import
// whom and why, and what every package and file must have.
package archtest
