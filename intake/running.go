package intake

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math"
	"time"
)

// runningSize is the length of a cycles.running, in bytes.
const runningSize = 8 * 8

// year2000 is when PostgreSQL's time begins, in microseconds since 1970.
var year2000 = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

// addRunning adds the cycles of the scope that aren't over. There are tens of thousands of them at any time, and each counts as it
// stands now: those of a station come as one value.
func (t *tallying) addRunning(ctx context.Context) error {
	w := t.scope.where()
	w.and(`c.over_at IS NULL`)
	rows, err := t.tx.QueryContext(ctx, `SELECT c.station, `+t.partColumn()+`, string_agg(c.running, '') FROM cycles c
		WHERE `+w.text()+` GROUP BY 1, 2`, w.args...)
	if err != nil {
		return fmt.Errorf("read running cycles: %w", err)
	}
	defer rows.Close()
	var station, part string
	var running sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&station, &part, &running); err != nil {
			return fmt.Errorf("read running cycles: %w", err)
		}
		group := t.group(key{Station: station, WorkerStation: part, Category: part, Urgency: part, Setting: part}, part)
		if err := t.addAll(running, station, group); err != nil {
			return err
		}
	}
	return wrap(rows.Err(), "read running cycles")
}

// partColumn is what of cycles c, beside its station, tells to which group one belongs.
func (t *tallying) partColumn() string {
	switch t.by {
	case "worker_station", "category", "urgency", "setting":
		return `c.` + t.by
	case byStationUrgency:
		return `c.urgency`
	case "day", "week", "month":
		return `CAST(c.day AS text)`
	}
	return `''`
}

// addAll adds running cycles of a station to a group, and to the total.
func (t *tallying) addAll(running []byte, station string, group *tally) error {
	if len(running)%runningSize != 0 {
		return errFigures
	}
	now := t.now.UnixMicro()
	for ; len(running) > 0; running = running[runningSize:] {
		c, began := runningCycle(running)
		for _, sum := range []*tally{group, t.total} {
			if sum != nil {
				sum.add(&c, float64(now-began)/1e6, func() float64 { return t.openUntilNow(station, time.UnixMicro(began)) })
			}
		}
	}
	return nil
}

// runningCycle is the first of some cycles.running, and when it began, in microseconds since 1970.
func runningCycle(from []byte) (c counted, began int64) {
	next := func() *float64 {
		f := math.Float64frombits(binary.BigEndian.Uint64(from))
		from = from[8:]
		if math.IsNaN(f) {
			return nil
		}
		return &f
	}
	c.Claim = stretch{next(), *next(), next()}
	c.Answer = stretch{next(), *next(), next()}
	c.Resolve.Within = *next()
	return c, int64(binary.BigEndian.Uint64(from)) + year2000
}
