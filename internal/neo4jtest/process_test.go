package neo4jtest

import (
	"fmt"
	"strings"
	"testing"
)

func TestLines(t *testing.T) {
	l := newLines()
	before := l.seen("ready")
	for i := range 2 * keptLines {
		fmt.Fprintf(l, "line %d\n", i)
	}
	fmt.Fprint(l, "rea")
	select {
	case <-before:
		t.Error("seen before it was whole")
	default:
	}
	fmt.Fprint(l, "dy\r\nno end")
	<-before
	<-l.seen("ready") // and after the fact
	got := strings.Split(l.String(), "\n")
	if len(got) != keptLines+1 || got[len(got)-1] != "no end" {
		t.Errorf("kept %d lines, the last %q", len(got), got[len(got)-1])
	}
}
