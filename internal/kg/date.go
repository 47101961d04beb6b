package kg

import (
	"fmt"
	"strings"
	"time"
)

// Date is a date or an interval in EDTF (ISO 8601-2): a year, a month or a
// day, each optionally followed by one of the qualifiers ? ~ %, or two of them
// with a slash between, either of which may be "..", an open end.
type Date struct {
	// First and Last are the first and last day it may mean, as YYYY-MM-DD.
	// An open beginning is OpenFirst, an open end OpenLast.
	First, Last string
	precision   byte
}

// Open ends of intervals: before and after every date that can be written.
const (
	OpenFirst = "0000-01-01"
	OpenLast  = "9999-12-31"
)

// ParseDate parses an EDTF date or interval between the years 0001 and 9998.
func ParseDate(s string) (Date, error) {
	from, to, interval := strings.Cut(s, "/")
	if !interval {
		return parseDay(s)
	}
	d := Date{First: OpenFirst, Last: OpenLast, precision: '4'}
	if from == ".." && to == ".." {
		return Date{}, dateError(s)
	}
	if from != ".." {
		a, err := parseDay(from)
		if err != nil {
			return Date{}, dateError(s)
		}
		d.First = a.First
	}
	if to != ".." {
		b, err := parseDay(to)
		if err != nil {
			return Date{}, dateError(s)
		}
		d.Last = b.Last
	}
	if d.Last < d.First {
		return Date{}, fmt.Errorf("date %q ends before it begins", s)
	}
	return d, nil
}

// SortKey orders dates by first day, then year before month before day before
// interval, then by last day.
func (d Date) SortKey() string { return d.First + string(d.precision) + d.Last }

func parseDay(s string) (Date, error) {
	bare := s
	if n := len(s); n > 0 && strings.IndexByte("?~%", s[n-1]) >= 0 {
		bare = s[:n-1]
	}
	layouts := map[int]struct {
		layout    string
		precision byte
	}{4: {"2006", '1'}, 7: {"2006-01", '2'}, 10: {time.DateOnly, '3'}}
	l, ok := layouts[len(bare)]
	if !ok {
		return Date{}, dateError(s)
	}
	t, err := time.Parse(l.layout, bare)
	if err != nil || t.Year() < 1 || t.Year() > 9998 {
		return Date{}, dateError(s)
	}
	last := t
	switch l.precision {
	case '1':
		last = t.AddDate(1, 0, -1)
	case '2':
		last = t.AddDate(0, 1, -1)
	}
	return Date{First: t.Format(time.DateOnly), Last: last.Format(time.DateOnly), precision: l.precision}, nil
}

func dateError(s string) error {
	return fmt.Errorf("%q is no date: write it like 2019, 2019-09, 2019-09-01, 2019-02/2019-07, 2019-09/.. or ../2020", s)
}
