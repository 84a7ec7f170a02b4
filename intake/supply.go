package intake

import (
	"context"
	"slices"

	"github.com/lib/pq"

	"onedoor/routing"
)

// supply is what there is to help with, and where.
type supply struct {
	places        *routing.Gazetteer
	stations      []staffed
	organisations map[string]int // active ones, by the place that they are on record in
	categories    []string       // the taxonomy's, in its order
	all           services       // of them
}

// staffed is an active station where somebody works.
type staffed struct {
	code    string
	county  string
	at      routing.Point
	workers int
	offers  services // what the station serves and one of its workers has specialised in, or has no specialty
}

// services is a set of the taxonomy's categories, a bit for each in their order.
type services uint32

// maxServices is how many categories there can be.
const maxServices = 32

func (s services) has(nth int) bool { return s&(1<<nth) != 0 }

// basis is what a supply is read from, as far as it takes to tell whether that has changed.
type basis struct {
	places   *routing.Gazetteer
	stations []routing.Station
	staff    string // sums over the rows of workers and organisations
}

func (s *Service) basis(ctx context.Context) (basis, error) {
	now := basis{places: s.Router.Gazetteer(), stations: s.Router.Stations()}
	err := s.DB.GetContext(ctx, &now.staff, `SELECT
		concat_ws(' ', (SELECT concat(count(*), ':', sum(hashtextextended(station || specialties::text, 0))) FROM workers WHERE active),
			(SELECT concat(count(*), ':', sum(hashtextextended(place_code, 0))) FROM organisations WHERE active))`)
	return now, wrap(err, "look at the workers and organisations")
}

// same tells whether nothing has changed that a supply says.
func (b basis) same(other basis) bool {
	return b.places == other.places && b.staff == other.staff && slices.EqualFunc(b.stations, other.stations, func(a, b routing.Station) bool {
		return a.Code == b.Code && a.County == b.County && a.Point == b.Point && slices.Equal(a.Categories, b.Categories)
	})
}

// supply reads what there is now.
func (s *Service) supply(ctx context.Context, of basis) (supply, error) {
	now := supply{places: of.places, organisations: map[string]int{}}
	for nth, category := range s.Taxonomy.Categories() {
		now.categories = append(now.categories, category.Key)
		now.all |= 1 << nth
	}
	staff, err := s.staffs(ctx)
	if err != nil {
		return supply{}, err
	}
	for _, station := range of.stations {
		if workers := staff[station.Code]; workers.Count > 0 {
			now.stations = append(now.stations, staffed{station.Code, station.County, station.Point, workers.Count, workers.offer(&station, now.categories)})
		}
	}
	var counts []struct {
		Place string `db:"place_code"`
		Count int    `db:"count"`
	}
	if err := s.DB.SelectContext(ctx, &counts, `SELECT place_code, count(*) FROM organisations WHERE active GROUP BY place_code`); err != nil {
		return supply{}, wrap(err, "count the organisations of places")
	}
	for _, row := range counts {
		now.organisations[row.Place] = row.Count
	}
	return now, nil
}

// staff is who works at a station.
type staff struct {
	Station string         `db:"station"`
	Count   int            `db:"count"`
	Any     bool           `db:"any_service"` // somebody has no specialty, which means all
	Fields  pq.StringArray `db:"fields"`
}

func (s *Service) staffs(ctx context.Context) (map[string]staff, error) {
	var rows []staff
	err := s.DB.SelectContext(ctx, &rows, `SELECT w.station, count(DISTINCT w.code), bool_or(w.specialties = '{}') AS any_service,
			array_agg(DISTINCT f) FILTER (WHERE f IS NOT NULL) AS fields
		FROM workers w LEFT JOIN unnest(w.specialties) f ON true WHERE w.active GROUP BY w.station`)
	all := make(map[string]staff, len(rows))
	for _, row := range rows {
		all[row.Station] = row
	}
	return all, wrap(err, "count the workers of stations")
}

// offer is what a station with these workers offers.
func (s staff) offer(station *routing.Station, categories []string) (offered services) {
	for nth, category := range categories {
		if station.Serves(category) && (s.Any || slices.Contains(s.Fields, category)) {
			offered |= 1 << nth
		}
	}
	return offered
}
