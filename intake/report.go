package intake

import (
	"context"
	"encoding/csv"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
)

// Groupings are what a report can be broken down by.
func Groupings() []string {
	return []string{"station", "worker_station", "category", "urgency", "county", "setting", "day", "week", "month", "all"}
}

// Clock is one response time over a group of cycles (see Cycle), those opened again counted anew. Its times are of the
// clocks that have stopped, and of those that are overdue and have not: up to now, or to when nobody was asked any more.
type Clock struct {
	Stopped    int      // clocks that have stopped
	Running    int      // clocks that somebody still waits for
	Overdue    int      // of those, the ones past the service standard
	Due        int      // that count for times and shares
	InTime     int      // of those, the ones within the service standard
	Median     *float64 // seconds; nil where there is none yet
	P90        *float64 // seconds
	Within     *float64 // share within the service standard, 0 to 1
	OpenMedian *float64 // seconds of the station's opening hours
	OpenP90    *float64
}

// Figures are the response times of one group of requests, by the day on which they were submitted or opened again.
type Figures struct {
	Group    string
	Requests int
	Claim    Clock // submitted until first claimed
	Answer   Clock // submitted until the first answer by a person
	Resolve  Clock // submitted until resolved

	Answered  *float64 // share that a person has answered, of those answered or overdue
	Solved    *float64 // share that was solved, all of it or a part, of those resolved that had a need
	Satisfied *float64 // share rated 4 or 5 of those rated
	Rated     int

	SolvedCount    int // of which Solved is the share
	SatisfiedCount int // of which Satisfied is the share
}

// Scope is which cycles figures are of: those that began in [From, To), and of them what the rest names.
type Scope struct {
	From, To      time.Time
	Days          bool     // From and To stand for the days in which they are in China: cycles count by the day on which they began where their station is
	Stations      []string // nil: all; None among them is what no station has
	WorkerStation string   // empty: any; None: nobody's; so with the rest
	Category      string
	Urgency       string
	Setting       string // urban, rural

	workers []string // as WorkerStation, several; nil: any; empty: nobody's
}

// None stands in a Scope for what has no station, no worker, no clear service or no known setting.
const None = "-"

// Report computes response times of the cycles in a scope, grouped by one of the Groupings; an unknown one is
// ErrNotFound. A clock that is not due yet, or was taken back in time, doesn't count for times and shares. Percentiles of more than
// 200 times, or of what is summed up (see KeepFigures), are off by 0.9 % at most; all else is exact.
func (s *Service) Report(ctx context.Context, scope Scope, by string) ([]Figures, error) {
	figures, _, err := s.ReportAll(ctx, scope, by)
	return figures, err
}

// ReportAll is Report, with the figures of all groups together; nil where there are none.
func (s *Service) ReportAll(ctx context.Context, scope Scope, by string) (groups []Figures, all *Figures, err error) {
	tallies, err := s.tallies(ctx, scope, by)
	if err != nil {
		return nil, nil, err
	}
	groups, all = figuresOf(tallies)
	return groups, all, nil
}

// figuresOf are the figures of groups, by name, and of all together; nil where there are none.
func figuresOf(tallies map[string]*tally) (groups []Figures, all *Figures) {
	total := new(tally)
	for _, group := range slices.Sorted(maps.Keys(tallies)) {
		if t := tallies[group]; t.requests > 0 {
			total.merge(t)
			groups = append(groups, t.figures(group))
		}
	}
	if len(groups) == 0 {
		return nil, nil
	}
	f := total.figures("all")
	return groups, &f
}

// Count is how many cycles of a scope began before a moment.
func (s *Service) Count(ctx context.Context, scope Scope, before time.Time) (n int, err error) {
	if err := s.Fold(ctx); err != nil {
		return 0, err
	}
	w := s.inMoments(scope).where()
	w.and(`c.began_at < ?`, before)
	err = s.look(ctx, func(tx *sqlx.Tx) error {
		return tx.GetContext(ctx, &n, `SELECT count(*) FROM cycles c WHERE `+w.text(), w.args...)
	})
	return n, wrap(err, "count requests")
}

// WriteReport writes figures as CSV.
func WriteReport(w io.Writer, by string, figures []Figures) error {
	return wrap(csv.NewWriter(w).WriteAll(ReportRows(by, figures)), "write the report")
}

// ReportRows are figures as a table with a header. Times are whole seconds, shares have three decimals, and what
// isn't known is empty.
func ReportRows(by string, figures []Figures) [][]string {
	header := []string{by, "requests"}
	names := []string{"claim", "first_response", "resolve"}
	for _, clock := range names {
		header = append(header, clock+"_count", clock+"_median_s", clock+"_p90_s", clock+"_within")
	}
	for _, clock := range names {
		header = append(header, clock+"_waiting", clock+"_overdue", clock+"_open_median_s", clock+"_open_p90_s")
	}
	rows := [][]string{append(header, "answered", "solved", "satisfied", "rated")}
	for _, f := range figures {
		row := []string{f.Group, strconv.Itoa(f.Requests)}
		for _, c := range []Clock{f.Claim, f.Answer, f.Resolve} {
			row = append(row, strconv.Itoa(c.Stopped), number(c.Median, 0), number(c.P90, 0), number(c.Within, 3))
		}
		for _, c := range []Clock{f.Claim, f.Answer, f.Resolve} {
			row = append(row, strconv.Itoa(c.Running), strconv.Itoa(c.Overdue), number(c.OpenMedian, 0), number(c.OpenP90, 0))
		}
		rows = append(rows, append(row, number(f.Answered, 3), number(f.Solved, 3), number(f.Satisfied, 3), strconv.Itoa(f.Rated)))
	}
	return rows
}

func number(f *float64, decimals int) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', decimals, 64)
}
