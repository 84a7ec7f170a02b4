package intake

import (
	"context"
	"slices"
	"strconv"

	"github.com/jmoiron/sqlx"

	"onedoor/internal/database"
	"onedoor/internal/sheet"
	"onedoor/routing"
)

var volunteerSheet = []string{"code", "name", "phone", "place_code", "lat", "lon", "datum", "tasks", "reach_km"}

// OpenVolunteers reads a file of volunteers.
func OpenVolunteers(path string) (*sheet.Sheet, error) { return sheet.Open(path, volunteerSheet, nil) }

// ReadVolunteers reads volunteers from CSV.
func ReadVolunteers(csv []byte) (*sheet.Sheet, error) { return sheet.ReadCSV(csv, volunteerSheet, nil) }

// volunteerRecord is a volunteer on their way into the database.
type volunteerRecord struct {
	Code  string   `json:"code"`
	Name  string   `json:"name"`
	Phone string   `json:"phone"`
	Place string   `json:"place_code"`
	Lat   *float64 `json:"lat"`
	Lon   *float64 `json:"lon"`
	Tasks []string `json:"tasks"`
	Reach *float64 `json:"reach_km"`
}

// volunteerTable is the volunteers'. Who has joined stays so. A code that a worker or an organisation has is refused: an
// invitation is for one of them.
func volunteerTable() *routing.Table {
	return &routing.Table{Columns: volunteerSheet, Key: []string{"code"}, Revives: true,
		Read: func(ctx context.Context, tx *sqlx.Tx, check *sheet.Checker, rows []sheet.Row) ([]any, error) {
			taken, err := othersCodes(ctx, tx)
			volunteers := make([]volunteerRecord, len(rows))
			for i, row := range rows {
				volunteers[i] = readVolunteer(check, row, taken)
			}
			if err == nil {
				err = routing.WarnUnknown(ctx, tx, check, rows, "place_code")
			}
			return routing.Anys(volunteers), err
		},
		OnRecord: `SELECT code AS id, code AS key, active, code, name, phone, place_code, lat, lon, tasks, reach_km FROM partners
			WHERE kind = 'volunteer'`,
		Write: `
			INSERT INTO partners AS t (code, kind, name, phone, place_code, lat, lon, tasks, reach_km)
			SELECT code, 'volunteer', name, phone, place_code, lat, lon, tasks, reach_km FROM jsonb_to_recordset($1) AS
				r (code text, name text, phone text, place_code text, lat float8, lon float8, tasks text[], reach_km float8)
			ON CONFLICT (code) DO UPDATE SET name = EXCLUDED.name, phone = EXCLUDED.phone, place_code = EXCLUDED.place_code,
				lat = EXCLUDED.lat, lon = EXCLUDED.lon, tasks = EXCLUDED.tasks, reach_km = EXCLUDED.reach_km, active = true
			WHERE (t.name, t.phone, t.place_code, t.lat, t.lon, t.tasks, t.reach_km, t.active) IS DISTINCT FROM
				(EXCLUDED.name, EXCLUDED.phone, EXCLUDED.place_code, EXCLUDED.lat, EXCLUDED.lon, EXCLUDED.tasks, EXCLUDED.reach_km, true)
			RETURNING NOT EXISTS (SELECT FROM partners before WHERE before.code = t.code)`}
}

// ImportVolunteers adds and changes volunteers by their code; see volunteerTable.
func ImportVolunteers(ctx context.Context, db *database.DB, s *sheet.Sheet) (routing.Counts, error) {
	return volunteerTable().Import(ctx, db, s)
}

func readVolunteer(c *sheet.Checker, row sheet.Row, taken map[string]bool) volunteerRecord {
	known := func(task string) bool { return slices.Contains(Tasks(), task) }
	v := volunteerRecord{Code: c.Code(row), Name: c.Name(row), Phone: c.Phone(row), Place: row.Get("place_code"),
		Tasks: c.Keys(row, "tasks", known), Reach: readReach(c, row)}
	if at := routing.ReadPosition(c, row); at != nil {
		v.Lat, v.Lon = &at.Lat, &at.Lon
	}
	switch {
	case taken[v.Code]:
		c.Add(row, "code %q is a worker's or an organisation's", v.Code)
	case len(v.Tasks) == 0 && row.Get("tasks") == "":
		c.Add(row, "tasks are missing: some of shopping, visit, lift, repairs, doctor, parted by semicolons")
	case v.Lat == nil && v.Place == "":
		c.Add(row, "nobody can tell where it is: give place_code, or lat and lon")
	}
	return v
}

// othersCodes are those that no volunteer can have.
func othersCodes(ctx context.Context, tx *sqlx.Tx) (map[string]bool, error) {
	var codes []string
	if err := tx.SelectContext(ctx, &codes, `SELECT code FROM workers UNION ALL SELECT code FROM organisations`); err != nil {
		return nil, wrap(err, "load the codes of others")
	}
	taken := map[string]bool{}
	for _, code := range codes {
		taken[code] = true
	}
	return taken, nil
}

// readReach reads how far somebody goes, in km; nil where the row doesn't say.
func readReach(c *sheet.Checker, row sheet.Row) *float64 {
	text := row.Get("reach_km")
	if text == "" {
		return nil
	}
	km, err := strconv.ParseFloat(text, 64)
	if err != nil || !(km > 0 && km <= 1000) {
		c.Add(row, "reach_km %q is not a number of kilometres, more than 0 and at most 1000", text)
		return nil
	}
	return &km
}

// readCapacity reads how many referrals an organisation can have at once; nil where the row doesn't say.
func readCapacity(c *sheet.Checker, row sheet.Row) *int {
	text := row.Get("capacity")
	if text == "" {
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 1e6 {
		c.Add(row, "capacity %q is not a whole number from 1 on", text)
		return nil
	}
	return &n
}
