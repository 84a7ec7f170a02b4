package intake

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// The cubes of figures_kept, and the lengths of time that each keeps.
const (
	cubeAll      = "all"
	cubeStation  = "station"
	cubeCategory = "category"
	cubeBoth     = "both"

	grainDay   = "day"
	grainMonth = "month"
	grainYear  = "year"
)

// grains are the lengths of time that a cube keeps, the longest first. A day of one station has hardly more requests than
// services: of both, cycles are read themselves.
func grains(cube string) []string {
	if cube == cubeBoth {
		return []string{grainYear, grainMonth}
	}
	return []string{grainYear, grainMonth, grainDay}
}

// A cell is a row of figures_kept.
type cell struct {
	Cube, Grain, Starts, Category, Station, WorkerStation string
}

// cellsOf are the cells in which a cycle counts, which began on a day.
func cellsOf(k key, day string) (all []cell) {
	for _, cube := range []string{cubeAll, cubeStation, cubeCategory, cubeBoth} {
		for _, grain := range grains(cube) {
			c := cell{Cube: cube, Grain: grain, Starts: startOf(grain, day)}
			if cube == cubeStation || cube == cubeBoth {
				c.Station, c.WorkerStation = k.Station, k.WorkerStation
			}
			if cube == cubeCategory || cube == cubeBoth {
				c.Category = k.Category
			}
			all = append(all, c)
		}
	}
	return all
}

// startOf is the first day of the day, month or year in which a day is.
func startOf(grain, day string) string {
	switch grain {
	case grainMonth:
		return day[:len("2006-01")] + "-01"
	case grainYear:
		return day[:len("2006")] + "-01-01"
	}
	return day
}

// A part is what a cell's figures are parted by beside: urgency and setting, of which there are few. Its parts stand in the cell
// together.
type part byte

func urgencies() []string { return []string{"normal", "urgent", "emergency"} }

// Settings are where residents live, as far as their place tells.
func Settings() []string { return []string{"", "urban", "rural"} }

// whole is the part that is all others together.
const whole part = 9

func partOf(k key) part {
	return part(slices.Index(urgencies(), k.Urgency)*len(Settings()) + slices.Index(Settings(), k.Setting))
}

func (p part) urgency() string { return urgencies()[int(p)/len(Settings())] }

func (p part) setting() string { return Settings()[int(p)%len(Settings())] }

// cells are what is to be added to figures_kept: which cycles count in each.
type cells map[cell][]*counted

// add counts a cycle that is over.
func (all cells) add(c *counted) {
	for _, cell := range cellsOf(c.key, c.Day) {
		all[cell] = append(all[cell], c)
	}
}

// parts are the tallies of one cell after the other: their memory is used again.
type parts struct {
	tallies [whole]tally
	used    [whole]bool
	whole   tally
}

// of is the tally of a part.
func (s *parts) of(p part) *tally {
	s.used[p] = true
	return &s.tallies[p]
}

func (s *parts) empty() {
	for p, used := range s.used {
		if used {
			s.tallies[p].empty()
			s.used[p] = false
		}
	}
}

// sum is the figures of a cell with the cycles added to those that it has, and the whole of them; nil where that is the only part.
func (all cells) sum(c cell, had []byte, s *parts) (figures, sum []byte, err error) {
	s.empty()
	if err := readParts(had, s.of); err != nil {
		return nil, nil, err
	}
	for _, cycle := range all[c] {
		if t := s.of(partOf(cycle.key)); cycle.undone {
			t.subtract(cycle)
		} else {
			t.add(cycle, 0, nil)
		}
	}
	figures = []byte{}
	parts := 0
	s.whole.empty()
	for p := range s.tallies {
		if s.used[p] && s.tallies[p].requests > 0 {
			figures = s.tallies[p].appendTo(append(figures, byte(p)))
			s.whole.merge(&s.tallies[p])
			parts++
		}
	}
	if parts > 1 {
		sum = s.whole.appendTo([]byte{byte(whole)})
	}
	return figures, sum, nil
}

// write adds the cells to those that are there.
func (all cells) write(ctx context.Context, tx *sqlx.Tx) error {
	keys := make([]cell, 0, len(all))
	for c := range all {
		keys = append(keys, c)
	}
	slices.SortFunc(keys, func(a, b cell) int { // so that what is next to each other is written together
		return cmp.Or(cmp.Compare(a.Cube, b.Cube), cmp.Compare(a.Grain, b.Grain), cmp.Compare(a.Starts, b.Starts), cmp.Compare(a.Category, b.Category),
			cmp.Compare(a.Station, b.Station), cmp.Compare(a.WorkerStation, b.WorkerStation))
	})
	for some := range slices.Chunk(keys, cellsAtOnce) {
		if err := all.writeSome(ctx, tx, some); err != nil {
			return err
		}
	}
	return nil
}

// cellsAtOnce is how many cells one statement writes.
const cellsAtOnce = 2000

func (all cells) writeSome(ctx context.Context, tx *sqlx.Tx, keys []cell) error {
	columns := [6][]string{}
	for _, c := range keys {
		for i, value := range []string{c.Cube, c.Grain, c.Starts, c.Category, c.Station, c.WorkerStation} {
			columns[i] = append(columns[i], value)
		}
	}
	args := []any{}
	for _, column := range columns {
		args = append(args, pq.Array(column))
	}
	const given = `unnest($1::text[], $2::text[], $3::date[], $4::text[], $5::text[], $6::text[]`
	rows, err := tx.QueryContext(ctx, `SELECT k.cube, k.grain, to_char(k.starts, 'YYYY-MM-DD'), k.category, k.station, k.worker_station, k.figures
		FROM `+given+`) AS g (cube, grain, starts, category, station, worker_station) JOIN figures_kept k USING (cube, grain, starts, category, station, worker_station)`, args...)
	if err != nil {
		return fmt.Errorf("read kept figures: %w", err)
	}
	defer rows.Close()
	had := map[cell][]byte{}
	for rows.Next() {
		var c cell
		var figures []byte
		if err := rows.Scan(&c.Cube, &c.Grain, &c.Starts, &c.Category, &c.Station, &c.WorkerStation, &figures); err != nil {
			return fmt.Errorf("read kept figures: %w", err)
		}
		had[c] = figures
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read kept figures: %w", err)
	}
	figures, sums, tallies := make([][]byte, len(keys)), make([][]byte, len(keys)), new(parts)
	for i, c := range keys {
		if figures[i], sums[i], err = all.sum(c, had[c], tallies); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO figures_kept (cube, grain, starts, category, station, worker_station, figures, whole)
		SELECT cube, grain, starts, category, station, worker_station, figures, nullif(whole, '')
		FROM `+given+`, $7::bytea[], $8::bytea[]) AS g (cube, grain, starts, category, station, worker_station, figures, whole) ON CONFLICT (cube, grain, starts, category, station, worker_station)
		DO UPDATE SET (figures, whole) = (EXCLUDED.figures, EXCLUDED.whole)`, append(args, pq.Array(figures), pq.Array(sums))...)
	return wrap(err, "keep figures")
}

// readParts adds each part of a cell's figures to the tally that to gives for it; nil: to none.
func readParts(figures []byte, to func(part) *tally) (err error) {
	for len(figures) > 0 && err == nil {
		if part(figures[0]) > whole {
			return errFigures
		}
		figures, err = to(part(figures[0])).addFrom(figures[1:])
	}
	return err
}
