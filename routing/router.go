package routing

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jmoiron/sqlx"
)

// Router knows the places and the stations as they are in the database, a moment later at most while Follow
// runs. It is safe for concurrent use.
type Router struct {
	db        *sqlx.DB
	log       *slog.Logger
	gazetteer atomic.Pointer[Gazetteer]
	calendar  atomic.Pointer[Calendar]
	stations  atomic.Pointer[stations]

	boundaries atomic.Pointer[[]Boundary]

	reading sync.Mutex // held while stations are read, so that of two readings the later one stands
}

// New makes a Router and reads everything once.
func New(ctx context.Context, db *sqlx.DB, log *slog.Logger) (*Router, error) {
	r := &Router{db: db, log: log}
	return r, r.Reload(ctx)
}

// Reload reads everything now. It is for those who can't wait until Follow has seen a change, or don't run it.
func (r *Router) Reload(ctx context.Context) error {
	if err := r.reloadPlaces(ctx); err != nil {
		return err
	}
	if err := r.ReloadBoundaries(ctx); err != nil {
		return err
	}
	return r.reloadCalendar(ctx)
}

// reloadCalendar reads the work calendar, and with it all stations.
func (r *Router) reloadCalendar(ctx context.Context) error {
	c, err := loadCalendar(ctx, r.db)
	if err != nil {
		return err
	}
	r.calendar.Store(c)
	return r.reloadStations(ctx, nil)
}

func (r *Router) reloadPlaces(ctx context.Context) error {
	g, err := loadGazetteer(ctx, r.db)
	if err != nil {
		return err
	}
	r.gazetteer.Store(g)
	return nil
}

// reloadStations reads the stations with these codes, or all when there are none.
func (r *Router) reloadStations(ctx context.Context, codes []string) error {
	r.reading.Lock()
	defer r.reading.Unlock()
	read, err := loadStations(ctx, r.db, codes, r.calendar.Load())
	if err != nil {
		return err
	}
	if len(codes) == 0 {
		r.stations.Store(newStations(read))
	} else {
		r.stations.Store(r.stations.Load().with(codes, read))
	}
	return nil
}

// Gazetteer is the places as they are now.
func (r *Router) Gazetteer() *Gazetteer { return r.gazetteer.Load() }

// Station is the station with a code.
func (r *Router) Station(code string) (Station, bool) {
	s, ok := r.stations.Load().byCode[code]
	if !ok {
		return Station{}, false
	}
	return *s, true
}

// Mark stands for all stations and their workers on duty as they are now: it equals a later one if nothing has changed since.
func (r *Router) Mark() any { return r.stations.Load() }

// Stations are the active stations, by code.
func (r *Router) Stations() []Station {
	return slices.DeleteFunc(r.AllStations(), func(s Station) bool { return !s.Active })
}

// AllStations are the stations, those that are switched off too, by code.
func (r *Router) AllStations() []Station {
	var all []Station
	for _, s := range r.stations.Load().byCode {
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b Station) int { return strings.Compare(a.Code, b.Code) })
	return all
}

// ReloadStations reads the stations with these codes now, or all when there are none; see Reload.
func (r *Router) ReloadStations(ctx context.Context, codes ...string) error {
	return r.reloadStations(ctx, codes)
}

// Knows tells whether a position can be meant: it is valid, and a place or a station is within so many km of
// it. While neither is known at all, any valid position can.
func (r *Router) Knows(p Point, km float64) bool {
	if !p.Valid() {
		return false
	}
	known, near := false, false
	if _, distance, ok := r.Gazetteer().Near(p); ok {
		known, near = true, distance <= km
	}
	r.stations.Load().index.nearby(p, func(_ string, distance float64) bool {
		known, near = true, near || distance <= km
		return false
	})
	return near || !known
}

// stations are all stations at one moment; they never change.
type stations struct {
	byCode map[string]*Station
	index  index[string] // of their codes, so that it outlives what doesn't move a station
}

func newStations(list []*Station) *stations {
	all := &stations{byCode: make(map[string]*Station, len(list))}
	for _, s := range list {
		all.byCode[s.Code] = s
	}
	all.locate()
	return all
}

// locate makes the index.
func (s *stations) locate() {
	spots := make([]spot[string], 0, len(s.byCode))
	for code, station := range s.byCode {
		spots = append(spots, spot[string]{unit(station.Point), code})
	}
	s.index = newIndex(spots)
}

// with is s after the stations of these codes were read again; those not in read are gone.
func (s *stations) with(codes []string, read []*Station) *stations {
	next := &stations{maps.Clone(s.byCode), s.index}
	for _, code := range codes {
		delete(next.byCode, code)
	}
	moved := len(s.byCode) != len(next.byCode)+len(read)
	for _, station := range read {
		old := s.byCode[station.Code]
		moved = moved || old == nil || old.Point != station.Point
		next.byCode[station.Code] = station
	}
	if moved {
		next.locate()
	}
	return next
}
