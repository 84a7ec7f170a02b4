package admin

import (
	"fmt"
	"strings"
	"time"

	"onedoor/intake"
)

// zonesOf are the time zones by which the requests of some stations have their days, nil being all: at no station it is China's.
func (a *Admin) zonesOf(stations []string) (zones []*time.Location) {
	if stations == nil {
		for _, s := range a.Intake.Router.AllStations() {
			zones = append(zones, s.Zone())
		}
		return append(zones, china)
	}
	for _, code := range stations {
		if s, known := a.Intake.Router.Station(code); known {
			zones = append(zones, s.Zone())
		} else {
			zones = append(zones, china)
		}
	}
	return zones
}

// oneZone is the time zone in which all of some are at several moments, and what it is called: by how far it is from UTC or, where that
// changes between the moments, by its name. Where they are in several it is China's, without a name.
func oneZone(zones []*time.Location, moments ...time.Time) (*time.Location, string) {
	if len(zones) == 0 {
		zones = []*time.Location{china}
	}
	offset := func(zone *time.Location, at time.Time) int { _, seconds := at.In(zone).Zone(); return seconds }
	first, changes := zones[0], false
	for _, at := range moments {
		changes = changes || offset(first, at) != offset(first, moments[0])
		for _, zone := range zones {
			if offset(zone, at) != offset(first, at) {
				return china, ""
			}
		}
	}
	if changes {
		return first, first.String()
	}
	return first, fromUTC(offset(first, moments[0]))
}

// fromUTC is what a time zone so many seconds ahead of UTC is called.
func fromUTC(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '−', -seconds
	}
	name := fmt.Sprintf("UTC%c%d", sign, seconds/3600)
	if minutes := seconds % 3600 / 60; minutes != 0 {
		name += fmt.Sprintf(":%02d", minutes)
	}
	return name
}

// latest is the latest day that it is in any of some time zones, as a date.
func latest(zones []*time.Location, now time.Time) time.Time {
	day := dateOf(now.In(china))
	for i, zone := range zones {
		if d := dateOf(now.In(zone)); i == 0 || d.After(day) {
			day = d
		}
	}
	return day
}

// dateOf is the date of a moment in its time zone, as a Scope of days has it.
func dateOf(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, china)
}

// referred is the scope of referrals, which have no day of a station: of the days in the one time zone, or in China's.
func (q timesQuery) referred() intake.Scope { return q.scope.In(q.zone) }

// named is a file's name with whose days its figures are of.
func (q timesQuery) named(file string) string {
	if q.Zone == "" {
		return file + "-local-days"
	}
	return file + "-" + strings.NewReplacer("/", "-", ":", "", "−", "-").Replace(q.Zone)
}
