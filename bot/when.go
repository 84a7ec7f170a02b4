package bot

import (
	"strconv"
	"time"

	"onedoor/intake"
	"onedoor/internal/texts"
)

// when is a moment to come as people say it: the day as seen from now, and the clock. Both are in the moment's time zone.
func (p *page) when(at, now time.Time) string {
	return p.say("when", texts.Data{"Day": p.day(at, now.In(at.Location())), "Clock": p.clock(at)})
}

// clock is a time of day.
func (p *page) clock(at time.Time) string {
	hour := at.Hour() % 12
	if at.Hour() == 12 {
		hour = 12
	}
	return p.say("clock", texts.Data{"Hour": at.Hour(), "Hour12": hour, "Minute": at.Format("04"), "Time": at.Format("15:04")})
}

// day is a date as seen from now: today, tomorrow, the weekday of the six days to come, or the date.
func (p *page) day(at, now time.Time) string {
	midnight := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	}
	switch days := int(midnight(at).Sub(midnight(now)).Hours() / 24); {
	case days == 0:
		return p.say("day_today", nil)
	case days == 1:
		return p.say("day_tomorrow", nil)
	case days > 1 && days < 7:
		return p.say("weekday_"+strconv.Itoa(int(at.Weekday())), nil)
	}
	return p.date(at)
}

// date is a day without its year.
func (p *page) date(at time.Time) string {
	return p.say("day_date", texts.Data{"Day": at.Day(), "Month": int(at.Month()), "MonthName": at.Format("Jan")})
}

// answer is who answers a request and how soon, and when their station opens where nobody is there now.
func (p *page) answer(r *intake.Request) string {
	about := p.promised(r)
	about["Station"] = p.expected(r)
	return p.say("answer_of", about)
}

// promised is by when a request is answered, and when the station opens where it is closed.
func (p *page) promised(r *intake.Request) texts.Data {
	zone := china
	if s, ok := p.Intake.Expected(r); ok {
		zone = s.Zone()
	}
	promise, now := p.Intake.Promise(r), p.Intake.Now()
	by, opens := promise.By.In(zone), ""
	said := p.when(by, now)
	if !promise.Opens.IsZero() {
		at := promise.Opens.In(zone)
		opens = p.when(at, now)
		if at.YearDay() == by.YearDay() && at.Year() == by.Year() {
			said = p.clock(by)
		}
	}
	return texts.Data{"By": said, "Opens": opens, "Nobody": promise.Nobody}
}
