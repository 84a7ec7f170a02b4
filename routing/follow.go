package routing

import (
	"context"
	"strings"
	"sync"
	"time"

	"onedoor/internal/database"
)

const (
	settle     = 50 * time.Millisecond // changes that come together are read together
	retryAfter = time.Second           // after a read that failed
	manyCodes  = 100                   // changed stations beyond which all are read
)

// What may have changed, beside "station CODE". The database says "places", "calendar" and "boundaries"; the other is said by Follow itself.
const (
	allChanged      = "everything"
	placesChanged   = "places"
	calendarChanged = "calendar"
	boundsChanged   = "boundaries"
)

// Follow keeps the router in step with the database at url until ctx ends. Changes are in a moment after their
// commit; after a lost connection it reads everything.
func (r *Router) Follow(ctx context.Context, url string) error {
	changes := changes{wake: make(chan struct{}, 1), what: map[string]bool{}}
	var reading sync.WaitGroup
	defer reading.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reading.Go(func() { r.apply(ctx, &changes) })
	return database.Listen(ctx, url, "routing", func() { changes.add(allChanged) }, changes.add)
}

// apply reads what has changed, again and again until ctx ends. What could not be read is read a little later.
func (r *Router) apply(ctx context.Context, changes *changes) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-changes.wake:
		}
		pause(ctx, settle)
		what := changes.take()
		if err := r.read(ctx, what); err != nil && ctx.Err() == nil {
			r.log.Error("read the changed stations and places", "error", err)
			pause(ctx, retryAfter)
			for change := range what {
				changes.add(change)
			}
		}
	}
}

func (r *Router) read(ctx context.Context, what map[string]bool) error {
	if what[allChanged] {
		return r.Reload(ctx)
	}
	if what[placesChanged] {
		if err := r.reloadPlaces(ctx); err != nil {
			return err
		}
		delete(what, placesChanged)
	}
	if what[boundsChanged] {
		if err := r.ReloadBoundaries(ctx); err != nil {
			return err
		}
		delete(what, boundsChanged)
	}
	switch {
	case len(what) == 0:
		return nil
	case what[calendarChanged]:
		return r.reloadCalendar(ctx)
	case len(what) > manyCodes:
		return r.reloadStations(ctx, nil)
	}
	var codes []string
	for change := range what {
		codes = append(codes, strings.TrimPrefix(change, "station "))
	}
	return r.reloadStations(ctx, codes)
}

// changes gathers what is to be read again.
type changes struct {
	mu   sync.Mutex
	what map[string]bool
	wake chan struct{} // has something in it while there is something to read
}

func (c *changes) add(change string) {
	c.mu.Lock()
	c.what[change] = true
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *changes) take() map[string]bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	what := c.what
	c.what = map[string]bool{}
	return what
}

// pause waits for a while, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
