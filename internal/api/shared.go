package api

// standard holds what the shared types are made of, where a model does not
// define it.
var standard = map[string]string{
	"Date":     "\"A date or an interval in EDTF (ISO 8601-2).\"\nscalar Date",
	"DateTime": "\"An instant in RFC 3339, in UTC.\"\nscalar DateTime",
	"Decimal":  "\"An exact amount with two decimals, as text.\"\nscalar Decimal",
	"Lang":     "\"The languages of labels.\"\nenum Lang {\n  FR\n  EN\n}",
}

// shared holds the types that every API has.
const shared = `"A direction of ordering."
enum OrderDirection {
  "From the least to the greatest."
  ASC
  "From the greatest to the least."
  DESC
}

"Where a page begins and ends, and whether there is more."
type PageInfo {
  "Whether more comes after the page; going backward, whether a before cursor was given."
  hasNextPage: Boolean!
  "Whether more comes before the page; going forward, whether an after cursor was given."
  hasPreviousPage: Boolean!
  "The cursor of the first item; null on an empty page."
  startCursor: String
  "The cursor of the last item; null on an empty page."
  endCursor: String
}

"A group of the items of a connection."
type Facet {
  "What they have in common: a filter by it finds just these. Null where they have nothing, or a date whose beginning is open; of related nodes it is their id."
  value: String
  "What people call it: of related nodes their label, else the value."
  label("The language." lang: Lang! = EN): String
  "The value of the second key, where there is one."
  across: FacetValue
  "How many items there are."
  count: Int!
}

"A value of the second key of a group."
type FacetValue {
  "What they have in common; null where they have nothing."
  value: String
  "What people call it."
  label("The language." lang: Lang! = EN): String
}

"How much of a date makes a group; where its beginning is open the group is null."
enum DateInterval {
  "The year in which it begins."
  YEAR
  "The month in which it begins."
  MONTH
}

"Figures of an integer; null where no item has it."
type IntSummary {
  "The sum, exact."
  sum: Float
  "The mean, rounded to two decimals."
  avg: Decimal
  "The least."
  min: Int
  "The greatest."
  max: Int
}

"Figures of an amount; null where no item has it."
type DecimalSummary {
  "The sum."
  sum: Decimal
  "The mean, rounded to two decimals."
  avg: Decimal
  "The least."
  min: Decimal
  "The greatest."
  max: Decimal
}

"Figures of a number; null where no item has it."
type FloatSummary {
  "The least."
  min: Float
  "The greatest."
  max: Float
}

"Figures of a date; null where no item has it."
type DateSummary {
  "The one that begins first."
  min: Date
  "The one that begins last."
  max: Date
}

"How many nodes of one type there are."
type NodeCount {
  "The type."
  type: String!
  "How many."
  count: Int!
}

"How many relationships of one type there are."
type RelationshipCount {
  "The type."
  type: String!
  "How many."
  count: Int!
}

"The graph over which suggestions, paths and the like are computed, kept in memory: who meets whom, without all else that is known of them."
type Projection {
  "The number of the last write that it shows."
  revision: Int!
  "How many there are that may work together, such as organisations."
  actors: Int!
  "How many there are of what they share: projects, synergies, bodies with members."
  groups: Int!
  "How many relationships it holds."
  links: Int!
  "How much memory it takes, in bytes."
  bytes: Float!
  "Whether all of it is in memory; else its long lists are read from the store when something is computed, with the same answers."
  whole: Boolean!
  "How long it took to read and build it, in seconds."
  buildSeconds: Float!
  "How long it took to bring it up to date by the last write, in seconds; null when nothing has been written since it was built."
  updateSeconds: Float
  "Whether it follows what is written by itself; else it is brought up to date when something is computed."
  follows: Boolean!
}

"How much the graph holds, and how fresh it is."
type Stats {
  "Nodes by type, in the order of the types' names."
  nodes: [NodeCount!]!
  "Relationships by type, in the order of the types' names."
  relationships: [RelationshipCount!]!
  "The number of the last write."
  revision: Int!
  "When the last write was made; null on an empty graph."
  updatedAt: DateTime
  "The graph over which is computed; null while there is none, because it is being built or its nodes alone are larger than it may be."
  projection: Projection
}

"Conditions on an id; all of them hold."
input IDFilter {
  "It is this one."
  eq: ID
  "It is one of these, up to 1,000."
  in: [ID!]
  "Whether it is absent."
  isNull: Boolean
}

"Conditions on a text, without regard to case and accents; all of them hold. Texts are compared by their first 256 characters."
input StringFilter {
  "It is this one."
  eq: String
  "It is one of these, up to 1,000."
  in: [String!]
  "It is this one to the letter, with case and accents."
  exact: String
  "It contains this."
  contains: String
  "It begins with this."
  startsWith: String
  "It comes before this."
  lt: String
  "It comes before this or is this."
  lte: String
  "It comes after this."
  gt: String
  "It comes after this or is this."
  gte: String
  "Whether it is absent."
  isNull: Boolean
}

"Conditions on a list of texts; all of them hold."
input StringListFilter {
  "One of the list is this, without regard to case and accents."
  includes: String
  "Whether the list is empty."
  isNull: Boolean
}

"Conditions on an integer; all of them hold."
input IntFilter {
  "It is this one."
  eq: Int
  "It is one of these, up to 1,000."
  in: [Int!]
  "It is less."
  lt: Int
  "It is less or equal."
  lte: Int
  "It is greater."
  gt: Int
  "It is greater or equal."
  gte: Int
  "Whether it is absent."
  isNull: Boolean
}

"Conditions on a number; all of them hold."
input FloatFilter {
  "It is this one."
  eq: Float
  "It is one of these, up to 1,000."
  in: [Float!]
  "It is less."
  lt: Float
  "It is less or equal."
  lte: Float
  "It is greater."
  gt: Float
  "It is greater or equal."
  gte: Float
  "Whether it is absent."
  isNull: Boolean
}

"Conditions on an amount; all of them hold."
input DecimalFilter {
  "It is this one."
  eq: Decimal
  "It is one of these, up to 1,000."
  in: [Decimal!]
  "It is less."
  lt: Decimal
  "It is less or equal."
  lte: Decimal
  "It is greater."
  gt: Decimal
  "It is greater or equal."
  gte: Decimal
  "Whether it is absent."
  isNull: Boolean
}

"From where a distance is measured: either one."
input Origin {
  "The id of a node that has a location."
  place: ID
  "A point."
  point: PointInput
}

"A point on the globe (WGS 84)."
input PointInput {
  "Degrees north, from -90 to 90."
  latitude: Float!
  "Degrees east, from -180 to 180."
  longitude: Float!
}

"A distance that a location does not exceed, along a great circle; what has no location is not near. Either place or point."
input NearFilter {
  "The id of a node that has a location."
  place: ID
  "A point."
  point: PointInput
  "Kilometres."
  km: Float!
}

"Conditions on a sum of integers; all of them hold."
input IntRange {
  "It is this one."
  eq: Int
  "It is less."
  lt: Int
  "It is less or equal."
  lte: Int
  "It is greater."
  gt: Int
  "It is greater or equal."
  gte: Int
}

"Conditions on a sum of amounts; all of them hold."
input DecimalRange {
  "It is this one."
  eq: Decimal
  "It is less."
  lt: Decimal
  "It is less or equal."
  lte: Decimal
  "It is greater."
  gt: Decimal
  "It is greater or equal."
  gte: Decimal
}

"Conditions on a truth value; all of them hold."
input BooleanFilter {
  "It is this one."
  eq: Boolean
  "Whether it is absent."
  isNull: Boolean
}

"Conditions on a date, compared as intervals; all of them hold."
input DateFilter {
  "It means the same days."
  eq: Date
  "It ends before this begins."
  lt: Date
  "It begins no later than this ends: lte 2020 includes 2020-05-01."
  lte: Date
  "It begins after this ends."
  gt: Date
  "It ends no earlier than this begins: gte 2020 includes 2020-05-01."
  gte: Date
  "Its first day lies in this."
  beginsIn: Date
  "Whether it is absent."
  isNull: Boolean
}

"Conditions on an instant; all of them hold."
input DateTimeFilter {
  "It is this one."
  eq: DateTime
  "It is earlier."
  lt: DateTime
  "It is not later."
  lte: DateTime
  "It is later."
  gt: DateTime
  "It is not earlier."
  gte: DateTime
  "Whether it is absent."
  isNull: Boolean
}
`
