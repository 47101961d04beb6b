package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// rounds is how often each thing is timed; the figures are medians.
const rounds = 101

// warming is how often, and warmingTime how long, each thing is done before it is
// timed: Neo4j runs a plan as bytecode at first, and compiles what it runs often.
const (
	warming     = 50
	warmingTime = 5 * time.Second
)

// medians times functions in turn once they are warm, so that what disturbs the
// machine disturbs them alike, and returns the median of each. Each round begins
// with another: the first finds the pages that a question reads in no cache.
func medians(fs ...func(i int) error) ([]time.Duration, error) {
	for i, start := 0, time.Now(); i < warming || time.Since(start) < warmingTime; i++ {
		for _, f := range fs {
			if err := f(i % rounds); err != nil {
				return nil, err
			}
		}
	}
	times := make([][]time.Duration, len(fs))
	for i := range rounds {
		for turn := range fs {
			j := (i + turn) % len(fs)
			start := time.Now()
			if err := fs[j](i); err != nil {
				return nil, err
			}
			times[j] = append(times[j], time.Since(start))
		}
	}
	out := make([]time.Duration, len(fs))
	for j := range fs {
		slices.Sort(times[j])
		out[j] = times[j][rounds/2]
	}
	return out, nil
}

// report collects the figures as a table.
type report struct{ rows [][3]string }

// add adds a figure with what it should be.
func (r *report) add(what, target, format string, args ...any) {
	row := [3]string{what, fmt.Sprintf(format, args...), target}
	r.rows = append(r.rows, row)
	fmt.Printf("%-60s %-28s (target %s)\n", row[0], row[1], row[2])
}

// String returns the table in Markdown.
func (r *report) String() string {
	var b strings.Builder
	b.WriteString("| what | measured | target |\n|---|---|---|\n")
	for _, row := range r.rows {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", row[0], row[1], row[2])
	}
	return b.String()
}
