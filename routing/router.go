package routing

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"

	"onedoor/internal/database"
)

// Router knows the places and the stations as they are in the database, a moment later at most. It is safe for
// concurrent use.
type Router struct {
	db        *sqlx.DB
	log       *slog.Logger
	gazetteer atomic.Pointer[Gazetteer]
	stations  atomic.Pointer[stations]
}

// stations are all stations at one moment; they never change.
type stations struct {
	byCode map[string]*Station
	index  index[*Station]
}

func newStations(byCode map[string]*Station) *stations {
	spots := make([]spot[*Station], 0, len(byCode))
	for _, s := range byCode {
		spots = append(spots, spot[*Station]{unit(s.Point), s})
	}
	return &stations{byCode, newIndex(spots)}
}

// New makes a Router and reads everything once.
func New(ctx context.Context, db *sqlx.DB, log *slog.Logger) (*Router, error) {
	r := &Router{db: db, log: log}
	return r, r.reload(ctx)
}

// reload reads places and stations anew.
func (r *Router) reload(ctx context.Context) error {
	gazetteer, err := loadGazetteer(ctx, r.db)
	if err != nil {
		return err
	}
	r.gazetteer.Store(gazetteer)
	return r.reloadStations(ctx, nil)
}

// reloadStations reads the stations with these codes, or all when there are none, and swaps them in.
func (r *Router) reloadStations(ctx context.Context, codes []string) error {
	loaded, err := loadStations(ctx, r.db, codes)
	if err != nil {
		return err
	}
	next := &stations{byCode: map[string]*Station{}}
	if old := r.stations.Load(); old != nil && len(codes) > 0 {
		for code, s := range old.byCode {
			if !slices.Contains(codes, code) {
				next.byCode[code] = s
			}
		}
	}
	for _, s := range loaded {
		next.byCode[s.Code] = s
	}
	r.stations.Store(newStations(next.byCode))
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

// Stations are the active stations, by code.
func (r *Router) Stations() []Station {
	var all []Station
	for _, s := range r.stations.Load().byCode {
		if s.Active {
			all = append(all, *s)
		}
	}
	slices.SortFunc(all, func(a, b Station) int { return strings.Compare(a.Code, b.Code) })
	return all
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
	r.stations.Load().index.nearby(p, func(_ *Station, distance float64) bool {
		known, near = true, near || distance <= km
		return false
	})
	return near || !known
}

const (
	settle    = 50 * time.Millisecond // changes that come together are read together
	manyCodes = 100                   // changed stations from which on reading all is quicker
)

// Follow keeps the router in step with the database until ctx ends. After a lost connection it reads everything.
func (r *Router) Follow(ctx context.Context, url string) error {
	changes := make(chan string, 1024)
	go r.apply(ctx, changes)
	send := func(change string) {
		select {
		case changes <- change:
		case <-ctx.Done():
		}
	}
	return database.Listen(ctx, url, "routing", func() { send("everything") }, send)
}

// apply reads what has changed, waiting a moment for what else comes. What could not be read is read with the
// next change; a lost connection, the usual cause, ends in reading everything.
func (r *Router) apply(ctx context.Context, changes <-chan string) {
	pending := map[string]bool{}
	for {
		select {
		case <-ctx.Done():
			return
		case first := <-changes:
			pending[first] = true
			gather(ctx, pending, changes)
			if err := r.read(ctx, pending); err != nil {
				r.log.Error("following the stations and places", "error", err)
				continue
			}
			clear(pending)
		}
	}
}

// gather collects the changes that come within a moment.
func gather(ctx context.Context, pending map[string]bool, changes <-chan string) {
	timer := time.After(settle)
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer:
			return
		case change := <-changes:
			pending[change] = true
		}
	}
}

func (r *Router) read(ctx context.Context, changes map[string]bool) error {
	if changes["everything"] || changes["places"] {
		return r.reload(ctx)
	}
	var codes []string
	for change := range changes {
		codes = append(codes, strings.TrimPrefix(change, "station "))
	}
	if len(codes) > manyCodes {
		codes = nil
	}
	return r.reloadStations(ctx, codes)
}
