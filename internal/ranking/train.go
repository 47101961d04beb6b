package ranking

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
)

// Training says how a model is learned.
type Training struct {
	Seed    uint64
	Queries int     // actors to learn from, at most
	Sample  int     // candidates of each that did not come true, at most
	Rounds  int     // stumps
	Rate    float64 // how much of a stump's best value is taken
	Bins    int     // thresholds of a feature, at most 255
}

// DefaultTraining is how the model inside the program was learned.
var DefaultTraining = Training{Seed: 1, Queries: 8_000, Sample: 150, Rounds: 300, Rate: .2, Bins: 40}

// Train learns the step functions of a model from who came to work together in
// windows: boosted stumps, whose loss is that of choosing the new partners of an
// actor among its candidates. Equal windows and seeds give equal models.
// Features that did not vary keep the documented steps.
func Train(ctx context.Context, o Training, windows ...*Window) (*Model, error) {
	d := &trainingData{options: o, random: rand.New(rand.NewPCG(o.Seed, 0))}
	for _, w := range windows {
		if err := d.collect(ctx, w); err != nil {
			return nil, err
		}
	}
	if len(d.queries) == 0 {
		return nil, fmt.Errorf("nobody came to work together in the years to learn from")
	}
	d.bin()
	steps, err := d.boost(ctx)
	if err != nil {
		return nil, err
	}
	return d.model(steps), nil
}

// trainingData is pairs of actors and candidates, query by query.
type trainingData struct {
	options Training
	random  *rand.Rand
	rows    [][featureCount]float32
	right   []bool
	queries []int // where the rows of each end

	from [featureCount][]float64 // thresholds
	bins [featureCount][]uint8   // by row: how many thresholds it reaches
}

// collect measures the candidates of a window's queries.
func (d *trainingData) collect(ctx context.Context, w *Window) error {
	actors := w.Queries()
	d.random.Shuffle(len(actors), func(i, j int) { actors[i], actors[j] = actors[j], actors[i] })
	return d.collectOf(ctx, w, actors[:min(len(actors), d.options.Queries)])
}

// collectOf measures the candidates of some of them.
func (d *trainingData) collectOf(ctx context.Context, w *Window, actors []int32) error {
	x, err := newIndex(ctx, w.State, 0)
	if err != nil {
		return err
	}
	q := newQuery(x)
	for _, a := range actors {
		if err := q.begin(ctx, a); err != nil {
			return err
		}
		found := w.New(a)
		var wrong []int32
		right := 0
		for _, b := range q.choose(Options{}) {
			switch _, ok := slices.BinarySearch(found, b); {
			case ok:
				d.add(q.whole(b), true)
				right++
			case w.Known(b):
				wrong = append(wrong, b)
			}
		}
		if right == 0 {
			continue
		}
		d.random.Shuffle(len(wrong), func(i, j int) { wrong[i], wrong[j] = wrong[j], wrong[i] })
		for _, b := range wrong[:min(len(wrong), d.options.Sample)] {
			d.add(q.whole(b), false)
		}
		d.queries = append(d.queries, len(d.rows))
	}
	return nil
}

func (d *trainingData) add(f [featureCount]float64, right bool) {
	var row [featureCount]float32
	for i, v := range f {
		row[i] = float32(v)
	}
	d.rows = append(d.rows, row)
	d.right = append(d.right, right)
}

// bin finds thresholds of each feature, which part its values evenly, and those
// of new partners, and how many of them each row reaches.
func (d *trainingData) bin() {
	for i := range features {
		var some []float64
		for r := 0; r < len(d.rows); r += 1 + len(d.rows)/200_000 {
			some = append(some, float64(d.rows[r][i]))
		}
		slices.Sort(some)
		var right []float64
		for r, ok := range d.right {
			if ok {
				right = append(right, float64(d.rows[r][i]))
			}
		}
		slices.Sort(right)
		var all []float64
		for k := 1; k < d.options.Bins; k++ {
			all = append(all, readable(some[k*len(some)/d.options.Bins]), readable(right[k*len(right)/d.options.Bins]))
		}
		slices.Sort(all)
		for _, v := range slices.Compact(all) {
			if v > some[0] {
				d.from[i] = append(d.from[i], v)
			}
		}
		d.bins[i] = make([]uint8, len(d.rows))
		for r := range d.rows {
			at, found := slices.BinarySearch(d.from[i], float64(d.rows[r][i]))
			if found {
				at++
			}
			d.bins[i][r] = uint8(at)
		}
	}
}

// readable rounds a number to three digits.
func readable(v float64) float64 {
	v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 3, 64), 64)
	return v
}

// boost returns what each bin of each feature counts for.
func (d *trainingData) boost(ctx context.Context) (out [featureCount][]float64, err error) {
	for i := range out {
		out[i] = make([]float64, len(d.from[i])+1)
	}
	score := make([]float64, len(d.rows))
	slope, bend := make([]float64, len(d.rows)), make([]float64, len(d.rows))
	for range d.options.Rounds {
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
		d.gradients(score, slope, bend)
		s := d.bestStump(slope, bend)
		if s.gain <= 0 {
			break
		}
		for b := range out[s.feature] {
			out[s.feature][b] += s.value(b, d.options.Rate)
		}
		for r, b := range d.bins[s.feature] {
			score[r] += s.value(int(b), d.options.Rate)
		}
	}
	return out, nil
}

// gradients fills in the first and second derivatives of the loss: minus the
// logarithm of how likely a choice among the candidates of a query, by softmax, is
// one of its new partners. Who foresees one of them loses little by the others.
func (d *trainingData) gradients(score, slope, bend []float64) {
	from := 0
	for _, to := range d.queries {
		most := slices.Max(score[from:to])
		sum, right := 0.0, 0.0
		for r := from; r < to; r++ {
			slope[r] = math.Exp(score[r] - most)
			sum += slope[r]
			if d.right[r] {
				right += slope[r]
			}
		}
		for r := from; r < to; r++ {
			p := slope[r] / sum
			if bend[r] = p * (1 - p); d.right[r] {
				slope[r] = p - slope[r]/right
			} else {
				slope[r] = p
			}
		}
		from = to
	}
}

// stump adds one value below a threshold and another from it on.
type stump struct {
	feature, bin int
	below, above float64
	gain         float64
}

func (s stump) value(bin int, rate float64) float64 {
	if bin < s.bin {
		return rate * s.below
	}
	return rate * s.above
}

// ridge keeps values small that few rows support.
const ridge = 5

// bestStump returns the stump that lessens the loss the most. More of what speaks
// for a pair never counts for less.
func (d *trainingData) bestStump(slope, bend []float64) (best stump) {
	var slopes, bends [256]float64
	for i := range features {
		n := len(d.from[i])
		clear(slopes[:n+1])
		clear(bends[:n+1])
		for r, b := range d.bins[i] {
			slopes[b] += slope[r]
			bends[b] += bend[r]
		}
		allSlope, allBend := 0.0, 0.0
		for b := range n + 1 {
			allSlope += slopes[b]
			allBend += bends[b]
		}
		whole := allSlope * allSlope / (allBend + ridge)
		left, leftBend := 0.0, 0.0
		for b := 1; b <= n; b++ {
			left += slopes[b-1]
			leftBend += bends[b-1]
			right, rightBend := allSlope-left, allBend-leftBend
			s := stump{i, b, -left / (leftBend + ridge), -right / (rightBend + ridge), 0}
			s.gain = left*left/(leftBend+ridge) + right*right/(rightBend+ridge) - whole
			if s.gain > best.gain && (features[i].falling || s.above > s.below) {
				best = s
			}
		}
	}
	return best
}

// model returns the step functions, so that nothing known counts for nothing.
func (d *trainingData) model(value [featureCount][]float64) *Model {
	m := *documented()
	for i, f := range features {
		if len(d.from[i]) == 0 {
			continue
		}
		s := steps{Below: value[i][0]}
		for b, from := range d.from[i] {
			last := s.Below
			if len(s.Value) > 0 {
				last = s.Value[len(s.Value)-1]
			}
			if v := value[i][b+1]; v != last {
				s.From, s.Value = append(s.From, from), append(s.Value, v)
			}
		}
		none := s.at(f.none)
		round := func(v float64) float64 { return math.Round((v-none)*1e4) / 1e4 }
		s.Below = round(s.Below)
		for b := range s.Value {
			s.Value[b] = round(s.Value[b])
		}
		m.steps[i] = s
	}
	m.medium, m.strong = d.strengths(&m)
	m.lesserKnown = lesserKnown
	return &m
}

// lesserKnown is what the logarithm of the number of partners counts against at
// most in a learned model, whose scores are logarithms of chances: a tenth of it,
// the default, makes the suggestions of all together some three times as many
// and costs little, see docs/ranking.md.
const lesserKnown = 4

// strengths returns the scores that the better half and the best quarter of the
// pairs reach that came true.
func (d *trainingData) strengths(m *Model) (medium, strong float64) {
	var scores []float64
	for r, row := range d.rows {
		if !d.right[r] {
			continue
		}
		var f [featureCount]float64
		for i, v := range row {
			f[i] = float64(v)
		}
		scores = append(scores, m.score(0, &f, 0).score)
	}
	slices.Sort(scores)
	return readable(scores[len(scores)/2]), readable(scores[len(scores)*3/4])
}
