package ranking

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"
)

// Model is a sum of step functions of the features of a pair.
type Model struct {
	steps          [featureCount]steps
	strong, medium float64 // the least scores, apart from LESSER_KNOWN, of these strengths
	lesserKnown    float64 // what the logarithm of the number of partners counts against, at most
}

// steps is a function that is constant between thresholds. That of nothing is 0.
type steps struct {
	Below float64   `json:"below"` // before the first threshold
	From  []float64 `json:"from"`  // thresholds, ascending
	Value []float64 `json:"value"` // from each threshold on
}

func (s *steps) at(x float64) float64 {
	i, found := slices.BinarySearch(s.From, x)
	if found {
		i++
	}
	if i == 0 {
		return s.Below
	}
	return s.Value[i-1]
}

// gain returns by how much the function exceeds that of 0 somewhere up to x.
func (s *steps) gain(x float64) float64 {
	most := s.at(0)
	for i, from := range s.From {
		if from > x {
			break
		}
		most = max(most, s.Value[i])
	}
	return most - s.at(0)
}

func (s *steps) check() error {
	if len(s.From) != len(s.Value) {
		return fmt.Errorf("%d thresholds and %d values", len(s.From), len(s.Value))
	}
	for i, from := range s.From {
		if i > 0 && from <= s.From[i-1] {
			return fmt.Errorf("threshold %v does not lie after %v", from, s.From[i-1])
		}
	}
	return nil
}

// modelFile is how a model is written.
type modelFile struct {
	About  []string `json:"about"` // lines for who reads the file
	Strong float64  `json:"strong"`
	Medium float64  `json:"medium"`
	// LesserKnown is what the logarithm of 1 and the number of partners counts against
	// where the lesser known are favoured most.
	LesserKnown float64          `json:"lesserKnown"`
	Features    map[string]steps `json:"features"` // those that are left out count for nothing
}

// ReadModel reads a model as Write writes it.
func ReadModel(r io.Reader) (*Model, error) {
	var file modelFile
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the model")
	}
	m := &Model{strong: file.Strong, medium: file.Medium, lesserKnown: file.LesserKnown}
	if m.medium > m.strong {
		return nil, fmt.Errorf("medium is %v, which is over strong, %v", m.medium, m.strong)
	}
	for i, f := range features {
		m.steps[i] = file.Features[f.name]
		if err := m.steps[i].check(); err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		delete(file.Features, f.name)
	}
	for name := range file.Features {
		return nil, fmt.Errorf("there is no feature %q", name)
	}
	return m, nil
}

// Write writes the model, a feature a line, below lines that say what it is.
func (m *Model) Write(w io.Writer, about ...string) error {
	out := bufio.NewWriter(w)
	head, err := json.Marshal(about)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "{\n\"about\": %s,\n\"strong\": %v,\n\"medium\": %v,\n\"lesserKnown\": %v,\n\"features\": {", head, m.strong, m.medium, m.lesserKnown)
	sep := "\n"
	for i, f := range features {
		s := m.steps[i]
		if s.Below == 0 && len(s.From) == 0 {
			continue
		}
		line, err := json.Marshal(s)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		_, _ = fmt.Fprintf(out, "%s%q: %s", sep, f.name, line)
		sep = ",\n"
	}
	_, _ = fmt.Fprint(out, "\n}\n}\n")
	return out.Flush()
}

//go:embed default.json
var learnedFile []byte

// learned is the model that train wrote.
var learned = sync.OnceValue(func() *Model { return embedded("default.json", learnedFile) })

// Learned returns the model inside the program that was learned.
func Learned() *Model { return learned() }

//go:embed documented.json
var documentedFile []byte

// documented is the model whose weights were chosen by hand.
var documented = sync.OnceValue(func() *Model { return embedded("documented.json", documentedFile) })

func embedded(name string, text []byte) *Model {
	m, err := ReadModel(bytes.NewReader(text))
	if err != nil {
		panic(fmt.Sprintf("%s: %v", name, err)) // a test reads it
	}
	return m
}

//go:embed similar.json
var similarFile []byte

// similar is the model of who is alike.
var similar = sync.OnceValue(func() *Model { return embedded("similar.json", similarFile) })

// contribution is what a reason counts for.
type contribution struct {
	code   int8 // index in codes
	weight float64
}

// scored is a candidate with its contributions, the strongest first; ties stand
// in the order of codes.
type scored struct {
	actor         int32
	count         int
	score         float64
	contributions [len(codes)]contribution
}

func (s *scored) add(code int8, weight float64) {
	if weight == 0 {
		return
	}
	i := s.count
	for ; i > 0 && s.contributions[i-1].weight < weight; i-- {
		s.contributions[i] = s.contributions[i-1]
	}
	s.contributions[i] = contribution{code, weight}
	s.count++
}

// score adds up what the features of a pair count for: first those of each
// reason, in their order, then the reasons.
func (m *Model) score(actor int32, f *[featureCount]float64, favour float64) scored {
	s := scored{actor: actor}
	weights := [len(codes)]float64{}
	for i := range features {
		weights[codeOf[i]] += m.steps[i].at(f[i])
	}
	weights[len(codes)-1] = -favour * m.lesserKnown * math.Log1p(f[partners])
	for c, w := range weights {
		s.add(int8(c), w)
	}
	for _, c := range s.contributions[:s.count] {
		s.score += c.weight
	}
	return s
}

// strength sums up how strong the reasons are, however much the lesser known
// are favoured.
func (m *Model) strength(s *scored) Strength {
	sum := 0.0
	for _, c := range s.contributions[:s.count] {
		if codes[c.code] != LesserKnown {
			sum += c.weight
		}
	}
	switch {
	case sum >= m.strong:
		return Strong
	case sum >= m.medium:
		return Medium
	}
	return Weak
}
