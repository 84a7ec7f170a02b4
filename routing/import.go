package routing

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"onedoor/internal/database"
	"onedoor/internal/sheet"
)

// Counts say what an import has done.
type Counts struct {
	Added, Changed, Unchanged int
}

// Columns of the files that can be imported.
var (
	placeColumns   = []string{"code", "name", "level", "parent", "lat", "lon", "datum"}
	stationColumns = []string{"code", "name", "county_code", "lat", "lon", "datum", "phone", "categories", "hours"}
	englishName    = []string{"name_en"}
)

// OpenPlaces reads a file of places.
func OpenPlaces(path string) (*sheet.Sheet, error) {
	return sheet.Open(path, placeColumns, englishName)
}

// ReadPlaces reads places from CSV.
func ReadPlaces(csv []byte) (*sheet.Sheet, error) {
	return sheet.ReadCSV(csv, placeColumns, englishName)
}

// OpenStations reads a file of stations.
func OpenStations(path string) (*sheet.Sheet, error) {
	return sheet.Open(path, stationColumns, englishName)
}

// ReadStations reads stations from CSV.
func ReadStations(csv []byte) (*sheet.Sheet, error) {
	return sheet.ReadCSV(csv, stationColumns, englishName)
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
	row    sheet.Row
}

// ImportPlaces adds and changes places by their code: all of the rows, or none and sheet.Problems that name the
// bad ones. A parent may stand in the same file or in the database, and must be of a higher level; a place
// may have none, for a county's own installation has no use for what is above it.
func ImportPlaces(ctx context.Context, db *database.DB, s *sheet.Sheet) (Counts, error) {
	var problems sheet.Problems
	var places []placeRecord
	codes := map[string]int{}
	for _, row := range s.Rows {
		CheckCode(row, codes, &problems)
		p := placeRecord{Code: row.Get("code"), Name: row.Get("name"), NameEN: row.Get("name_en"), Level: strings.ToLower(row.Get("level")), row: row}
		if p.Name == "" {
			problems.Add(row, "the name is missing")
		}
		if !slices.Contains(levels, p.Level) {
			problems.Add(row, "level %q is not one of %s", p.Level, strings.Join(levels, ", "))
		}
		if parent := row.Get("parent"); parent != "" {
			p.Parent = &parent
		}
		if at, ok := ReadPosition(row, false, &problems); ok {
			p.Lat, p.Lon = &at.Lat, &at.Lon
		}
		places = append(places, p)
	}
	if err := problems.Err(); err != nil {
		return Counts{}, err
	}
	// Parents first, so that each exists when its children refer to it.
	slices.SortStableFunc(places, func(a, b placeRecord) int {
		return slices.Index(levels, a.Level) - slices.Index(levels, b.Level)
	})
	return writePlaces(ctx, db, places)
}

func writePlaces(ctx context.Context, db *database.DB, places []placeRecord) (counts Counts, err error) {
	err = db.Transact(ctx, func(tx *sqlx.Tx) error {
		if err := checkParents(ctx, tx, places); err != nil {
			return err
		}
		counts, err = Upsert(ctx, tx, places, `
			INSERT INTO places AS t (code, name, name_en, level, parent, lat, lon)
			SELECT code, name, name_en, level, parent, lat, lon FROM jsonb_to_recordset($1) AS
				r (code text, name text, name_en text, level text, parent text, lat float8, lon float8)
			ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, name_en = EXCLUDED.name_en, level = EXCLUDED.level,
				parent = EXCLUDED.parent, lat = EXCLUDED.lat, lon = EXCLUDED.lon
			WHERE (t.name, t.name_en, t.level, t.parent, t.lat, t.lon) IS DISTINCT FROM
				(EXCLUDED.name, EXCLUDED.name_en, EXCLUDED.level, EXCLUDED.parent, EXCLUDED.lat, EXCLUDED.lon)
			RETURNING xmax = 0`)
		return err
	})
	return counts, err
}

// checkParents looks each parent up among the rows and in the database.
func checkParents(ctx context.Context, tx *sqlx.Tx, places []placeRecord) error {
	var known []struct{ Code, Level string }
	if err := tx.SelectContext(ctx, &known, `SELECT code, level FROM places`); err != nil {
		return fmt.Errorf("load the places: %w", err)
	}
	level := map[string]string{}
	for _, p := range known {
		level[p.Code] = p.Level
	}
	for _, p := range places {
		level[p.Code] = p.Level
	}
	var problems sheet.Problems
	for _, p := range places {
		if p.Parent == nil {
			continue
		}
		above, ok := level[*p.Parent]
		switch {
		case !ok:
			problems.Add(p.row, "parent %q is neither in the file nor known already", *p.Parent)
		case slices.Index(levels, above) >= slices.Index(levels, p.Level):
			problems.Add(p.row, "parent %q is a %s, which can't have a %s in it", *p.Parent, above, p.Level)
		}
	}
	return problems.Err()
}

// stationRecord is a station on its way into the database.
type stationRecord struct {
	Code       string   `json:"code"`
	Name       string   `json:"name"`
	NameEN     string   `json:"name_en"`
	County     string   `json:"county_code"`
	Lat        float64  `json:"lat"`
	Lon        float64  `json:"lon"`
	Phone      string   `json:"phone"`
	Categories []string `json:"categories"`
	Hours      string   `json:"hours"`
}

// ImportStations adds and changes stations by their code: all of the rows, or none and sheet.Problems that
// name the bad ones. known tells which category keys exist.
func ImportStations(ctx context.Context, db *database.DB, s *sheet.Sheet, known func(string) bool) (counts Counts, err error) {
	var problems sheet.Problems
	var stations []stationRecord
	codes := map[string]int{}
	for _, row := range s.Rows {
		CheckCode(row, codes, &problems)
		r := stationRecord{Code: row.Get("code"), Name: row.Get("name"), NameEN: row.Get("name_en"), County: row.Get("county_code"),
			Phone: ReadPhone(row, &problems), Categories: ReadKeys(row, "categories", known, &problems), Hours: row.Get("hours")}
		if r.Name == "" {
			problems.Add(row, "the name is missing")
		}
		if _, err := ParseHours(r.Hours); err != nil {
			problems.Add(row, "%v", err)
		}
		if at, ok := ReadPosition(row, true, &problems); ok {
			r.Lat, r.Lon = at.Lat, at.Lon
		}
		stations = append(stations, r)
	}
	if err := problems.Err(); err != nil {
		return Counts{}, err
	}
	err = db.Transact(ctx, func(tx *sqlx.Tx) error {
		counts, err = Upsert(ctx, tx, stations, `
			INSERT INTO stations AS t (code, name, name_en, county_code, lat, lon, phone, categories, hours)
			SELECT code, name, name_en, county_code, lat, lon, phone, categories, hours FROM jsonb_to_recordset($1) AS
				r (code text, name text, name_en text, county_code text, lat float8, lon float8, phone text, categories text[], hours text)
			ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, name_en = EXCLUDED.name_en, county_code = EXCLUDED.county_code,
				lat = EXCLUDED.lat, lon = EXCLUDED.lon, phone = EXCLUDED.phone, categories = EXCLUDED.categories, hours = EXCLUDED.hours
			WHERE (t.name, t.name_en, t.county_code, t.lat, t.lon, t.phone, t.categories, t.hours) IS DISTINCT FROM
				(EXCLUDED.name, EXCLUDED.name_en, EXCLUDED.county_code, EXCLUDED.lat, EXCLUDED.lon, EXCLUDED.phone, EXCLUDED.categories, EXCLUDED.hours)
			RETURNING xmax = 0`)
		return err
	})
	return counts, err
}

// Upsert runs a statement that inserts or changes records, given as one JSON array, and returns for each row
// that it wrote whether it is new.
func Upsert[T any](ctx context.Context, tx *sqlx.Tx, records []T, statement string) (Counts, error) {
	if records == nil {
		records = []T{}
	}
	rows, err := json.Marshal(records)
	if err != nil {
		return Counts{}, fmt.Errorf("write the rows: %w", err)
	}
	var added []bool
	if err := tx.SelectContext(ctx, &added, statement, string(rows)); err != nil {
		return Counts{}, fmt.Errorf("write the rows: %w", err)
	}
	counts := Counts{Unchanged: len(records) - len(added)}
	for _, isNew := range added {
		if isNew {
			counts.Added++
		} else {
			counts.Changed++
		}
	}
	return counts, nil
}

var code = regexp.MustCompile(`^[0-9A-Za-z_-]{1,32}$`)

// CheckCode checks a row's code, and that no other row of the file has it.
func CheckCode(row sheet.Row, seen map[string]int, problems *sheet.Problems) {
	text := row.Get("code")
	switch first, doubled := seen[text]; {
	case !code.MatchString(text):
		problems.Add(row, "code %q must be 1 to 32 letters, digits, - or _", text)
	case doubled:
		problems.Add(row, "code %q stands in line %d already", text, first)
	}
	seen[text] = row.Line
}

// ReadPosition reads lat, lon and datum of a row as WGS-84; false when there is none. A missing one is a problem
// where it is required.
func ReadPosition(row sheet.Row, required bool, problems *sheet.Problems) (Point, bool) {
	latText, lonText, datum := row.Get("lat"), row.Get("lon"), strings.ToLower(row.Get("datum"))
	if latText == "" && lonText == "" {
		if required {
			problems.Add(row, "the position is missing: lat and lon in degrees")
		}
		return Point{}, false
	}
	lat, errLat := strconv.ParseFloat(latText, 64)
	lon, errLon := strconv.ParseFloat(lonText, 64)
	at := Point{lat, lon}
	switch {
	case errLat != nil || errLon != nil:
		problems.Add(row, "lat %q, lon %q is not a position in degrees", latText, lonText)
	case !at.Valid():
		problems.Add(row, "lat %q, lon %q is not on the globe: lat is -90 to 90, lon -180 to 180", latText, lonText)
	case datum == "gcj02":
		return FromGCJ02(at), true
	case datum != "" && datum != "wgs84":
		problems.Add(row, "datum %q is neither wgs84 nor gcj02", datum)
	default:
		return at, true
	}
	return Point{}, false
}

var phone = regexp.MustCompile(`^\+?[0-9][0-9 ()-]{2,24}$`)

// ReadPhone reads a row's telephone number, which may be empty and is kept as it is written.
func ReadPhone(row sheet.Row, problems *sheet.Problems) string {
	text := row.Get("phone")
	if text != "" && !phone.MatchString(text) {
		problems.Add(row, "phone %q is not a telephone number", text)
	}
	return text
}

// ReadKeys reads category keys parted by semicolons.
func ReadKeys(row sheet.Row, column string, known func(string) bool, problems *sheet.Problems) []string {
	keys := []string{}
	for key := range strings.SplitSeq(row.Get(column), ";") {
		key = strings.TrimSpace(key)
		switch {
		case key == "":
		case !known(key):
			problems.Add(row, "%s: %q is no category", column, key)
		default:
			keys = append(keys, key)
		}
	}
	return keys
}
