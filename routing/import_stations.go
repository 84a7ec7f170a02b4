package routing

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"

	"onedoor/internal/database"
	"onedoor/internal/sheet"
)

var stationColumns = []string{"code", "name", "county_code", "lat", "lon", "datum", "phone", "categories", "hours"}

// OpenStations reads a file of stations.
func OpenStations(path string) (*sheet.Sheet, error) {
	return sheet.Open(path, stationColumns, englishName)
}

// ReadStations reads stations from CSV.
func ReadStations(csv []byte) (*sheet.Sheet, error) {
	return sheet.ReadCSV(csv, stationColumns, englishName)
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

// StationTable is the stations' table. known tells which category keys exist. The county needs not be in the gazetteer, but is then warned
// of. Whether
// a station is active stays as it is.
func StationTable(known func(string) bool) *Table {
	return &Table{Columns: stationColumns, More: englishName, Key: []string{"code"},
		Read: func(ctx context.Context, tx *sqlx.Tx, check *sheet.Checker, rows []sheet.Row) ([]any, error) {
			stations := make([]stationRecord, len(rows))
			for i, row := range rows {
				stations[i] = readStation(check, row, known)
			}
			return Anys(stations), WarnUnknown(ctx, tx, check, rows, "county_code")
		},
		OnRecord: `SELECT code AS id, code AS key, active, code, name, name_en, county_code, lat, lon, phone, categories, hours FROM stations`,
		Write: `
			INSERT INTO stations AS t (code, name, name_en, county_code, lat, lon, phone, categories, hours)
			SELECT code, name, name_en, county_code, lat, lon, phone, categories, hours FROM jsonb_to_recordset($1) AS
				r (code text, name text, name_en text, county_code text, lat float8, lon float8, phone text, categories text[], hours text)
			ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, name_en = EXCLUDED.name_en, county_code = EXCLUDED.county_code,
				lat = EXCLUDED.lat, lon = EXCLUDED.lon, phone = EXCLUDED.phone, categories = EXCLUDED.categories, hours = EXCLUDED.hours
			WHERE (t.name, t.name_en, t.county_code, t.lat, t.lon, t.phone, t.categories, t.hours) IS DISTINCT FROM
				(EXCLUDED.name, EXCLUDED.name_en, EXCLUDED.county_code, EXCLUDED.lat, EXCLUDED.lon, EXCLUDED.phone, EXCLUDED.categories,
				EXCLUDED.hours)
			RETURNING NOT EXISTS (SELECT FROM stations before WHERE before.code = t.code)`}
}

// ImportStations adds and changes stations by their code; see StationTable.
func ImportStations(ctx context.Context, db *database.DB, s *sheet.Sheet, known func(string) bool) (Counts, error) {
	return StationTable(known).Import(ctx, db, s)
}

func readStation(c *sheet.Checker, row sheet.Row, known func(string) bool) stationRecord {
	r := stationRecord{Code: c.Code(row), Name: c.Name(row), NameEN: row.Get("name_en"), County: row.Get("county_code"),
		Phone: c.Phone(row), Categories: c.Keys(row, "categories", known), Hours: row.Get("hours")}
	if _, err := ParseHours(r.Hours); err != nil {
		c.Add(row, "hours %q: %v", r.Hours, errors.Unwrap(err))
	}
	if row.Get("lat") == "" && row.Get("lon") == "" {
		c.Add(row, "the position is missing: lat and lon in degrees")
	}
	if at := ReadPosition(c, row); at != nil {
		r.Lat, r.Lon = at.Lat, at.Lon
	}
	return r
}
