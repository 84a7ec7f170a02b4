package intake

import (
	"cmp"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/lib/pq"

	"onedoor/routing"
)

const (
	sameKM     = 1.0            // how far apart two requests for the same may be,
	sameWithin = 24 * time.Hour // and how long after each other
	sameFew    = 20             // requests looked at in each square and of each resident, the latest
	sameMost   = 3              // requests that one may repeat, the likeliest
)

// Asked is what the board remembers of a request that is open, to tell whether another asks for the same.
type Asked struct {
	ID        int64
	Ref       string
	resident  resident
	category  string // empty: not clear
	at        *routing.Point
	submitted time.Time
	where     View // what tells who may read it
	listed    bool // it is an item, and can offer itself to be linked
}

// resident is whose chat a request is from; the zero value is nobody's, who stays unnamed.
type resident struct{ bot, chat int64 }

func (row *boardRow) asked() *Asked {
	a := &Asked{ID: row.ID, Ref: row.Ref, category: value(row.Category)}
	if !row.Unnamed {
		a.resident = resident{row.Bot, row.Chat}
	}
	if at, ok := row.Point(); ok && !row.Somewhere() {
		a.at = &at
	}
	if row.SubmittedAt != nil {
		a.submitted = *row.SubmittedAt
	}
	a.where.State, a.where.Station, a.where.Place, a.where.OfferedTo = row.State, row.Station, row.Place, row.OfferedTo
	return a
}

// Twin is an open request that an item may repeat.
type Twin struct {
	*Asked
	Resident bool    // it is the same resident's; else somebody asks for the same service near by
	KM       float64 // how far off
}

// sameIndex finds what asks for the same. It is made when it is first asked, of what is then never changed.
type sameIndex struct {
	once       sync.Once
	byRef      map[string]*Asked
	byResident map[resident][]*Asked // the latest first, like those of a square
	bySquare   map[square][]*Asked

	mu    sync.Mutex
	found map[int64][]Twin // by item
}

// square is one of those that squares names, for a service.
type square struct {
	category string
	y, x     int32
}

func squareOf(category string, at routing.Point) square {
	return square{category, int32(math.Floor(at.Lat * perDegree)), int32(math.Floor(at.Lon * perDegree))}
}

func (x *sameIndex) build(all []*Asked) {
	x.byRef, x.byResident, x.bySquare, x.found = map[string]*Asked{}, map[resident][]*Asked{}, map[square][]*Asked{}, map[int64][]Twin{}
	all = slices.SortedFunc(slices.Values(all), func(a, b *Asked) int { return cmp.Compare(b.ID, a.ID) })
	for _, a := range all {
		x.byRef[a.Ref] = a
		if a.resident != (resident{}) {
			keepFew(x.byResident, a.resident, a)
		}
		if a.category != "" && a.at != nil {
			keepFew(x.bySquare, squareOf(a.category, *a.at), a)
		}
	}
}

func keepFew[K comparable](all map[K][]*Asked, key K, a *Asked) {
	if len(all[key]) < sameFew {
		all[key] = append(all[key], a)
	}
}

// Same is the open request in sight that an item most probably repeats: one of the same resident's or, of the last day, one for the same
// service near by. Of two items the later one repeats the other. False where there is none, or a person has decided on that.
func (p *Picture) Same(i *Item, sight Sight) (Twin, bool) {
	if i.Linked || !i.State.Active() {
		return Twin{}, false
	}
	for _, twin := range p.twins(i) {
		if sight.Reads(&twin.where) {
			return twin, true
		}
	}
	return Twin{}, false
}

// twins are the requests that an item may repeat, the likeliest first.
func (p *Picture) twins(i *Item) []Twin {
	x := &p.same
	x.once.Do(func() { x.build(p.asked) })
	x.mu.Lock()
	defer x.mu.Unlock()
	found, ok := x.found[i.ID]
	if !ok {
		found = x.search(x.byRef[i.Ref], i.Same)
		x.found[i.ID] = found
	}
	return found
}

func (x *sameIndex) search(a *Asked, linked pq.StringArray) (found []Twin) {
	if a == nil {
		return nil
	}
	candidates := slices.Clone(x.byResident[a.resident])
	if a.at != nil && a.category != "" {
		for _, y := range squares(a.at.Lat, 1) {
			for _, z := range squares(a.at.Lon, 1/math.Cos(a.at.Lat*math.Pi/180)) {
				candidates = append(candidates, x.bySquare[square{a.category, y, z}]...)
			}
		}
	}
	seen := map[int64]bool{a.ID: true}
	for _, b := range candidates {
		if twin, ok := a.twin(b); ok && !seen[b.ID] && !slices.Contains(linked, b.Ref) {
			seen[b.ID] = true
			found = append(found, twin)
		}
	}
	slices.SortStableFunc(found, func(a, b Twin) int {
		if a.Resident != b.Resident {
			return map[bool]int{true: -1, false: 1}[a.Resident]
		}
		return cmp.Or(cmp.Compare(a.KM, b.KM), cmp.Compare(b.ID, a.ID))
	})
	return found[:min(len(found), sameMost)]
}

// twin tells whether a may repeat b. Whose those are who stay unnamed is told to nobody.
func (a *Asked) twin(b *Asked) (Twin, bool) {
	t := Twin{Asked: b, Resident: a.resident != (resident{}) && a.resident == b.resident}
	if !b.where.State.Active() || b.listed && b.ID > a.ID {
		return t, false
	}
	if a.at == nil || b.at == nil {
		return t, t.Resident
	}
	t.KM = a.at.DistanceKM(*b.at)
	return t, t.Resident || a.category != "" && a.category == b.category && t.KM <= sameKM && a.submitted.Sub(b.submitted).Abs() <= sameWithin
}
