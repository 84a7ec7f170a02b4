package intake

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"
)

// groupings are what a report can be broken down by, and the expression for each.
func groupings() map[string]string {
	return map[string]string{
		"station":  `coalesce(r.station, '')`,
		"category": `coalesce(r.category, '')`,
		"urgency":  `r.urgency`,
		"county":   `coalesce((SELECT s.county_code FROM stations s WHERE s.code = r.station), '')`,
		"all":      `'all'`,
	}
}

// Clock is one response time over a group of requests. Times are of those in which the clock has stopped.
type Clock struct {
	Stopped int      `db:"stopped"` // requests in which it has stopped
	Median  *float64 `db:"median"`  // seconds; nil while none has
	P90     *float64 `db:"p90"`     // seconds
	Within  *float64 `db:"within"`  // share within the service standard, 0 to 1, of those stopped or overdue
}

// Figures are the response times of one group of requests, by the day of their submission.
type Figures struct {
	Group    string `db:"grp"`
	Requests int    `db:"requests"`
	Claim    Clock  `db:"claim"`   // submitted until first claimed
	Answer   Clock  `db:"answer"`  // submitted until the first human answer
	Resolve  Clock  `db:"resolve"` // submitted until first resolved
}

// Report computes response times from the event log for requests submitted in [from, to), grouped by one of
// station, category, urgency, county and all. A request that is overdue and still waits counts as not
// within the standard; one that is not due yet, or was taken back in time, doesn't count for the share.
// An unknown grouping is ErrNotFound. A station limits the report where it isn't empty.
func (s *Service) Report(ctx context.Context, from, to time.Time, by, station string) ([]Figures, error) {
	group, ok := groupings()[by]
	if !ok {
		return nil, fmt.Errorf("report by %q: %w", by, ErrNotFound)
	}
	var all []Figures
	err := s.DB.SelectContext(ctx, &all, `
		WITH times AS (
			SELECT `+group+` AS grp, r.claim_due, r.answer_due, r.resolve_due, e.*,
				coalesce(r.closed_at, $3) AS asked_until
			FROM requests r CROSS JOIN LATERAL (
				SELECT min(at) FILTER (WHERE kind = 'submitted') AS submitted,
					min(at) FILTER (WHERE kind = 'claimed') AS claimed,
					min(at) FILTER (WHERE kind = 'answered') AS answered,
					min(at) FILTER (WHERE kind = 'resolved') AS resolved
				FROM events e WHERE e.request_id = r.id AND `+notUndone+`) e
			WHERE r.submitted_at >= $1 AND r.submitted_at < $2 AND ($4 = '' OR r.station = $4))
		SELECT grp, count(*) AS requests, `+
		clockColumns("claim", "claimed")+`, `+clockColumns("answer", "answered")+`, `+clockColumns("resolve", "resolved")+`
		FROM times GROUP BY grp ORDER BY grp`, from, to, s.Now(), station)
	return all, wrap(err, "compute the report")
}

// clockColumns are the columns of one Clock, from the moment at which it stops.
func clockColumns(name, stop string) string {
	seconds := `extract(epoch FROM ` + stop + ` - submitted)`
	due := name + `_due`
	return `count(` + stop + `) AS "` + name + `.stopped",
		percentile_cont(0.5) WITHIN GROUP (ORDER BY ` + seconds + `) AS "` + name + `.median",
		percentile_cont(0.9) WITHIN GROUP (ORDER BY ` + seconds + `) AS "` + name + `.p90",
		avg(CASE WHEN ` + stop + ` <= ` + due + ` THEN 1.0 WHEN ` + stop + ` > ` + due + ` OR asked_until > ` + due + ` THEN 0.0 END)::float8
			AS "` + name + `.within"`
}

// WriteReport writes figures as CSV.
func WriteReport(w io.Writer, by string, figures []Figures) error {
	return wrap(csv.NewWriter(w).WriteAll(ReportRows(by, figures)), "write the report")
}

// ReportRows are figures as a table with a header. Times are whole seconds, shares have three decimals, and what
// isn't known is empty.
func ReportRows(by string, figures []Figures) [][]string {
	header := []string{by, "requests"}
	for _, clock := range []string{"claim", "first_response", "resolve"} {
		header = append(header, clock+"_count", clock+"_median_s", clock+"_p90_s", clock+"_within")
	}
	rows := [][]string{header}
	for _, f := range figures {
		row := []string{f.Group, strconv.Itoa(f.Requests)}
		for _, c := range []Clock{f.Claim, f.Answer, f.Resolve} {
			row = append(row, strconv.Itoa(c.Stopped), number(c.Median, 0), number(c.P90, 0), number(c.Within, 3))
		}
		rows = append(rows, row)
	}
	return rows
}

func number(f *float64, decimals int) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', decimals, 64)
}
