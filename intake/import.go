package intake

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"onedoor/internal/database"
	"onedoor/internal/sheet"
	"onedoor/prompts"
	"onedoor/routing"
)

var (
	workerSheet = []string{"code", "name", "station", "role", "phone", "specialties"}
	workerExtra = []string{"qualification", "fields"}
)

// OpenWorkers reads a file of workers.
func OpenWorkers(path string) (*sheet.Sheet, error) {
	return sheet.Open(path, workerSheet, workerExtra)
}

// ReadWorkers reads workers from CSV.
func ReadWorkers(csv []byte) (*sheet.Sheet, error) {
	return sheet.ReadCSV(csv, workerSheet, workerExtra)
}

// workerRecord is a worker on their way into the database.
type workerRecord struct {
	Code        string   `json:"code"`
	Name        string   `json:"name"`
	Station     string   `json:"station"`
	Role        string   `json:"role"`
	Phone       string   `json:"phone"`
	Specialties []string `json:"specialties"`

	Qualification *string   `json:"qualification,omitempty"` // nil where the file says nothing of it: it stays
	Fields        *[]string `json:"fields,omitempty"`
}

// workerTable is the workers'. Stations must exist. Who has joined stays so, also at another station, and who was dismissed is
// back.
func workerTable(known func(string) bool) *routing.Table {
	return &routing.Table{Columns: workerSheet, More: workerExtra, Stays: workerExtra, Key: []string{"code"}, Revives: true,
		Read: func(ctx context.Context, tx *sqlx.Tx, check *sheet.Checker, rows []sheet.Row) ([]any, error) {
			stations, err := stationCodes(ctx, tx)
			workers := make([]workerRecord, len(rows))
			for i, row := range rows {
				workers[i] = readWorker(check, row, stations, known)
			}
			return routing.Anys(workers), err
		},
		OnRecord: `SELECT code AS id, code AS key, active, code, name, station, role, phone, specialties, qualification, fields FROM workers`,
		Write: `
			INSERT INTO workers AS t (code, name, station, role, phone, specialties, qualification, fields)
			SELECT r.code, r.name, r.station, r.role, r.phone, r.specialties,
				coalesce(r.qualification, w.qualification, ''), coalesce(r.fields, w.fields, '{}')
			FROM jsonb_to_recordset($1) AS r (code text, name text, station text, role text, phone text, specialties text[],
				qualification text, fields text[]) LEFT JOIN workers w ON w.code = r.code
			ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, station = EXCLUDED.station, role = EXCLUDED.role,
				phone = EXCLUDED.phone, specialties = EXCLUDED.specialties, qualification = EXCLUDED.qualification,
				fields = EXCLUDED.fields, active = true
			WHERE (t.name, t.station, t.role, t.phone, t.specialties, t.qualification, t.fields, t.active) IS DISTINCT FROM
				(EXCLUDED.name, EXCLUDED.station, EXCLUDED.role, EXCLUDED.phone, EXCLUDED.specialties, EXCLUDED.qualification,
				EXCLUDED.fields, true)
			RETURNING NOT EXISTS (SELECT FROM workers before WHERE before.code = t.code)`}
}

// ImportWorkers adds and changes workers by their code; see workerTable.
func ImportWorkers(ctx context.Context, db *database.DB, s *sheet.Sheet, known func(string) bool) (routing.Counts, error) {
	return workerTable(known).Import(ctx, db, s)
}

func readWorker(c *sheet.Checker, row sheet.Row, stations map[string]bool, known func(string) bool) workerRecord {
	w := workerRecord{Code: c.Code(row), Name: c.Name(row), Station: row.Get("station"),
		Role: cmp.Or(strings.ToLower(row.Get("role")), "worker"), Phone: c.Phone(row), Specialties: c.Keys(row, "specialties", known)}
	if !stations[w.Station] {
		c.Add(row, "station %q is not known: import stations first", w.Station)
	}
	if w.Role != "worker" && w.Role != "supervisor" {
		c.Add(row, "role %q is neither worker nor supervisor", w.Role)
	}
	w.readQualification(c, row)
	return w
}

// readQualification reads what a file says of a worker's qualification and fields, which it need not.
func (w *workerRecord) readQualification(c *sheet.Checker, row sheet.Row) {
	if row.Has("qualification") {
		q := strings.ToLower(row.Get("qualification"))
		if q != "" && !slices.Contains(prompts.Qualifications(), q) {
			c.Add(row, "qualification %q is none of %s", q, strings.Join(prompts.Qualifications(), ", "))
		}
		w.Qualification = &q
	}
	if row.Has("fields") {
		fields := c.Keys(row, "fields", func(string) bool { return true })
		for _, key := range fields {
			if !slices.Contains(prompts.Fields(), key) {
				c.Add(row, "field %q is none of %s", key, strings.Join(prompts.Fields(), ", "))
			}
		}
		w.Fields = &fields
	}
}

func stationCodes(ctx context.Context, tx *sqlx.Tx) (map[string]bool, error) {
	var codes []string
	if err := tx.SelectContext(ctx, &codes, `SELECT code FROM stations`); err != nil {
		return nil, wrap(err, "load the stations")
	}
	known := map[string]bool{}
	for _, code := range codes {
		known[code] = true
	}
	return known, nil
}

var (
	organisationSheet = []string{"code", "name", "place_code", "lat", "lon", "datum", "phone", "categories"}
	organisationMore  = []string{"name_en", "contact", "hours", "capacity", "reach_km"}
)

// OpenOrganisations reads a file of organisations.
func OpenOrganisations(path string) (*sheet.Sheet, error) {
	return sheet.Open(path, organisationSheet, organisationMore)
}

// ReadOrganisations reads organisations from CSV.
func ReadOrganisations(csv []byte) (*sheet.Sheet, error) {
	return sheet.ReadCSV(csv, organisationSheet, organisationMore)
}

// organisationRecord is an organisation on its way into the database.
type organisationRecord struct {
	Code       string   `json:"code"`
	Name       string   `json:"name"`
	Place      string   `json:"place_code"`
	Lat        *float64 `json:"lat"`
	Lon        *float64 `json:"lon"`
	Phone      string   `json:"phone"`
	Categories []string `json:"categories"`
	NameEN     string   `json:"name_en"`
	Contact    string   `json:"contact"`
	Hours      string   `json:"hours"`
	Capacity   *int     `json:"capacity"`
	Reach      *float64 `json:"reach_km"`
}

// organisationTable is the directory of organisations.
func organisationTable(known func(string) bool) *routing.Table {
	return &routing.Table{Columns: organisationSheet, More: organisationMore, Key: []string{"code"}, Revives: true,
		Read: func(ctx context.Context, tx *sqlx.Tx, check *sheet.Checker, rows []sheet.Row) ([]any, error) {
			organisations := make([]organisationRecord, len(rows))
			for i, row := range rows {
				organisations[i] = readOrganisation(check, row, known)
			}
			return routing.Anys(organisations), routing.WarnUnknown(ctx, tx, check, rows, "place_code")
		},
		OnRecord: `SELECT code AS id, code AS key, active, code, name, place_code, lat, lon, phone, categories, name_en, contact, hours,
			capacity, reach_km FROM organisations`,
		Write: `
			INSERT INTO organisations AS t (code, name, place_code, lat, lon, phone, categories, name_en, contact, hours, capacity, reach_km)
			SELECT code, name, place_code, lat, lon, phone, categories, name_en, contact, hours, capacity, reach_km FROM jsonb_to_recordset($1) AS
				r (code text, name text, place_code text, lat float8, lon float8, phone text, categories text[],
					name_en text, contact text, hours text, capacity integer, reach_km float8)
			ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, place_code = EXCLUDED.place_code, lat = EXCLUDED.lat,
				lon = EXCLUDED.lon, phone = EXCLUDED.phone, categories = EXCLUDED.categories, name_en = EXCLUDED.name_en,
				contact = EXCLUDED.contact, hours = EXCLUDED.hours, capacity = EXCLUDED.capacity, reach_km = EXCLUDED.reach_km, active = true
			WHERE (t.name, t.place_code, t.lat, t.lon, t.phone, t.categories, t.name_en, t.contact, t.hours, t.capacity, t.reach_km, t.active)
				IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.place_code, EXCLUDED.lat, EXCLUDED.lon, EXCLUDED.phone, EXCLUDED.categories,
				EXCLUDED.name_en, EXCLUDED.contact, EXCLUDED.hours, EXCLUDED.capacity, EXCLUDED.reach_km, true)
			RETURNING NOT EXISTS (SELECT FROM organisations before WHERE before.code = t.code)`}
}

// ImportOrganisations adds and changes organisations by their code; see organisationTable.
func ImportOrganisations(ctx context.Context, db *database.DB, s *sheet.Sheet, known func(string) bool) (routing.Counts, error) {
	return organisationTable(known).Import(ctx, db, s)
}

func readOrganisation(c *sheet.Checker, row sheet.Row, known func(string) bool) organisationRecord {
	o := organisationRecord{Code: c.Code(row), Name: c.Name(row), Place: row.Get("place_code"), Phone: c.Phone(row),
		Categories: c.Keys(row, "categories", known), NameEN: row.Get("name_en"), Contact: row.Get("contact"), Hours: row.Get("hours"),
		Capacity: readCapacity(c, row), Reach: readReach(c, row)}
	if _, err := routing.ParseHours(o.Hours); err != nil {
		c.Add(row, "hours %q: %v", o.Hours, errors.Unwrap(err))
	}
	if at := routing.ReadPosition(c, row); at != nil {
		o.Lat, o.Lon = &at.Lat, &at.Lon
	}
	return o
}
