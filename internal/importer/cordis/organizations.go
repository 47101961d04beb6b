package cordis

import "github.com/maillage/maillage/internal/kg"

// named are the properties that follow from a name.
func (o organization) named() kg.Properties {
	p := kg.Properties{"name": repair(o.name), "displayName": displayName(repair(o.name), o.shortName), "country": o.country}
	if key := matchKey(o.shortName); key != "" && key != matchKey(o.name) {
		p["aliases"] = []string{o.shortName}
	}
	if picShape.MatchString(o.key) {
		p["pic"] = o.key
	}
	return p
}

// organizationWriter emits each organisation once: those of 2016 and, unless
// the graph is closed, those that only 2017 or 2021 know.
type organizationWriter struct {
	im   *importState
	node func(*kg.Node) error

	done map[string]bool           // keys that were emitted or passed over
	rows map[string]*participation // a row of 2021 by participant code
}

func (w *organizationWriter) write() error {
	w.done, w.rows = map[string]bool{}, map[string]*participation{}
	for i := range w.im.rows {
		w.rows[w.im.rows[i].pic] = &w.im.rows[i]
	}
	steps := []func() error{w.of2016}
	if !w.im.opts.Closed {
		steps = append(steps, w.of2017, w.of2021)
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (w *organizationWriter) of2016() error {
	for _, o := range w.im.organizations {
		named := o.named()
		statements := []statement{state(source2016, o.at, "", named)}
		if p := w.im.profileOf[o.key]; p != nil {
			derivation, props := "", kg.Properties{"kind": p.kind, "city": p.city}
			if p.key != o.key {
				derivation, props["pic"] = "INFERRED", p.key
			}
			if restores(repair(p.name), o.name) {
				delete(named, "displayName")
				props["displayName"] = p.named()["displayName"]
			}
			statements = append(statements, state(source2017, p.at, derivation, props))
		}
		if err := w.organization(o.key, statements...); err != nil {
			return err
		}
	}
	return nil
}

func (w *organizationWriter) of2017() error {
	for _, p := range w.im.profiles {
		props := p.named()
		props["kind"], props["city"] = p.kind, p.city
		if err := w.organization(p.key, state(source2017, p.at, "", props)); err != nil {
			return err
		}
	}
	return nil
}

func (w *organizationWriter) of2021() error {
	for _, r := range w.im.rows {
		if err := w.organization(r.pic); err != nil {
			return err
		}
	}
	return nil
}

// organization emits an organisation unless it was emitted or is a natural
// person. What 2021 knows of it comes last; in a closed graph that is the kind of one
// that has none.
func (w *organizationWriter) organization(key string, statements ...statement) error {
	if w.done[key] {
		return nil
	}
	w.done[key] = true
	if w.im.persons[key] {
		w.im.report.Persons++
		return nil
	}
	id, err := organizationID(key)
	if err != nil {
		return err
	}
	n := nodeOf("Organization", id, statements...)
	if r := w.rows[key]; r != nil && (!w.im.opts.Closed || n.Properties["kind"] == nil) {
		known := kg.Properties{"kind": r.kind}
		if !w.im.opts.Closed {
			known["country"], known["pic"] = r.country, r.pic
		}
		n = nodeOf("Organization", id, append(statements, state(source2021, r.at, "", known))...)
	}
	w.im.report.Organizations++
	if n.Properties["kind"] == nil {
		w.im.report.WithoutKind++
	}
	return w.node(n)
}
