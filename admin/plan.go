package admin

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/intake"
)

// remindAt is the hour of a day at which a worker is reminded.
const remindAt = 9 * time.Hour

// moment is what the fields day and clock say; one that makes no sense is a bad request.
func moment(r *http.Request) (time.Time, error) {
	at, err := time.ParseInLocation("2006-01-02 15:04", r.PostFormValue("day")+" "+r.PostFormValue("clock"), china)
	if err != nil {
		return at, badRequest{"error_moment"}
	}
	return at, nil
}

// appoint makes an appointment with the resident, or another in its place.
func (a *Admin) appoint(r *http.Request, by intake.Supervisor, ref string) error {
	at, err := moment(r)
	if err != nil {
		return err
	}
	return a.Intake.Appoint(r.Context(), by, ref, r.PostFormValue("where"), at)
}

func (a *Admin) callOff(r *http.Request, by intake.Supervisor, ref string) error {
	return a.Intake.CallOff(r.Context(), by, ref)
}

// remind has whoever has the request reminded of it on a day; with off no longer.
func (a *Admin) remind(r *http.Request, by intake.Supervisor, ref string) error {
	if r.PostFormValue("off") != "" {
		return a.Intake.Remind(r.Context(), by, ref, time.Time{})
	}
	day, err := time.ParseInLocation(time.DateOnly, r.PostFormValue("day"), china)
	if err != nil {
		return badRequest{"error_moment"}
	}
	return a.Intake.Remind(r.Context(), by, ref, day.Add(remindAt))
}

// await has the request wait for its resident, or no longer.
func (a *Admin) await(r *http.Request, by intake.Supervisor, ref string) error {
	return a.Intake.Await(r.Context(), by, ref, r.PostFormValue("change"))
}

func (a *Admin) askVolunteers(r *http.Request, by intake.Supervisor, ref string) error {
	text, err := written(r, "text", maxReferred)
	if err != nil {
		return err
	}
	return a.Intake.AskVolunteers(r.Context(), by, ref, r.PostFormValue("task"), text)
}

func (a *Admin) recall(r *http.Request, by intake.Supervisor, ref string) error {
	id, err := numberIn(r, "referral", false)
	if err != nil {
		return err
	}
	return a.Intake.Recall(r.Context(), by, ref, id)
}

// writeToHelper passes words on to who helps.
func (a *Admin) writeToHelper(r *http.Request, by intake.Supervisor, ref string) error {
	id, err := numberIn(r, "referral", false)
	if err != nil {
		return err
	}
	text, err := written(r, "text", maxNote)
	if err != nil {
		return err
	}
	return a.Intake.WriteToHelper(r.Context(), by, ref, id, text)
}

// Meetings are where a resident can be met.
func (p *requestPage) Meetings() []string { return intake.AppointmentPlaces() }

// Tasks are those that volunteers can be asked to do.
func (p *requestPage) Tasks() []string { return intake.Tasks() }

// ComingOf is what is to come of a kind, or nil.
func (p *requestPage) ComingOf(kind string) *intake.FollowUp {
	if i := slices.IndexFunc(p.Desk.Coming, func(f intake.FollowUp) bool { return f.Kind == kind }); i >= 0 {
		return &p.Desk.Coming[i]
	}
	return nil
}

// Today and NextYear are the first and the last day that can be planned for.
func (p *requestPage) Today() string { return p.Intake.Now().In(china).Format(time.DateOnly) }

// NextYear is the last one.
func (p *requestPage) NextYear() string {
	return p.Intake.Now().In(china).AddDate(1, 0, 0).Format(time.DateOnly)
}

// DayOf is a moment's day, as forms have it.
func (p *requestPage) DayOf(t time.Time) string { return t.In(china).Format(time.DateOnly) }

// MeetingDay, MeetingClock and MeetsAt are what the form of an appointment begins with: what was typed, or the one there is.
func (p *requestPage) MeetingDay() string {
	if f := p.ComingOf(intake.FollowAppointment); f != nil {
		return cmp.Or(p.Typed("appointment", "day"), p.DayOf(f.At))
	}
	return p.Typed("appointment", "day")
}

// MeetingClock is the time of day.
func (p *requestPage) MeetingClock() string {
	if f := p.ComingOf(intake.FollowAppointment); f != nil {
		return cmp.Or(p.Typed("appointment", "clock"), p.Hour(f.At))
	}
	return p.Typed("appointment", "clock")
}

// MeetsAt tells whether this is the place.
func (p *requestPage) MeetsAt(place string) bool {
	f := p.ComingOf(intake.FollowAppointment)
	return p.Chose("appointment", "where", place, f != nil && f.Place == place)
}

// helps tells whether somebody has accepted a referral of the request's, and can be written to.
func (p *requestPage) helps(referral string) bool {
	return slices.ContainsFunc(p.Desk.Helpers, func(f intake.Referral) bool { return p.WritesTo(f) && strconv.FormatInt(f.ID, 10) == referral })
}

// WritesTo tells whether who helps can be written to.
func (p *requestPage) WritesTo(f intake.Referral) bool { return f.Accepted() && f.Partner != nil }

// HelpLine says what others are asked to do, who has taken it, and how it stands.
func (p *requestPage) HelpLine(f intake.Referral) string {
	parts := []string{p.made("task_", deref(f.Task)), p.organisationOf(f)}
	if f.PartnerName != nil {
		parts = append(parts, *f.PartnerName)
	}
	switch {
	case f.Offered():
		parts = append(parts, p.T("help_offered", "Until", p.Moment(&f.ExpiresAt)))
	case f.Accepted():
		parts = append(parts, p.T("help_accepted", "Since", p.Moment(f.AcceptedAt)))
	case f.Done():
		parts = append(parts, p.T("referred_done"), p.T("report_"+deref(f.Outcome)))
	default:
		parts = append(parts, p.T("referred_"+f.Why))
	}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), " · ")
}

// organisationOf is the name of an organisation that helps, in the reader's language.
func (p *requestPage) organisationOf(f intake.Referral) string {
	return p.Named(deref(f.OrganisationName), deref(f.OrganisationNameEN))
}
