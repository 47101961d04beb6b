package cli

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/maillage/maillage/internal/engine"
)

// metrics returns what is measured of the service: the program as Go and the system
// see it, and the engine.
func metrics(e *engine.Engine) *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewCounterFunc(
			prometheus.CounterOpts{Name: "maillage_statements_total", Help: "Statements that the store was asked."},
			func() float64 { return float64(e.Statements()) },
		),
		projected{e},
	)
	return r
}

// projected collects figures of an engine's projection, and none while there is
// none.
type projected struct{ engine *engine.Engine }

func describe(name, help string) *prometheus.Desc {
	return prometheus.NewDesc("maillage_projection_"+name, help, nil, nil)
}

// The figures of the projection, as in stats.
var (
	revisionDesc = describe("revision", "Number of the last write that the projection shows.")
	actorsDesc   = describe("actors", "Organisations in the projection.")
	groupsDesc   = describe("groups", "Projects, synergies and bodies with members in the projection.")
	linksDesc    = describe("links", "Relationships in the projection.")
	bytesDesc    = describe("bytes", "Memory that the projection takes.")
	buildDesc    = describe("build_seconds", "How long it took to read and build the projection.")
	updateDesc   = describe("update_seconds", "How long it took to bring the projection up to date by the last write; absent before there is one.")
)

// Describe sends what may be collected.
func (p projected) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{revisionDesc, actorsDesc, groupsDesc, linksDesc, bytesDesc, buildDesc, updateDesc} {
		to <- d
	}
}

// Collect sends the figures.
func (p projected) Collect(to chan<- prometheus.Metric) {
	if p.engine.Projection == nil {
		return
	}
	g := p.engine.Projection.Last()
	if g == nil {
		return
	}
	send := func(d *prometheus.Desc, v float64) { to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v) }
	send(revisionDesc, float64(g.Revision))
	send(actorsDesc, float64(g.Actors.Len()))
	send(groupsDesc, float64(g.Groups.Len()))
	send(linksDesc, float64(g.Links()))
	send(bytesDesc, float64(g.Bytes()))
	send(buildDesc, g.BuildTime.Seconds())
	if g.UpdateTime > 0 {
		send(updateDesc, g.UpdateTime.Seconds())
	}
}
