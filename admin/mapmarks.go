package admin

import (
	"fmt"
	"math"
	"time"

	"onedoor/intake"
	"onedoor/prompts"
	"onedoor/routing"
)

const (
	// maxMarks is how many things a map draws: where there are more, more of them are drawn as one, so that no page is heavy.
	maxMarks = 120
	// soonWithin is how near the end of the service standard makes a request pressing.
	soonWithin = time.Hour
	// beside is how far a station is drawn below where it is, and a request above, so that neither hides the other.
	beside = 13
)

// layer is things of one kind, to be drawn.
type layer struct {
	kind   string
	shift  int // further down than where they are
	things []thing
}

// thing is one of them. What there is to say of it is asked for only when it is drawn by itself.
type thing struct {
	at     routing.Point
	in     string // the place in which it lies, where that is known
	shape  string // how it is drawn; several that are drawn as one look like those with the greatest weight
	weight int
	name   func() string
	note   func() string // what else there is to say
	link   func() string
}

// villages are those without a worker near by.
func (p *mapPage) villages(far []intake.FarVillage) layer {
	g, l := p.Intake.Router.Gazetteer(), layer{kind: "village", things: make([]thing, 0, len(far))}
	for _, v := range far {
		l.things = append(l.things, thing{at: v.At, in: v.Code, shape: "far", name: func() string { return p.brief(v.Code) },
			note: func() string { return p.T("map_away", "Distance", p.KM(v.KM)) },
			link: func() string { return "/admin/coverage?in=" + g.Up(v.Code, "township") }})
	}
	return l
}

// stations are those in sight.
func (p *mapPage) stations(all []routing.Station) layer {
	waiting := map[string]int{}
	for _, wait := range p.waits {
		waiting[text(wait.Station)]++
	}
	l := layer{kind: "station", shift: beside}
	for _, s := range all {
		t := thing{at: s.Point, in: s.County, shape: "station", weight: 1, name: func() string { return p.Station(&s.Code) },
			note: func() string { return p.T("map_has", "Workers", s.Workers, "Waiting", waiting[s.Code]) },
			link: func() string { return "/admin/stations/" + s.Code }}
		if s.Workers == 0 {
			t.shape, t.weight = "empty", 0
		}
		l.things = append(l.things, t)
	}
	return l
}

// requests are what waits, by how much time the service standard leaves.
func (p *mapPage) requests() layer {
	l := layer{kind: "request", shift: -beside, things: make([]thing, 0, len(p.waits))}
	now := p.Intake.Now()
	for _, wait := range p.waits {
		if wait.At == nil {
			p.Nowhere++
			continue
		}
		shape, weight := urge(wait.Due.Sub(now))
		l.things = append(l.things, thing{at: *wait.At, in: wait.Place, shape: shape, weight: weight, name: func() string { return wait.Ref },
			note: func() string { return p.pressing(wait) + p.Category(wait.Category) + " · " + p.Left(wait.Due) },
			link: func() string { return "/admin/requests/" + wait.Ref }})
	}
	return l
}

// urge is how a request with so much time left is drawn, and how much that weighs.
func urge(left time.Duration) (shape string, weight int) {
	switch {
	case left < 0:
		return "late", 2
	case left < soonWithin:
		return "soon", 1
	}
	return "later", 0
}

// pressing says that a request is an emergency.
func (p *mapPage) pressing(wait intake.Wait) string {
	if wait.Urgency != prompts.Emergency {
		return ""
	}
	return p.T("urgency_emergency") + " · "
}

// Left is how long it is until a moment of the service standard, or since.
func (p page) Left(due time.Time) string {
	left := due.Sub(p.Intake.Now())
	if left < 0 {
		return p.T("map_over", "Time", p.texts.Span(p.Lang, -left))
	}
	return p.T("map_left", "Time", p.texts.Span(p.Lang, left))
}

// KM is a distance; of one without end it is a dash.
func (p page) KM(km float64) string {
	if math.IsInf(km, 1) {
		return "–"
	}
	return fmt.Sprintf("%.1f km", km)
}
