package intake

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/lib/pq"
)

// groupings are what a report can be broken down by, and the expression for each over cycles c.
func groupings() map[string]string {
	const county = `coalesce((SELECT s.county_code FROM stations s WHERE s.code = c.station), '')`
	return map[string]string{
		"station":        `c.station`,
		"worker_station": `c.worker_station`,
		"category":       `c.category`,
		"urgency":        `c.urgency`,
		"county":         county,
		"day":            `to_char(c.day, 'YYYY-MM-DD')`,
		"week":           `to_char(c.day, 'IYYY-"W"IW')`,
		"month":          `to_char(c.day, 'YYYY-MM')`,
		"all":            `'all'`,
	}
}

// Clock is one response time over a group of cycles (see Cycle), those opened again counted anew. Its times are of the
// clocks that have stopped, and of those that are overdue and have not: up to now, or to when nobody was asked any more.
type Clock struct {
	Stopped    int      `db:"stopped"`     // clocks that have stopped
	Running    int      `db:"running"`     // clocks that somebody still waits for
	Overdue    int      `db:"overdue"`     // of those, the ones past the service standard
	Median     *float64 `db:"median"`      // seconds; nil where there is none yet
	P90        *float64 `db:"p90"`         // seconds
	Within     *float64 `db:"within"`      // share within the service standard, 0 to 1
	OpenMedian *float64 `db:"open_median"` // seconds of the station's opening hours
	OpenP90    *float64 `db:"open_p90"`
}

// Figures are the response times of one group of requests, by the day on which they were submitted or opened again.
type Figures struct {
	Group    string `db:"grp"`
	Requests int    `db:"requests"`
	Claim    Clock  `db:"claim"`   // submitted until first claimed
	Answer   Clock  `db:"answer"`  // submitted until the first answer by a person
	Resolve  Clock  `db:"resolve"` // submitted until resolved

	Answered  *float64 `db:"answered"`  // share that a person has answered, of those answered or overdue
	Solved    *float64 `db:"solved"`    // share that was solved, all of it or a part, of those resolved that had a need
	Satisfied *float64 `db:"satisfied"` // share rated 4 or 5 of those rated
	Rated     int      `db:"rated"`
}

// Scope is which cycles figures are of: those that began in [From, To), and of them what the rest names.
type Scope struct {
	From, To      time.Time
	Stations      []string // nil: all; None among them is what no station has
	WorkerStation string   // empty: any; None: nobody's; so with the rest
	Category      string
	Urgency       string
}

// None stands in a Scope for what has no station, no worker or no clear service.
const None = "-"

// withinScope is the condition on cycles c, with args to be its parameters $1 to $6.
const withinScope = `c.began_at >= $1 AND c.began_at < $2 AND (CAST($3 AS text[]) IS NULL OR c.station = ANY ($3) OR c.station = '' AND '-' = ANY ($3))
	AND ($4 IN ('', c.worker_station) OR $4 = '-' AND c.worker_station = '') AND ($5 IN ('', c.category) OR $5 = '-' AND c.category = '')
	AND $6 IN ('', c.urgency)`

func (s Scope) args(more ...any) []any {
	return append([]any{s.From, s.To, pq.Array(s.Stations), s.WorkerStation, s.Category, s.Urgency}, more...)
}

// Report computes response times of the cycles in a scope, grouped by one of the groupings; an unknown one is
// ErrNotFound. A clock that is not due yet, or was taken back in time, doesn't count for times and shares.
func (s *Service) Report(ctx context.Context, scope Scope, by string) ([]Figures, error) {
	group, ok := groupings()[by]
	if !ok {
		return nil, fmt.Errorf("report by %q: %w", by, ErrNotFound)
	}
	if err := s.Fold(ctx); err != nil {
		return nil, err
	}
	late, err := s.lateSeconds(ctx, scope)
	if err != nil {
		return nil, err
	}
	var all []Figures
	err = s.DB.SelectContext(ctx, &all, `
		WITH c AS (
			SELECT c.*, rt.score, l.open AS late_open, coalesce(c.over_at, $7) AS until
			FROM cycles c LEFT JOIN ratings rt ON rt.request_id = c.request_id AND rt.resolved_at = c.resolved_at
				LEFT JOIN jsonb_to_recordset($8) AS l (request_id bigint, n smallint, open float8) ON l.request_id = c.request_id AND l.n = c.n
			WHERE `+withinScope+`)
		SELECT `+group+` AS grp, count(*) AS requests, `+
		clockColumns("claim", "claimed")+`, `+clockColumns("answer", "answered")+`, `+clockColumns("resolve", "resolved")+`,
			avg((answered_at IS NOT NULL)::int) FILTER (WHERE answered_at IS NOT NULL OR until > answer_due)::float8 AS answered,
			avg((outcome IN ('solved', 'partly', 'referred'))::int) FILTER (WHERE outcome NOT IN ('withdrawn', 'duplicate', 'false_alarm'))::float8 AS solved,
			avg((score >= 4)::int) FILTER (WHERE score IS NOT NULL)::float8 AS satisfied, count(score) AS rated
		FROM c GROUP BY grp ORDER BY grp`, scope.args(s.Now(), toDocument(late))...)
	return all, wrap(err, "compute the report")
}

// clockColumns are the columns of one Clock, from what stops it.
func clockColumns(name, stop string) string {
	at, due := stop+`_at`, name+`_due`
	counts := ` FILTER (WHERE ` + at + ` IS NOT NULL OR until > ` + due + `)`
	seconds := `extract(epoch FROM coalesce(` + at + `, until) - began_at)::float8`
	open := `coalesce(` + name + `_open, late_open)`
	column := func(expression, as string) string { return expression + ` AS "` + name + `.` + as + `"` }
	percentile := func(share, of, as string) string {
		return `, ` + column(`percentile_cont(`+share+`) WITHIN GROUP (ORDER BY `+of+`)`+counts, as)
	}
	return column(`count(`+at+`)`, "stopped") +
		`, ` + column(`count(*) FILTER (WHERE `+at+` IS NULL AND over_at IS NULL)`, "running") +
		`, ` + column(`count(*) FILTER (WHERE `+at+` IS NULL AND over_at IS NULL AND until > `+due+`)`, "overdue") +
		percentile("0.5", seconds, "median") + percentile("0.9", seconds, "p90") +
		`, ` + column(`avg((coalesce(`+at+` <= `+due+`, false))::int)`+counts+`::float8`, "within") +
		percentile("0.5", open, "open_median") + percentile("0.9", open, "open_p90")
}

// lateness is how many seconds of opening hours a cycle lasts already, or did until nobody was asked any more.
type lateness struct {
	Request int64   `json:"request_id"`
	N       int     `json:"n"`
	Open    float64 `json:"open"`
}

// lateSeconds are those of the cycles with a clock that is overdue, or was when they ended.
func (s *Service) lateSeconds(ctx context.Context, scope Scope) ([]lateness, error) {
	var rows []struct {
		Request int64     `db:"request_id"`
		N       int       `db:"n"`
		Station string    `db:"station"`
		Began   time.Time `db:"began_at"`
		Until   time.Time `db:"until"`
	}
	err := s.DB.SelectContext(ctx, &rows, `SELECT request_id, n, station, began_at, coalesce(over_at, $7) AS until FROM cycles c
		WHERE resolved_at IS NULL AND coalesce(over_at, $7) > claim_due AND `+withinScope, scope.args(s.Now())...)
	all := make([]lateness, 0, len(rows))
	for _, r := range rows {
		all = append(all, lateness{r.Request, r.N, *s.openSeconds(r.Station, r.Began, &r.Until)})
	}
	return all, wrap(err, "find what is overdue")
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
