package routing

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"onedoor/internal/database"
	"onedoor/internal/sheet"
)

var (
	placeColumns = []string{"code", "name", "level", "parent", "lat", "lon", "datum"}
	englishName  = []string{"name_en"}
)

// OpenPlaces reads a file of places.
func OpenPlaces(path string) (*sheet.Sheet, error) {
	return sheet.Open(path, placeColumns, englishName)
}

// ReadPlaces reads places from CSV.
func ReadPlaces(csv []byte) (*sheet.Sheet, error) {
	return sheet.ReadCSV(csv, placeColumns, englishName)
}

// placeRecord is a place on its way into the database.
type placeRecord struct {
	Code   string   `json:"code"`
	Name   string   `json:"name"`
	NameEN string   `json:"name_en"`
	Level  string   `json:"level"`
	Parent *string  `json:"parent"`
	Lat    *float64 `json:"lat"`
	Lon    *float64 `json:"lon"`
}

// PlaceTable is the gazetteer's. A parent may stand anywhere in the file or in the database already, and must be of a higher
// level than what lies in it, so there are no circles. A place may have none: a county's own installation has no use for what
// is above it. Whether a place is active stays as it is.
func PlaceTable() *Table {
	return &Table{Columns: placeColumns, More: englishName, Key: []string{"code"},
		Read: func(ctx context.Context, tx *sqlx.Tx, check *sheet.Checker, rows []sheet.Row) ([]any, error) {
			places := make([]placeRecord, len(rows))
			for i, row := range rows {
				places[i] = readPlace(check, row)
			}
			return Anys(places), checkParents(ctx, tx, check, rows, places)
		},
		OnRecord: `SELECT code AS id, code AS key, active, code, name, name_en, level, parent, lat, lon FROM places`,
		Write: `
			INSERT INTO places AS t (code, name, name_en, level, parent, lat, lon)
			SELECT code, name, name_en, level, parent, lat, lon FROM jsonb_to_recordset($1) AS
				r (code text, name text, name_en text, level text, parent text, lat float8, lon float8)
			ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, name_en = EXCLUDED.name_en, level = EXCLUDED.level,
				parent = EXCLUDED.parent, lat = EXCLUDED.lat, lon = EXCLUDED.lon
			WHERE (t.name, t.name_en, t.level, t.parent, t.lat, t.lon) IS DISTINCT FROM
				(EXCLUDED.name, EXCLUDED.name_en, EXCLUDED.level, EXCLUDED.parent, EXCLUDED.lat, EXCLUDED.lon)
			RETURNING NOT EXISTS (SELECT FROM places before WHERE before.code = t.code)`}
}

// ImportPlaces adds and changes places by their code; see PlaceTable.
func ImportPlaces(ctx context.Context, db *database.DB, s *sheet.Sheet) (Counts, error) {
	return PlaceTable().Import(ctx, db, s)
}

func readPlace(c *sheet.Checker, row sheet.Row) placeRecord {
	r := placeRecord{Code: c.Code(row), Name: c.Name(row), NameEN: row.Get("name_en"), Level: strings.ToLower(row.Get("level"))}
	if !slices.Contains(levels, r.Level) {
		c.Add(row, "level %q is not one of %s", r.Level, strings.Join(levels, ", "))
	}
	if parent := row.Get("parent"); parent != "" {
		r.Parent = &parent
	}
	if at := ReadPosition(c, row); at != nil {
		r.Lat, r.Lon = &at.Lat, &at.Lon
	}
	return r
}

// checkParents looks at the levels of places and their parents as they will be after the import, and notes what is wrong.
func checkParents(ctx context.Context, tx *sqlx.Tx, c *sheet.Checker, rows []sheet.Row, records []placeRecord) error {
	before, err := loadPlaces(ctx, tx)
	if err != nil {
		return err
	}
	level, imported := map[string]string{}, map[string]int{}
	for _, p := range before {
		level[p.Code] = p.Level
	}
	for i, r := range records {
		level[r.Code], imported[r.Code] = r.Level, i
	}
	for i, r := range records {
		if r.Parent == nil || !slices.Contains(levels, r.Level) {
			continue
		}
		switch above := level[*r.Parent]; {
		case above == "":
			c.Add(rows[i], "parent %q is neither in the file nor known already", *r.Parent)
		case !higher(above, r.Level):
			c.Add(rows[i], "parent %q is a %s, in which no %s can lie", *r.Parent, above, r.Level)
		}
	}
	for _, p := range before {
		if _, replaced := imported[p.Code]; replaced || p.Parent == nil {
			continue
		}
		if i, ok := imported[*p.Parent]; ok && !higher(records[i].Level, p.Level) {
			c.Add(rows[i], "%s (%s) is known already and lies in it, which no %s allows", p.Code, p.Level, records[i].Level)
		}
	}
	return nil
}

// WarnUnknown warns of rows whose column has the code of a place that isn't in the gazetteer. They are read all the same: stations
// and others may be imported before it is.
func WarnUnknown(ctx context.Context, tx *sqlx.Tx, check *sheet.Checker, rows []sheet.Row, column string) error {
	var codes, known []string
	for _, row := range rows {
		codes = append(codes, row.Get(column))
	}
	if err := tx.SelectContext(ctx, &known, `SELECT code FROM places WHERE code = ANY ($1)`, pq.Array(codes)); err != nil {
		return fmt.Errorf("look for places: %w", err)
	}
	slices.Sort(known)
	for i, row := range rows {
		if _, found := slices.BinarySearch(known, codes[i]); codes[i] != "" && !found {
			check.Warn(row, "%s %q is not in the list of places", column, codes[i])
		}
	}
	return nil
}

// higher tells whether places of the level can have ones of the other in them.
func higher(level, than string) bool {
	return slices.Index(levels, level) < slices.Index(levels, than)
}

func loadPlaces(ctx context.Context, db sqlx.QueryerContext) ([]Place, error) {
	var places []Place
	err := sqlx.SelectContext(ctx, db, &places, `SELECT code, name, name_en, level, parent, lat, lon, NOT active AS off FROM places ORDER BY code`)
	if err != nil {
		return nil, fmt.Errorf("load the places: %w", err)
	}
	return places, nil
}
