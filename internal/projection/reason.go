package projection

// Reason is one contribution to a score. The score is the sum of the weights of all
// reasons in their order.
type Reason struct {
	Code     string // such as SHARED_PARTNERS; never a sentence
	Weight   float64
	Count    int      // how many there are of what the code speaks of; 0 when it says nothing
	Value    float64  // a measure, such as km; NaN when it says nothing
	Text     string   // a parameter that is a text, such as a country or material class; "" when it says nothing
	Evidence []string // ids of nodes that support it, at most 5, the strongest first
}
