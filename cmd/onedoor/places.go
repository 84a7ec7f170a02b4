package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"onedoor/routing"
)

// maxBoundaries is how many bytes a file of boundaries may have.
const maxBoundaries = 100 << 20

type placesCommand struct {
	Boundaries boundariesCommand `cmd:"" help:"Import boundaries of places, for the map, from GeoJSON."`
}

type boundariesCommand struct {
	File  string `arg:"" type:"existingfile" help:"A FeatureCollection of Polygons and MultiPolygons, each with a property code or adcode: the code of a place."`
	Datum string `enum:"wgs84,gcj02" default:"wgs84" help:"wgs84, or gcj02 (Amap and other maps of China)."`
}

// Run imports the boundaries of all places that are known, or none and says what is wrong with which.
func (k *boundariesCommand) Run(ctx context.Context, std streams, c *config) error {
	file, err := readFile(k.File, maxBoundaries)
	if err != nil {
		return err
	}
	d, err := c.openDomain(ctx, c.quiet(std.err))
	if err != nil {
		return err
	}
	defer d.close()
	known := func(code string) bool { _, ok := d.intake.Router.Gazetteer().Lookup(code); return ok }
	found, unknown, err := routing.ReadBoundaries(file, k.Datum == "gcj02", known)
	if len(unknown) > 0 {
		fmt.Fprintf(std.err, "passed over:\n%s\n", routing.BoundaryProblems{Problems: unknown})
	}
	var counts routing.Counts
	if err == nil {
		counts, err = routing.ImportBoundaries(ctx, d.db, found)
	}
	if err != nil {
		return fmt.Errorf("nothing was imported from %s:\n%w", k.File, err)
	}
	fmt.Fprintf(std.err, "boundaries: %d added, %d changed, %d unchanged\n", counts.Added, counts.Changed, counts.Unchanged)
	return nil
}

// readFile reads a file of at most so many bytes.
func readFile(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	file, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if int64(len(file)) > most {
		return nil, fmt.Errorf("%s is larger than %d MB: split it", path, most>>20)
	}
	return file, nil
}
