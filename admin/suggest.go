package admin

import (
	"fmt"

	"onedoor/intake"
	"onedoor/routing"
)

// likelyPlaces is how many places an item offers with a button each; their keys come after those of the services.
const likelyPlaces = 3

// hints are what is likeliest of an item whoever reads it, found once for as long as the stations stay as they are.
type hints struct {
	nearest []string // codes of the stations to which it can be sent, the nearest first; none where nobody knows where it is
	places  []routing.Place
}

// suggested is what an item offers its reader to do with one press, beside services, urgencies and the nearest station. What it has none of
// is done on the request's page.
type suggested struct {
	Places []routing.Place
	Hand   *intake.Hand
	Same   *intake.Twin
	End    *intake.End
}

// suggest finds what to offer who decides on an item. What is only offered to them they neither end nor send elsewhere.
func (v *itemView) suggest(picture *intake.Picture, h *hints) {
	sight := v.Account.Sight
	if hand, ok := picture.Hand(v.Intake, v.Item, sight, h.nearest); ok {
		v.Suggested.Hand = &hand
	}
	if same, ok := picture.Same(v.Item, sight); ok {
		v.Suggested.Same = &same
	}
	if end, ok := picture.LikelyEnd(v.Item, sight); ok {
		v.Suggested.End = &end
	}
	if v.Own {
		v.Suggested.Places = h.places
	}
}

// key differs where what is suggested does, for readers of the same item while stations and places stay as they are.
func (s *suggested) key() string {
	key := ""
	if s.Hand != nil {
		key = fmt.Sprint(s.Hand.Code, " ", s.Hand.Has)
	}
	if s.Same != nil {
		key += " = " + s.Same.Ref
	}
	if s.End != nil {
		key += " " + s.End.Outcome + s.End.SameAs
	}
	return key
}

// Any tells whether anything is suggested.
func (s suggested) Any() bool {
	return s.Places != nil || s.Hand != nil || s.Same != nil || s.End != nil
}

// PlaceKey is the key that sets one of the places.
func (v itemView) PlaceKey(i int) int { return likeliest + 1 + i }

// Brief is a place's name with what it directly lies in.
func (v itemView) Brief(code string) string {
	return v.texts.Name(v.Lang, v.Intake.Router.Gazetteer().Brief(code, v.Lang))
}

// HandTo is what the button says that gives an item to a worker.
func (v itemView) HandTo(h *intake.Hand) string {
	if v.Is(v.Request.Station, h.Station) {
		return v.T("suggest_assign", "Worker", h.Name, "Count", h.Has)
	}
	return v.T("suggest_assign_at", "Worker", h.Name, "Count", h.Has, "Station", v.StationName(h.Station))
}

// samePlace is a distance, in kilometres, that is none: a village's name says no better where something is.
const samePlace = 0.05

// SameAs is what the button says that links an item to another.
func (v itemView) SameAs(t *intake.Twin) string {
	switch {
	case t.Resident:
		return v.T("suggest_same_resident", "Ref", t.Ref)
	case t.KM < samePlace:
		return v.T("suggest_same_place", "Ref", t.Ref)
	}
	return v.T("suggest_same_near", "Ref", t.Ref, "Distance", v.Km(t.KM))
}

// EndsAs is what the button says that ends an item.
func (v itemView) EndsAs(e *intake.End) string {
	how := v.T("outcome_" + e.Outcome)
	switch {
	case e.Reason != "":
		how = v.T("reason_" + e.Reason)
	case e.SameAs != "":
		how += " (" + e.SameAs + ")"
	}
	return v.T("suggest_end", "How", how)
}

// EndValue is an end as its form has it.
func (v itemView) EndValue(e *intake.End) string {
	if e.Reason == "" {
		return e.Outcome
	}
	return e.Outcome + "." + e.Reason
}

// Resolved tells whether what is said at the end of an item could not be delivered: it can only be closed for good.
func (v itemView) Resolved() bool { return v.Request.State == intake.Resolved && v.Own }

// Taken tells whether to give an item to a worker takes it from another.
func (v itemView) Taken() bool { return v.Request.State.InHand() }
