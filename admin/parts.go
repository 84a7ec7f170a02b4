package admin

import (
	"fmt"
	"time"

	"onedoor/intake"
	"onedoor/prompts"
	"onedoor/routing"
)

// rows is a list of requests on a page.
type rows struct {
	page
	Views []*intake.View
	home  string
}

// Rows makes a list of requests ready to be drawn: of one station, or of all in sight when home is empty.
func (p page) Rows(views []intake.View, home string) rows {
	list := rows{page: p, home: home}
	for i := range views {
		list.Views = append(list.Views, &views[i])
	}
	return list
}

// Full tells whether there may be more than the list shows.
func (r rows) Full() bool { return len(r.Views) == boardLimit }

// Due is the next moment of the service standard: by which a request is to be claimed, first answered or resolved.
func (r rows) Due(v *intake.View) *time.Time {
	switch {
	case v.State == intake.Open:
		return v.ClaimDue
	case v.AnsweredAt == nil:
		return v.AnswerDue
	}
	return v.ResolveDue
}

// Late tells whether that moment has passed.
func (r rows) Late(v *intake.View) bool {
	due := r.Due(v)
	return due != nil && v.State.Active() && due.Before(r.Intake.Now())
}

// Whose is the station that has a request, in a list that isn't that station's own.
func (r rows) Whose(v *intake.View) string {
	switch {
	case r.home == "" && r.Own(v):
		return r.Station(v.Station)
	case v.Station == nil || *v.Station != r.home:
		return r.offeredBy(v)
	}
	return ""
}

// offeredBy is whose a request is that is only offered to who reads it.
func (p page) offeredBy(v *intake.View) string {
	if v.Station == nil {
		return p.T("offered_by_none")
	}
	return p.T("offered_by", "Station", p.Station(v.Station))
}

// Sees tells whether the account may open a request.
func (p page) Sees(v *intake.View) bool { return p.Account.Sight.Reads(v) }

// Decides tells whether the account may decide on a request.
func (p page) Decides(v *intake.View) bool { return p.Account.MayChange() && p.Sees(v) }

// Own tells whether a request is the account's own, and not only offered to a station of its.
func (p page) Own(v *intake.View) bool { return p.Account.Sight.Sees(&v.Request) }

// State is where a request is, in words.
func (p page) State(v *intake.View) string {
	if v.State == intake.Claimed && v.WorkerName != nil {
		return p.T("state_claimed", "Worker", *v.WorkerName)
	}
	if v.Outcome != nil {
		return p.T("state_"+string(v.State)) + " · " + p.Outcome(v.Outcome)
	}
	return p.T("state_" + string(v.State))
}

// StationName is Station for a code that is known.
func (p page) StationName(code string) string { return p.Station(&code) }

// CategoryName is Category for a key that is known.
func (p page) CategoryName(key string) string { return p.Category(&key) }

// MomentOf is Moment for a time that is known.
func (p page) MomentOf(t time.Time) string { return p.Moment(&t) }

// Percent is a share of 0 to 1 in per cent.
func (p page) Percent(share float64) string { return fmt.Sprintf("%.0f %%", share*100) }

// Km is a distance.
func (p page) Km(km float64) string { return fmt.Sprintf("%.1f km", km) }

// Is tells whether a key that may be missing is this one.
func (p page) Is(key *string, this string) bool { return key != nil && *key == this }

// Far is how far a station is from the request, where that is known.
func (p *requestPage) Far(s routing.Station) string {
	at, ok := p.Point()
	if !ok {
		return ""
	}
	return " · " + p.Km(s.Point.DistanceKM(at))
}

// danger is how pressing a request is, and why.
type danger struct {
	P       page
	Urgency prompts.Urgency
	Crisis  prompts.Crisis
}

// Danger makes a request's urgency ready to be drawn.
func (p page) Danger(v *intake.View) danger { return danger{p, v.Urgency, v.Crisis} }
