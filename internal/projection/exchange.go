package projection

// Exchanges is what actors declare that they need, or that they offer. The
// slices are by exchange.
type Exchanges struct {
	Table
	Kind    []string // a value of the model's enum; Resource is one of them
	Until   []Day    // the last day on which it stands; NoDay when it stands without end
	Class   []string // of resources: the class of material
	Amount  []Amount // of resources
	Actors  Lists    // by exchange: who declares it
	Sectors Lists    // by exchange: what it is about
	ByActor Lists    // by actor: what it declares
}

// Stands reports whether an exchange stands on a day.
func (e *Exchanges) Stands(i int32, on Day) bool { return e.Until[i] == NoDay || e.Until[i] >= on }

// Amount is how much of a resource there is, each period or once.
type Amount struct {
	Quantity float64 // NaN when it is not known
	Unit     string  // a UN/CEFACT code, such as TNE
	Period   string  // an ISO 8601 duration, such as P1M; "" when it is there once
}

// Calls are calls for proposals. The slices are by call.
type Calls struct {
	Table
	From, To []Day   // the day on which it opens, and that of its last deadline
	Least    []int32 // partners that an answer needs at least; 0 when it is not known
	Sectors  Lists   // by call: what it is about
}

// Live reports whether a call can be answered on a day: it may have opened, and
// its last deadline is known and not past.
func (c *Calls) Live(i int32, on Day) bool {
	return c.From[i] <= on && c.To[i] != NoDay && c.To[i] >= on
}
