package intake

import (
	"cmp"
	"math"
	"slices"

	"onedoor/routing"
)

// cover is what each place has and lacks, counted of one supply. It never changes.
type cover struct {
	supply
	near     *routing.Points    // the stations, by their numbers
	workers  map[string]int     // by the place on record for their station
	areas    map[string]*Area   // places above the villages, by code; that of the empty code is everything
	direct   map[string]*Area   // the same without what lies deeper than directly in them
	counties map[string]bool    // the codes of counties, and of wider places that have townships or villages without one
	far      []FarVillage       // the farthest first
	farOf    map[string][]int32 // their numbers, by all that they lie in
}

// newCover counts a supply.
func newCover(now supply) *cover {
	c := &cover{supply: now, workers: map[string]int{}, areas: map[string]*Area{}, direct: map[string]*Area{}, counties: map[string]bool{}, farOf: map[string][]int32{}}
	var points []routing.Point
	for _, station := range now.stations {
		points = append(points, station.at)
		c.workers[station.county] += station.workers
	}
	c.near = routing.NewPoints(points)
	c.countVillages()
	c.countAbove()
	c.askTownships()
	c.gather()
	return c
}

// countVillages counts the communities in what they directly lie in.
func (c *cover) countVillages() {
	for village := range c.places.Each("village") {
		parent := ""
		if village.Parent != nil {
			parent = *village.Parent
		}
		a, far := c.community(village)
		c.areaOf(parent).add(&a)
		if a.Far > 0 {
			c.far = append(c.far, far)
		}
	}
	slices.SortFunc(c.far, func(a, b FarVillage) int { return cmp.Or(cmp.Compare(b.KM, a.KM), cmp.Compare(a.Code, b.Code)) })
	for nth, v := range c.far {
		for _, in := range c.places.Path(v.Code)[1:] {
			c.farOf[in] = append(c.farOf[in], int32(nth))
		}
	}
}

// community is a village alone, and how far it is where it is far.
func (c *cover) community(village routing.Place) (Area, FarVillage) {
	a := Area{Code: village.Code, Level: village.Level, Communities: 1, Workers: c.workers[village.Code], Organisations: c.organisations[village.Code]}
	a.Wider = c.wider(village.Code)
	if urban, _ := c.places.Urban(village.Code); urban {
		a.Urban = 1
	}
	if a.Organisations < a.OrganisationsPlanned() {
		a.Under = 1
	}
	at, _, known := c.places.Position(village.Code)
	if !known {
		a.Unplaced = 1
		return a, FarVillage{}
	}
	v := FarVillage{Code: village.Code, At: at, KM: math.Inf(1)}
	for nth, km := range c.near.Around(at) {
		v.KM, v.Station = km, c.stations[nth].code
		break
	}
	if v.KM > NearKM {
		a.Far, a.Farthest = 1, v.KM
	}
	return a, v
}

// countAbove counts the workers and organisations that are of no one village. What is on record in no place of the
// gazetteer counts only in everything.
func (c *cover) countAbove() {
	above := func(code string) *Area {
		place, known := c.places.Lookup(code)
		switch {
		case !known:
			return c.areaOf("")
		case place.Level == "village":
			return &Area{} // counted already
		}
		return c.areaOf(code)
	}
	for code, n := range c.workers {
		above(code).Workers += n
	}
	for code, n := range c.organisations {
		above(code).Organisations += n
	}
}

// askTownships finds, for each township and each county without any, what nobody near by offers.
func (c *cover) askTownships() {
	for town := range c.places.Each("township") {
		c.counties[c.places.Up(town.Code, "county")] = true
		c.ask(town.Code)
	}
	for county := range c.places.Each("county") {
		if !c.counties[county.Code] {
			c.counties[county.Code] = true
			c.ask(county.Code)
		}
	}
	for code := range c.direct { // of villages that lie in no township
		if place, known := c.places.Lookup(code); known && place.Level != "township" && c.direct[code].Communities > 0 {
			c.counties[code] = true
		}
	}
}

// ask finds what nobody offers near a place. Of a place that nobody knows the position of it can't be said.
func (c *cover) ask(code string) {
	at, _, known := c.places.Position(code)
	if !known {
		return
	}
	var offered services
	for nth, km := range c.near.Around(at) {
		if km > NearKM || offered == c.all {
			break
		}
		offered |= c.stations[nth].offers
	}
	a := c.areaOf(code)
	a.Spots++
	a.Short += one(offered != c.all)
	for nth := range c.categories {
		if !offered.has(nth) {
			a.lacks[nth]++
		}
	}
}

// areaOf is what is counted directly in a place.
func (c *cover) areaOf(code string) *Area {
	a := c.direct[code]
	if a == nil {
		place, _ := c.places.Lookup(code)
		a = &Area{Code: code, Level: place.Level}
		c.direct[code] = a
	}
	return a
}

// gather adds what is counted in each place to all that it lies in, and to everything.
func (c *cover) gather() {
	for code, direct := range c.direct {
		for _, in := range append(c.places.Path(code), "") {
			a := c.areas[in]
			if a == nil {
				place, _ := c.places.Lookup(in)
				a = &Area{Code: in, Level: place.Level}
				c.areas[in] = a
			}
			a.add(direct)
		}
	}
	for _, areas := range []map[string]*Area{c.areas, c.direct} {
		for _, a := range areas {
			a.Lacks, a.Wider = c.named(a.lacks), a.Code != "" && c.wider(a.Code)
		}
	}
}

// wider tells whether workers are on record for what a place lies in.
func (c *cover) wider(code string) bool {
	path := c.places.Path(code)
	return slices.ContainsFunc(path[min(1, len(path)):], func(in string) bool { return c.workers[in] > 0 })
}

func (a *Area) add(b *Area) {
	a.Communities += b.Communities
	a.Urban += b.Urban
	a.Far += b.Far
	a.Unplaced += b.Unplaced
	a.Farthest = max(a.Farthest, b.Farthest)
	a.Under += b.Under
	a.Workers += b.Workers
	a.Organisations += b.Organisations
	a.Spots += b.Spots
	a.Short += b.Short
	for nth, n := range b.lacks {
		a.lacks[nth] += n
	}
}

// named are lacks by their categories.
func (c *cover) named(lacks [maxServices]int) (named []Lack) {
	for nth, n := range lacks {
		if n > 0 {
			named = append(named, Lack{c.categories[nth], n})
		}
	}
	slices.SortStableFunc(named, func(a, b Lack) int { return cmp.Compare(b.Spots, a.Spots) })
	return named
}
