package sheet

import (
	"strconv"
	"strings"
	"time"
)

// A spreadsheet counts days from here; the numbers are those of the years 2000 to 2100.
var epoch = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

const firstSerial, lastSerial = 36526, 73050

// Date reads a cell with a date: 2026-01-04, 2026/1/4, 2026年1月4日 or, as a spreadsheet keeps it, a number of days. It is the
// date's midnight in UTC; false for a bad one, which is noted.
func (c *Checker) Date(r Row, column string) (time.Time, bool) {
	text := r.Get(column)
	if n, err := strconv.Atoi(text); err == nil && n >= firstSerial && n <= lastSerial {
		return epoch.AddDate(0, 0, n), true
	}
	plain := strings.NewReplacer("/", "-", "年", "-", "月", "-", "日", "").Replace(text)
	date, err := time.Parse("2006-1-2", plain)
	if err != nil || date.Before(epoch.AddDate(0, 0, firstSerial)) || date.After(epoch.AddDate(0, 0, lastSerial)) {
		c.Add(r, "%s %q is not a date such as 2026-01-04", column, text)
		return time.Time{}, false
	}
	return date, true
}
