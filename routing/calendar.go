package routing

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// What the work calendar says of a day.
const (
	dayOff  = "off"  // everybody is off, whatever day of the week it is
	dayWork = "work" // people work, though it is a weekend's
)

// Calendar is the days on which people work otherwise than by the week. It never changes; nil has none.
type Calendar struct {
	days map[string]string // kinds by date
}

// kind is what the calendar says of t's date in its time zone, or "".
func (c *Calendar) kind(t time.Time) string {
	if c == nil || len(c.days) == 0 {
		return ""
	}
	return c.days[t.Format(time.DateOnly)]
}

func loadCalendar(ctx context.Context, db *sqlx.DB) (*Calendar, error) {
	var days []calendarRecord
	if err := db.SelectContext(ctx, &days, `SELECT to_char(date, 'YYYY-MM-DD') AS date, kind, name FROM calendar_days`); err != nil {
		return nil, fmt.Errorf("load the work calendar: %w", err)
	}
	c := &Calendar{make(map[string]string, len(days))}
	for _, day := range days {
		c.days[day.Date] = day.Kind
	}
	return c, nil
}
