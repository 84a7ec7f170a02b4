package intake

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"onedoor/routing"
)

// NearKM is how far a worker may be and still be near: great-circle kilometres from a village to their station.
const NearKM = 30.0

// The numbers of the plan (Guangdong's "three communities", see the mission): a worker in each community, and so many
// social organisations in one in the country and in one in town.
const (
	PlanWorkers            = 1
	PlanOrganisationsRural = 5
	PlanOrganisationsUrban = 10
)

// An Area is a place with what it has and lacks. A community is a place of the level village. Workers count where their
// station is on record, organisations where their place is, and both in all that this lies in: an organisation of a whole
// township counts there and in its county, and in none of its communities.
type Area struct {
	Code          string
	Level         string
	Communities   int
	Urban         int     // of the communities, those in town
	Far           int     // of them, those with no worker within NearKM
	Unplaced      int     // of them, those that nobody knows the position of
	Farthest      float64 // km from one of Far to the nearest worker; infinite where nobody works anywhere
	Under         int     // of them, those that have fewer organisations of their own than the plan asks for
	Workers       int
	Wider         bool // workers are on record for what it lies in, and nobody knows whether any of them are for it
	Organisations int
	Spots         int    // townships that were asked what is offered near by
	Short         int    // of them, those where nobody offers one or more of the services
	Lacks         []Lack // services that nobody near by offers, first what most of them lack
	lacks         [maxServices]int
}

// A Lack is a service that nobody offers within NearKM of so many townships.
type Lack struct {
	Category string
	Spots    int
}

// WorkersPlanned is how many workers the plan asks for.
func (a *Area) WorkersPlanned() int { return PlanWorkers * a.Communities }

// OrganisationsPlanned is how many organisations the plan asks for.
func (a *Area) OrganisationsPlanned() int {
	return PlanOrganisationsUrban*a.Urban + PlanOrganisationsRural*(a.Communities-a.Urban)
}

// Missing is how many workers and organisations the area lacks of the plan, workers as far as that can be told.
func (a *Area) Missing() int {
	missing := max(0, a.OrganisationsPlanned()-a.Organisations)
	if !a.Wider {
		missing += max(0, a.WorkersPlanned()-a.Workers)
	}
	return missing
}

// Lacking is how many pairs there are of a township and a service that nobody near it offers.
func (a *Area) Lacking() (n int) {
	for _, l := range a.Lacks {
		n += l.Spots
	}
	return n
}

// A FarVillage is one with no worker within NearKM.
type FarVillage struct {
	Code    string
	At      routing.Point // of the village, or of what it lies in
	KM      float64       // to the nearest station where somebody works; infinite where there is none
	Station string        // that station, or empty
}

// Coverage is what is missing in a place.
type Coverage struct {
	In    string       // the place; empty: all there is
	All   Area         // of it
	Areas []Area       // what it is made of, by code: counties, the townships of a county, or the communities of a township
	Far   []FarVillage // in it, the farthest first
}

// Coverage is what is missing in a place, or for the empty code in all that is in sight; ErrNotFound where the place is not
// in sight. It is counted once and kept until places, stations, workers or organisations change.
func (s *Service) Coverage(ctx context.Context, sight Sight, in string) (*Coverage, error) {
	if in == "" && !sight.All && len(sight.Places) > 0 {
		in = sight.Places[0] // in which all others lie
	}
	place, known := s.Router.Gazetteer().Lookup(in)
	if !sight.All && !slices.Contains(sight.Places, in) || in != "" && (!known || place.Level == "village") {
		return nil, ErrNotFound
	}
	c, err := s.cover(ctx)
	if err != nil {
		return nil, err
	}
	return c.part(in), nil
}

// FarVillages are those in sight with no worker within NearKM, the farthest first.
func (s *Service) FarVillages(ctx context.Context, sight Sight) ([]FarVillage, error) {
	if !sight.All && len(sight.Places) == 0 {
		return nil, nil
	}
	c, err := s.cover(ctx)
	if err != nil {
		return nil, err
	}
	in := ""
	if !sight.All {
		in = sight.Places[0]
	}
	return c.farIn(in), nil
}

// lastCover is what was counted last, and of what.
type lastCover struct {
	mu   sync.Mutex
	from basis
	what *cover
}

// cover is what there is, counted anew where something has changed. Who asks meanwhile waits for it.
func (s *Service) cover(ctx context.Context) (*cover, error) {
	now, err := s.basis(ctx)
	if err != nil {
		return nil, err
	}
	last := &s.coverage
	last.mu.Lock()
	defer last.mu.Unlock()
	if last.what == nil || !last.from.same(now) {
		supply, err := s.supply(ctx, now)
		if err != nil {
			return nil, err
		}
		last.from, last.what = now, newCover(supply)
	}
	return last.what, nil
}

// part is what is missing in a place.
func (c *cover) part(in string) *Coverage {
	part := &Coverage{In: in, All: Area{Code: in}, Far: c.farIn(in)}
	if all := c.areas[in]; all != nil {
		part.All = *all
	}
	part.Areas = c.areasIn(in)
	slices.SortFunc(part.Areas, func(a, b Area) int { return cmp.Compare(a.Code, b.Code) })
	return part
}

// farIn are the far villages in a place; the empty code means all.
func (c *cover) farIn(in string) (far []FarVillage) {
	if in == "" {
		return c.far
	}
	for _, nth := range c.farOf[in] {
		far = append(far, c.far[nth])
	}
	return far
}

// areasIn are what a place is made of.
func (c *cover) areasIn(in string) (areas []Area) {
	place, _ := c.places.Lookup(in)
	switch {
	case place.Level == "township":
		for village := range c.places.In(in) {
			a, _ := c.community(village)
			areas = append(areas, a)
		}
		return areas
	case c.counties[in]:
		if direct := c.direct[in]; direct != nil && direct.Communities > 0 { // that lie in no township
			areas = append(areas, *direct)
		}
		for town := range c.places.In(in) {
			if a := c.areas[town.Code]; a != nil && town.Level == "township" {
				areas = append(areas, *a)
			}
		}
		return areas
	}
	for code := range c.counties {
		if a := c.areas[code]; a != nil && (in == "" || c.places.Lies(code, in)) {
			areas = append(areas, *a)
		}
	}
	return areas
}
