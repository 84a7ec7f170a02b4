package routing

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"onedoor/internal/database"
	"onedoor/internal/sheet"
)

var calendarColumns = []string{"date", "kind", "name"}

// OpenCalendar reads a file of a work calendar.
func OpenCalendar(path string) (*sheet.Sheet, error) { return sheet.Open(path, calendarColumns, nil) }

// ReadCalendar reads a work calendar from CSV.
func ReadCalendar(csv []byte) (*sheet.Sheet, error) { return sheet.ReadCSV(csv, calendarColumns, nil) }

// calendarRecord is a day on its way into the database, or out of it.
type calendarRecord struct {
	Date string `json:"date" db:"date"`
	Kind string `json:"kind" db:"kind"`
	Name string `json:"name" db:"name"`
}

// ImportCalendar makes the days of the sheet all that there are in the years that it names: other years stay as they are.
// It is all of the rows, or none and sheet.Problems that name the bad ones.
func ImportCalendar(ctx context.Context, db *database.DB, s *sheet.Sheet) (counts Counts, err error) {
	days, years, err := readCalendar(s)
	if err != nil {
		return Counts{}, err
	}
	err = db.Transact(ctx, func(tx *sqlx.Tx) error {
		counts, err = Upsert(ctx, tx, days, `
			INSERT INTO calendar_days AS t (date, kind, name)
			SELECT date, kind, name FROM jsonb_to_recordset($1) AS r (date date, kind text, name text)
			ON CONFLICT (date) DO UPDATE SET kind = EXCLUDED.kind, name = EXCLUDED.name
			WHERE (t.kind, t.name) IS DISTINCT FROM (EXCLUDED.kind, EXCLUDED.name)
			RETURNING NOT EXISTS (SELECT FROM calendar_days before WHERE before.date = t.date)`)
		if err != nil {
			return err
		}
		counts.Removed, err = dropDays(ctx, tx, days, years)
		return err
	})
	return counts, err
}

// dropDays deletes what these years have beside the days.
func dropDays(ctx context.Context, tx *sqlx.Tx, days []calendarRecord, years []int64) (int, error) {
	dates := make([]string, len(days))
	for i, day := range days {
		dates[i] = day.Date
	}
	dropped, err := tx.ExecContext(ctx, `DELETE FROM calendar_days
		WHERE extract(year FROM date) = ANY ($1) AND NOT date = ANY (CAST($2 AS date[]))`, pq.Array(years), pq.Array(dates))
	if err != nil {
		return 0, fmt.Errorf("remove other days: %w", err)
	}
	n, err := dropped.RowsAffected()
	return int(n), err
}

func readCalendar(s *sheet.Sheet) (days []calendarRecord, years []int64, err error) {
	var check sheet.Checker
	lines := map[time.Time]int{}
	for _, row := range s.Rows {
		date, ok := check.Date(row, "date")
		kind := strings.ToLower(row.Get("kind"))
		if kind != dayOff && kind != dayWork {
			check.Add(row, "kind %q is neither off nor work", kind)
		}
		if !ok {
			continue
		}
		if first, doubled := lines[date]; doubled {
			check.Add(row, "date %s stands in line %d already", date.Format(time.DateOnly), first)
		}
		lines[date] = row.Line
		days = append(days, calendarRecord{date.Format(time.DateOnly), kind, row.Get("name")})
		years = append(years, int64(date.Year()))
	}
	return days, years, check.Err()
}
