package ranking

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// The plot is so many panels, those with the greatest steps first, each of so many
// pixels, within which steps are drawn inside margins.
const (
	panels      = 8
	panelsInRow = 4
	panelWidth  = 205
	panelHeight = 150
	plotLeft    = 12
	plotTop     = 34
	plotWidth   = 180
	plotHeight  = 84
)

// plotStyle colours lines and letters for light pages and for dark ones.
const plotStyle = `text { font: 11px system-ui, sans-serif; fill: #4a4a4a } .name { font-weight: 600; fill: #1a1a1a } .end { text-anchor: end }
.zero { stroke: #b5b5b5 } .steps { stroke: #1f6feb; stroke-width: 1.8; fill: none }
@media (prefers-color-scheme: dark) { text { fill: #b0b0b0 } .name { fill: #ececec } .zero { stroke: #5c5c5c } .steps { stroke: #6cb0ff } }`

// Plot draws the step functions that move scores most, as SVG: what a feature
// counts for over its value, each over a logarithmic scale of its own and all in
// one scale of scores. Equal models give equal bytes.
func (m *Model) Plot(w io.Writer) error {
	var drawn []int
	for i := range features {
		if len(m.steps[i].From) > 0 {
			drawn = append(drawn, i)
		}
	}
	slices.SortStableFunc(drawn, func(a, b int) int {
		lowA, highA := m.steps[a].bounds()
		lowB, highB := m.steps[b].bounds()
		return cmp.Compare(highB-lowB, highA-lowA)
	})
	drawn = drawn[:min(panels, len(drawn))]
	low, high := 0.0, 0.0
	for _, i := range drawn {
		l, h := m.steps[i].bounds()
		low, high = min(low, l), max(high, h)
	}
	var b strings.Builder
	width, height := panelWidth*panelsInRow, panelHeight*((len(drawn)+panelsInRow-1)/panelsInRow)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d">`+"\n", width, height)
	fmt.Fprintf(&b, "<title>What the features that move scores most count for</title>\n<style>\n%s\n</style>\n", plotStyle)
	for n, i := range drawn {
		fmt.Fprintf(&b, `<g transform="translate(%d %d)">`+"\n", n%panelsInRow*panelWidth, n/panelsInRow*panelHeight)
		m.steps[i].panel(&b, features[i].name, low, high)
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// bounds returns the least and the greatest value of a function.
func (s *steps) bounds() (low, high float64) {
	return min(s.Below, slices.Min(s.Value)), max(s.Below, slices.Max(s.Value))
}

// panel draws one function between two scores: its name, the value that it ends
// with, the score of nought, and below it the first and the last threshold.
func (s *steps) panel(b *strings.Builder, name string, low, high float64) {
	first, last := s.From[0], s.From[len(s.From)-1]
	scale := math.Log
	if first <= 0 {
		scale = func(x float64) float64 { return x }
	}
	// What lies before the first threshold and after the last is a tenth each.
	x := func(v float64) string {
		part := 0.5
		if last > first {
			part = (scale(v) - scale(first)) / (scale(last) - scale(first))
		}
		return pixels(plotLeft + plotWidth*(0.1+0.8*part))
	}
	y := func(v float64) string { return pixels(plotTop + plotHeight*(high-v)/(high-low)) }
	fmt.Fprintf(b, `<text class="name" x="%d" y="%d">%s</text>`+"\n", plotLeft, plotTop-16, name)
	fmt.Fprintf(b, `<text class="end" x="%d" y="%d">%+.2f</text>`+"\n", plotLeft+plotWidth, plotTop-16, s.Value[len(s.Value)-1])
	fmt.Fprintf(b, `<path class="zero" d="M%d %sH%d"/>`+"\n", plotLeft, y(0), plotLeft+plotWidth)
	fmt.Fprintf(b, `<path class="steps" d="M%d %s`, plotLeft, y(s.Below))
	for i, from := range s.From {
		fmt.Fprintf(b, "H%sV%s", x(from), y(s.Value[i]))
	}
	fmt.Fprintf(b, `H%d"/>`+"\n", plotLeft+plotWidth)
	below := plotTop + plotHeight + 16
	fmt.Fprintf(b, `<text x="%s" y="%d">%s</text>`+"\n", x(first), below, threshold(first))
	if last > first {
		fmt.Fprintf(b, `<text class="end" x="%s" y="%d">%s</text>`+"\n", x(last), below, threshold(last))
	}
}

// threshold writes three digits of a number, or all before the point.
func threshold(v float64) string {
	if v >= 1000 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

// pixels writes a length to a tenth.
func pixels(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }
