package intake

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"
)

// where is a condition that is put together of those that are asked for, so that the database plans for no others.
type where struct {
	conditions []string
	args       []any
}

// and adds a condition, in which each ? is one of the values.
func (w *where) and(condition string, values ...any) {
	for _, value := range values {
		w.args = append(w.args, value)
		condition = strings.Replace(condition, "?", "$"+strconv.Itoa(len(w.args)), 1)
	}
	w.conditions = append(w.conditions, condition)
}

func (w *where) text() string { return strings.Join(append(w.conditions, "TRUE"), " AND ") }

// where is the condition that cycles c are in the scope.
func (s Scope) where() *where {
	w := new(where)
	if s.Days {
		w.and(`c.day >= CAST(? AS date) AND c.day < CAST(? AS date)`, dayOf(s.From), dayOf(s.To))
		w.and(`c.began_at >= ? AND c.began_at < ?`, s.From.AddDate(0, 0, -1), s.To.AddDate(0, 0, 1)) // by which they are found; wherever the station is
	} else {
		w.and(`c.began_at >= ? AND c.began_at < ?`, s.From, s.To)
	}
	s.narrow(w)
	s.part(w)
	return w
}

// dayOf is the day in China's calendar in which a moment is.
func dayOf(t time.Time) string { return t.In(China).Format(time.DateOnly) }

// In is a scope of days as that of the moments between which they are in a time zone.
func (s Scope) In(zone *time.Location) Scope {
	if s.Days {
		s.From, s.To, s.Days = beginOf(s.From, zone), beginOf(s.To, zone), false
	}
	return s
}

// inMoments is a scope of days as that of moments where all stations have China's days: those are read quicker.
func (s *Service) inMoments(scope Scope) Scope {
	for _, station := range s.Router.AllStations() {
		for _, at := range []time.Time{scope.From, scope.To} {
			if !beginOf(at, station.Zone()).Equal(beginOf(at, China)) {
				return scope
			}
		}
	}
	return scope.In(China)
}

// beginOf is when the day in which a moment is in China begins in a time zone.
func beginOf(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(China).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// part adds what the scope says of urgency and setting, which are parts of a row of figures_kept.
func (s Scope) part(w *where) {
	if s.Urgency == "normal" {
		w.and(`c.urgency = 'normal'`)
	} else if s.Urgency != "" {
		w.and(`c.urgency = ? AND c.urgency <> 'normal'`, s.Urgency)
	}
	if s.Setting != "" {
		w.and(`c.setting = ?`, noneIsEmpty(s.Setting))
	}
}

// narrow adds what the scope says of stations and services, which figures_kept c has, too.
func (s Scope) narrow(w *where) {
	if s.Stations != nil {
		codes := make([]string, len(s.Stations))
		for i, code := range s.Stations {
			codes[i] = noneIsEmpty(code)
		}
		w.and(`c.station = ANY (?)`, pq.Array(codes))
	}
	if s.workers != nil {
		w.and(`c.worker_station = ANY (?)`, pq.Array(s.workers))
	}
	if s.WorkerStation != "" {
		w.and(`c.worker_station = ?`, noneIsEmpty(s.WorkerStation))
	}
	if s.Category != "" {
		w.and(`c.category = ?`, noneIsEmpty(s.Category))
	}
}

// cyclesIn is where the cycles c are from that the condition is for, to be only those of some days or months: of each by itself, for
// PostgreSQL can't tell how few that are.
func (w *where) cyclesIn(names []string) string {
	var starts, ends, firsts, lasts []string
	for _, name := range names {
		by := "day"
		if len(name) == len("2006-01") {
			by = "month"
		}
		first, last := DaysOf(by, name)
		from, to := around(by, name)
		firsts, lasts = append(firsts, first), append(lasts, last)
		starts, ends = append(starts, from.Format(time.RFC3339)), append(ends, to.Format(time.RFC3339))
	}
	n := len(w.args)
	w.args = append(w.args, pq.Array(starts), pq.Array(ends), pq.Array(firsts), pq.Array(lasts))
	return fmt.Sprintf(`unnest($%d::timestamptz[], $%d::timestamptz[], $%d::date[], $%d::date[]) AS p (starts, ends, first, last), LATERAL (
		SELECT c.* FROM cycles c WHERE c.began_at >= p.starts AND c.began_at < p.ends AND c.day BETWEEN p.first AND p.last AND %s OFFSET 0) c`,
		n+1, n+2, n+3, n+4, w.text())
}

// within is the scope from one moment on and before another, as far as it goes.
func (s Scope) within(from, to time.Time) Scope {
	if s.From.Before(from) {
		s.From = from
	}
	if s.To.After(to) {
		s.To = to
	}
	return s
}

func noneIsEmpty(key string) string {
	if key == None {
		return ""
	}
	return key
}
