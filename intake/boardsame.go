package intake

import (
	"cmp"
	"math"
	"slices"
	"sync"
	"time"

	"onedoor/routing"
)

const (
	sameKM     = 1.0            // how far apart two requests for the same may be,
	sameWithin = 24 * time.Hour // and how long after each other
	sameMost   = 3              // requests that one may repeat, the likeliest
)

// Asked is what the board remembers of a request that is open, to tell whether another asks for the same. There are tens of thousands.
type Asked struct {
	ID        int64
	Ref       string
	resident  resident
	category  string // empty: not clear
	at        *routing.Point
	submitted time.Time
	state     State
	station   *string
	place     *string
	offeredTo []string
	listed    bool // it is an item, and can offer itself to be linked
}

// resident is whose chat a request is from; the zero value is nobody's, who stays unnamed.
type resident struct{ bot, chat int64 }

func (row *boardRow) asked() *Asked {
	a := &Asked{ID: row.ID, Ref: row.Ref, category: value(row.Category), state: row.State, station: row.Station, place: row.Place, offeredTo: row.OfferedTo}
	if !row.Unnamed {
		a.resident = resident{row.Bot, row.Chat}
	}
	if at, ok := row.Point(); ok && !row.Somewhere() {
		a.at = &at
	}
	if row.SubmittedAt != nil {
		a.submitted = *row.SubmittedAt
	}
	return a
}

// read tells whether who has a sight may read it.
func (a *Asked) read(sight Sight) bool { return sight.reads(a.state, a.station, a.place, a.offeredTo) }

// Twin is an open request that an item may repeat.
type Twin struct {
	*Asked
	Resident bool    // it is the same resident's; else somebody asks for the same service near by
	KM       float64 // how far off
}

// related are the requests that have to do with an item, whoever reads it: those that it may repeat, the likeliest first, and the earlier
// ones to which it is linked.
type related struct {
	twins  []Twin
	linked []*Asked
}

// relations are what is related to the items of a picture, found when it is first asked.
type relations struct {
	mu   sync.Mutex
	item map[int64]related
}

// Same is the open request in sight that an item most probably repeats: one of the same resident's or, of the last day, one for the same
// service near by. Of two items the later one repeats the other. False where there is none, or a person has decided on that.
func (p *Picture) Same(i *Item, sight Sight) (Twin, bool) {
	if i.Linked || !i.State.Active() {
		return Twin{}, false
	}
	for _, twin := range p.related(i).twins {
		if twin.read(sight) {
			return twin, true
		}
	}
	return Twin{}, false
}

// related looks through all that is open, which takes less than to keep an index of it.
func (p *Picture) related(i *Item) related {
	p.relations.mu.Lock()
	defer p.relations.mu.Unlock()
	found, ok := p.relations.item[i.ID]
	if ok {
		return found
	}
	own := i.asked
	for _, other := range p.asked {
		switch {
		case !other.state.Active() || other.ID == own.ID:
		case len(i.Same) > 0 && slices.Contains(i.Same, other.Ref):
			if other.ID < own.ID {
				found.linked = append(found.linked, other)
			}
		default:
			if twin, ok := own.twin(other); ok {
				found.keep(twin)
			}
		}
	}
	if p.relations.item == nil {
		p.relations.item = map[int64]related{}
	}
	p.relations.item[i.ID] = found
	return found
}

// keep adds a twin where it is among the likeliest.
func (r *related) keep(t Twin) {
	at, _ := slices.BinarySearchFunc(r.twins, t, likelier)
	if at < sameMost {
		r.twins = slices.Insert(r.twins, at, t)
		r.twins = r.twins[:min(len(r.twins), sameMost)]
	}
}

// likelier orders the same resident's before others', and those by how near they are; then the latest first.
func likelier(a, b Twin) int {
	switch {
	case a.Resident && !b.Resident:
		return -1
	case b.Resident && !a.Resident:
		return 1
	case a.Resident:
		return cmp.Compare(b.ID, a.ID)
	}
	return cmp.Or(cmp.Compare(a.KM, b.KM), cmp.Compare(b.ID, a.ID))
}

// twin tells whether a may repeat b. Whose those are who stay unnamed is told to nobody.
func (a *Asked) twin(b *Asked) (Twin, bool) {
	t := Twin{Asked: b, Resident: a.resident != (resident{}) && a.resident == b.resident}
	placed := a.at != nil && b.at != nil
	if b.listed && b.ID > a.ID || !t.Resident && (!placed || !a.soon(b)) {
		return t, false
	}
	if placed {
		t.KM = a.at.DistanceKM(*b.at)
	}
	return t, t.Resident || t.KM <= sameKM
}

// soon tells whether two ask for the same service soon after each other, and not far apart in latitude.
func (a *Asked) soon(b *Asked) bool {
	return a.category == b.category && a.category != "" && a.submitted.Sub(b.submitted).Abs() <= sameWithin &&
		math.Abs(a.at.Lat-b.at.Lat) <= sameKM/kmPerDegree*1.01
}
