package routing

import (
	"context"
	"fmt"
	"slices"
	"time"
	_ "time/tzdata" // stations have time zones on machines that have none

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Station is a social service station.
type Station struct {
	Code       string
	Name       string
	NameEN     string
	County     string
	Point      Point
	Phone      string
	Categories []string // none: all
	Hours      Hours
	Active     bool
	Workers    int // active workers on record
	Reachable  int // of them, those who have joined and can be told
	OnDuty     int // of those, the ones on duty
	Staff      []Staff
	zone       *time.Location
}

// Staff is a worker on duty who can be told.
type Staff struct{ Code, Name string }

// Serves tells whether the station has a category; every station has what isn't clear yet ("").
func (s *Station) Serves(category string) bool {
	return category == "" || len(s.Categories) == 0 || slices.Contains(s.Categories, category)
}

// Zone is the station's time zone.
func (s *Station) Zone() *time.Location { return s.zone }

// china stands in for a time zone that isn't known.
var china = time.FixedZone("CST", 8*60*60)

// stationRow is a Station as the database has it.
type stationRow struct {
	Code       string         `db:"code"`
	Name       string         `db:"name"`
	NameEN     string         `db:"name_en"`
	County     string         `db:"county_code"`
	Lat        float64        `db:"lat"`
	Lon        float64        `db:"lon"`
	Phone      string         `db:"phone"`
	Categories pq.StringArray `db:"categories"`
	Hours      string         `db:"hours"`
	TimeZone   string         `db:"time_zone"`
	Active     bool           `db:"active"`
	Workers    int            `db:"workers"`
	Reachable  int            `db:"reachable"`
	OnDuty     int            `db:"on_duty"`
	Staff      pq.StringArray `db:"staff"`
	StaffNames pq.StringArray `db:"staff_names"`
}

// loadStations reads the stations with these codes, or all when there are none. Their hours are on the calendar.
func loadStations(ctx context.Context, db *sqlx.DB, codes []string, calendar *Calendar) ([]*Station, error) {
	var rows []stationRow
	err := db.SelectContext(ctx, &rows, `
		SELECT s.code, s.name, s.name_en, s.county_code, s.lat, s.lon, s.phone, s.categories, s.hours, s.time_zone, s.active,
			count(w.code) FILTER (WHERE w.active) AS workers,
			count(c.id) FILTER (WHERE w.active) AS reachable,
			count(c.id) FILTER (WHERE w.on_duty) AS on_duty,
			array_agg(w.code ORDER BY w.name, w.code) FILTER (WHERE w.on_duty AND c.id IS NOT NULL) AS staff,
			array_agg(w.name ORDER BY w.name, w.code) FILTER (WHERE w.on_duty AND c.id IS NOT NULL) AS staff_names
		FROM stations s LEFT JOIN workers w ON w.station = s.code
			LEFT JOIN chats c ON c.bot_id = w.bot_id AND c.id = w.chat_id AND c.unreachable_at IS NULL
		WHERE $1 OR s.code = ANY ($2) GROUP BY s.code ORDER BY s.code`, len(codes) == 0, pq.Array(codes))
	if err != nil {
		return nil, fmt.Errorf("load the stations: %w", err)
	}
	stations := make([]*Station, len(rows))
	for i := range rows {
		stations[i] = rows[i].station()
		stations[i].Hours = stations[i].Hours.On(calendar)
	}
	return stations, nil
}

func (r *stationRow) station() *Station {
	s := &Station{Code: r.Code, Name: r.Name, NameEN: r.NameEN, County: r.County, Point: Point{r.Lat, r.Lon}, Phone: r.Phone,
		Categories: r.Categories, Active: r.Active, Workers: r.Workers, Reachable: r.Reachable, OnDuty: r.OnDuty, zone: china}
	for i, code := range r.Staff {
		s.Staff = append(s.Staff, Staff{code, r.StaffNames[i]})
	}
	if zone, err := time.LoadLocation(r.TimeZone); err == nil {
		s.zone = zone
	}
	if hours, err := ParseHours(r.Hours); err == nil { // an import lets no others in
		s.Hours = hours
	}
	return s
}
