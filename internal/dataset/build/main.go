// Command build writes the files of package dataset that are made from raw
// data: h2020.jsonl.gz, calls.jsonl.gz and places.jsonl. It is run by hand when the raw data or
// the rules of the importers change, from the root of the repository:
//
//	go run ./internal/dataset/build -raw DIR
//
// where DIR holds the files that internal/dataset/README.md names, in any
// folders. The same raw files give the same bytes. Nothing else of the project
// needs the raw files.
package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/maillage/maillage/internal/catalog"
	"github.com/maillage/maillage/internal/importer"
	"github.com/maillage/maillage/internal/importer/cordis"
	"github.com/maillage/maillage/internal/jsonl"
	"github.com/maillage/maillage/internal/kg"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("build", flag.ContinueOnError)
	flags.SetOutput(stderr)
	raw := flags.String("raw", "", "directory of the raw files")
	out := flags.String("out", "internal/dataset/data", "directory to write to")
	model := flags.String("model", "schema.graphqls", "the model")
	if err := flags.Parse(args); err != nil || *raw == "" {
		fmt.Fprintln(stderr, "usage: build -raw DIR")
		return 2
	}
	sdl, err := os.ReadFile(*model)
	if err == nil {
		err = build(*raw, *out, string(sdl), stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "build:", err)
		return 1
	}
	return 0
}

func build(raw, out, sdl string, stdout io.Writer) error {
	c, err := catalog.Load(sdl)
	if err != nil {
		return err
	}
	h2020, err := h2020(raw, stdout)
	if err != nil {
		return err
	}
	places, err := places(raw)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "places: %d nodes and relationships\n", len(places))
	here := located(h2020, places)
	fmt.Fprintf(stdout, "h2020: %d organisations located\n", len(here))
	h2020 = append(h2020, here...)
	funding, err := funding(raw, stdout)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "calls: %d nodes and relationships\n", len(funding))
	if err := write(c, filepath.Join(out, "calls.jsonl.gz"), funding); err != nil {
		return err
	}
	if err := write(c, filepath.Join(out, "h2020.jsonl.gz"), h2020); err != nil {
		return err
	}
	return write(c, filepath.Join(out, "places.jsonl"), places)
}

// h2020 imports the closed graph of 2016 with what later years add to it.
func h2020(raw string, stdout io.Writer) ([]kg.Change, error) {
	var changes []kg.Change
	emit := func(ch kg.Change) error {
		changes = append(changes, ch)
		return nil
	}
	reject := func(r importer.Rejection) { fmt.Fprintln(stdout, "rejected:", r) }
	report, err := cordis.Import([]string{raw}, cordis.Options{Closed: true}, emit, reject)
	if err != nil {
		return nil, err
	}
	if report.Participations == 0 {
		return nil, fmt.Errorf("%s holds no participations of 2016", raw)
	}
	pairs := len(report.Duplicates)
	report.Duplicates = nil
	fmt.Fprintf(stdout, "h2020: %+v, %d pairs that may be one organisation\n", report, pairs)
	return changes, nil
}

// write writes changes in canonical order, compressed where the name ends in
// .gz. The header of the compression carries no time, so that the bytes depend
// on the changes alone.
func write(c *catalog.Catalog, path string, changes []kg.Change) error {
	jsonl.Sort(c, changes)
	var plain bytes.Buffer
	e := jsonl.NewEncoder(&plain, c)
	for _, ch := range changes {
		if err := e.Change(ch); err != nil {
			return err
		}
	}
	if err := e.Flush(); err != nil {
		return err
	}
	if filepath.Ext(path) != ".gz" {
		return os.WriteFile(path, plain.Bytes(), 0o644)
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(plain.Bytes()); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, packed.Bytes(), 0o644)
}
