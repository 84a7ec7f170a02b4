package routing

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"onedoor/internal/database"
)

// boundaryRecord is a boundary on its way into the database.
type boundaryRecord struct {
	Place  string  `json:"place" db:"place"`
	Rings  string  `json:"rings" db:"rings"` // JSON: lists of [lon, lat]
	Points int     `json:"points" db:"points"`
	West   float64 `json:"west" db:"west"`
	South  float64 `json:"south" db:"south"`
	East   float64 `json:"east" db:"east"`
	North  float64 `json:"north" db:"north"`
}

func (b *Boundary) record() (boundaryRecord, error) {
	r := boundaryRecord{Place: b.Place, West: b.Low.Lon, South: b.Low.Lat, East: b.High.Lon, North: b.High.Lat}
	rings := make([][][2]float64, len(b.Rings))
	for i, ring := range b.Rings {
		for _, p := range ring {
			rings[i] = append(rings[i], [2]float64{p.Lon, p.Lat})
		}
		r.Points += len(ring)
	}
	text, err := json.Marshal(rings)
	r.Rings = string(text)
	return r, err
}

func (r *boundaryRecord) boundary() (Boundary, error) {
	b := Boundary{Place: r.Place, Low: Point{r.South, r.West}, High: Point{r.North, r.East}}
	var rings [][][2]float64
	if err := json.Unmarshal([]byte(r.Rings), &rings); err != nil {
		return b, fmt.Errorf("read the boundary of %s: %w", r.Place, err)
	}
	for _, ring := range rings {
		points := make([]Point, len(ring))
		for i, p := range ring {
			points[i] = Point{p[1], p[0]}
		}
		b.Rings = append(b.Rings, points)
	}
	return b, nil
}

// boundaryBatch is how many boundaries one statement writes.
const boundaryBatch = 200

// ImportBoundaries adds boundaries, and changes those that there are of the same places: all of them or none. The others stay.
func ImportBoundaries(ctx context.Context, db *database.DB, boundaries []Boundary) (total Counts, err error) {
	err = db.Transact(ctx, func(tx *sqlx.Tx) error {
		total = Counts{}
		for batch := range slices.Chunk(boundaries, boundaryBatch) {
			records := make([]boundaryRecord, len(batch))
			for i := range batch {
				if records[i], err = batch[i].record(); err != nil {
					return fmt.Errorf("write a boundary: %w", err)
				}
			}
			counts, err := Upsert(ctx, tx, records, `
				INSERT INTO boundaries AS t (place, rings, points, west, south, east, north)
				SELECT place, rings, points, west, south, east, north FROM jsonb_to_recordset($1) AS
					r (place text, rings text, points integer, west float8, south float8, east float8, north float8)
				ON CONFLICT (place) DO UPDATE SET rings = EXCLUDED.rings, points = EXCLUDED.points, west = EXCLUDED.west, south = EXCLUDED.south,
					east = EXCLUDED.east, north = EXCLUDED.north
				WHERE t.rings <> EXCLUDED.rings
				RETURNING NOT EXISTS (SELECT FROM boundaries before WHERE before.place = t.place)`)
			if err != nil {
				return err
			}
			total.Added, total.Changed, total.Unchanged = total.Added+counts.Added, total.Changed+counts.Changed, total.Unchanged+counts.Unchanged
		}
		return nil
	})
	return total, err
}

// loadBoundaries reads all of them, by place.
func loadBoundaries(ctx context.Context, db sqlx.QueryerContext) ([]Boundary, error) {
	var records []boundaryRecord
	err := sqlx.SelectContext(ctx, db, &records, `SELECT place, rings, points, west, south, east, north FROM boundaries ORDER BY place`)
	if err != nil {
		return nil, fmt.Errorf("load the boundaries: %w", err)
	}
	all := make([]Boundary, len(records))
	for i := range records {
		if all[i], err = records[i].boundary(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Boundaries are those of places as they are now, by place. They must not be changed.
func (r *Router) Boundaries() []Boundary { return *r.boundaries.Load() }

// ReloadBoundaries reads them now; see Reload.
func (r *Router) ReloadBoundaries(ctx context.Context) error {
	all, err := loadBoundaries(ctx, r.db)
	if err != nil {
		return err
	}
	r.boundaries.Store(&all)
	return nil
}
