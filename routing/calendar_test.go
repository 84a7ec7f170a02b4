package routing_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
	"onedoor/internal/sample"
	"onedoor/routing"
)

// in2026 is a moment of that year in China, written 02-14 09:00.
func in2026(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", "2026-"+text, time.FixedZone("CST", 8*60*60))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func tryCalendar(t testing.TB, db *database.DB, csv string) (routing.Counts, error) {
	t.Helper()
	s, err := routing.ReadCalendar([]byte(csv))
	if err != nil {
		return routing.Counts{}, err
	}
	return routing.ImportCalendar(t.Context(), db, s)
}

// TestCalendar: stations keep to the days off and the moved working days of 2026.
func TestCalendar(t *testing.T) {
	t.Parallel()
	db, router := filled(t)
	if _, err := tryCalendar(t, db, string(sample.Calendar())); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		hours  string
		open   []string
		closed []string
	}{
		{"Mo-Fr 08:30-12:00,14:30-17:30; Fr 08:30-12:00", []string{"02-14 09:00", "02-24 15:00", "09-20 15:00"}, // a Saturday, and a Sunday
			[]string{"02-14 15:00", "02-13 15:00", "02-16 09:00", "02-23 09:00", "10-01 09:00", "09-20 13:00", "02-21 09:00"}},
		{"Mo-Fr 08:30-17:30; Sa 09:00-10:00", []string{"02-28 15:00", "03-07 09:30"}, []string{"03-07 15:00", "02-21 09:30"}},
		{"Mo-Fr 08:30-17:30; PH 10:00-12:00", []string{"10-01 10:30", "02-14 17:00"}, []string{"10-01 09:00", "10-01 15:00"}},
		{"Mo-Su,PH 08:00-20:00", []string{"10-01 08:00", "02-15 19:59"}, nil},
		{"08:00-20:00", []string{"10-08 08:00"}, []string{"10-01 08:00"}},
		{"24/7", []string{"10-01 03:00"}, nil},
		{"24/7; PH off", []string{"10-08 03:00"}, []string{"10-01 03:00"}},
		{"", []string{"10-01 03:00"}, nil},
		{"Mo-Fr 20:00-02:00", []string{"10-01 01:00", "02-15 01:00"}, []string{"10-01 21:00", "10-02 01:00", "02-16 01:00"}}, // begun on a working day
	} {
		must(t, db, `UPDATE stations SET hours = $1 WHERE code = 'near'`, c.hours)
		if err := router.Reload(t.Context()); err != nil {
			t.Fatal(err)
		}
		s, _ := router.Station("near")
		for _, at := range slices.Concat(c.open, c.closed) {
			if want := slices.Contains(c.open, at); s.Hours.Open(in2026(t, at)) != want {
				t.Errorf("%q on %s: open %v, want %v", c.hours, at, !want, want)
			}
		}
	}
}

// TestCalendarNext: after a long holiday a station opens, and before one it closes.
func TestCalendarNext(t *testing.T) {
	t.Parallel()
	db, router := filled(t)
	if _, err := tryCalendar(t, db, string(sample.Calendar())); err != nil {
		t.Fatal(err)
	}
	must(t, db, `UPDATE stations SET hours = 'Mo-Fr 08:30-17:30'`)
	await(t, "it is read", func() bool {
		s, _ := router.Station("near")
		next, ok := s.Hours.Next(in2026(t, "09-30 18:00"))
		return ok && next.Equal(in2026(t, "10-08 08:30"))
	})
	s, _ := router.Station("near")
	for from, want := range map[string]string{"02-13 18:00": "02-14 08:30", "02-14 18:00": "02-24 08:30", "09-19 12:00": "09-20 08:30"} {
		if next, ok := s.Hours.Next(in2026(t, from)); !ok || !next.Equal(in2026(t, want)) {
			t.Errorf("from %s it opens %v, %v, want %s", from, next, ok, want)
		}
	}
	if until, ok := s.Hours.Until(in2026(t, "02-14 09:00")); !ok || !until.Equal(in2026(t, "02-14 17:30")) {
		t.Errorf("it closes %v, %v", until, ok)
	}
}

// TestRouterFollowsCalendar: a day off that is announced closes stations at once, and opens them when it is taken back.
func TestRouterFollowsCalendar(t *testing.T) {
	db, router := filled(t)
	listening(t, db, router)
	must(t, db, `UPDATE stations SET hours = 'Mo-Fr 08:30-17:30'`)
	open := func() bool {
		s, _ := router.Station("near")
		return s.Hours.Open(in2026(t, "06-01 09:00")) // a Monday
	}
	must(t, db, `INSERT INTO calendar_days (date, kind) VALUES ('2026-06-01', 'off')`)
	await(t, "the day off is known", func() bool { return !open() })
	must(t, db, `DELETE FROM calendar_days`)
	await(t, "the day off is taken back", open)
}

// TestImportCalendar: a file says all of its years, and nothing of others.
func TestImportCalendar(t *testing.T) {
	t.Parallel()
	db := databasetest.New(t)
	must(t, db, `INSERT INTO calendar_days (date, kind, name) VALUES ('2025-01-01', 'off', '元旦'), ('2026-01-01', 'work', ''), ('2026-05-05', 'off', '')`)
	const file = "date,kind,name\n2026-01-01,off,元旦\n2026/1/4,WORK,元旦\n2026年1月2日,off,\n46025,off,元旦\n"
	counts, err := tryCalendar(t, db, file)
	if want := (routing.Counts{Added: 3, Changed: 1, Removed: 1}); err != nil || counts != want {
		t.Errorf("%+v, %v, want %+v", counts, err, want)
	}
	var days []string
	if err := db.SelectContext(t.Context(), &days, `SELECT date || ' ' || kind || ' ' || name FROM calendar_days ORDER BY date`); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"2025-01-01 off 元旦", "2026-01-01 off 元旦", "2026-01-02 off ", "2026-01-03 off 元旦", "2026-01-04 work 元旦"}, days); diff != "" {
		t.Error(diff)
	}
	if counts, err := tryCalendar(t, db, file); err != nil || counts != (routing.Counts{Unchanged: 4}) {
		t.Errorf("again: %+v, %v", counts, err)
	}
	_, err = tryCalendar(t, db, "date,kind,name\n2026-13-01,off,\n2026-01-05,holiday,\n2026-01-06,off,\n2026-01-06,off,\n1066,off,\n")
	want := []string{`line 2: date "2026-13-01" is not a date`, `line 3: kind "holiday" is neither`, `line 5: date 2026-01-06 stands in line 4`, `line 6: date "1066"`}
	got := problemsOf(t, err)
	if len(got) != len(want) {
		t.Fatalf("problems %q, want %q", got, want)
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("problem %q, want %q", got[i], want[i])
		}
	}
	if n := query[int](t, db, `SELECT count(*) FROM calendar_days`); n != 5 {
		t.Errorf("a bad file leaves %d days, want 5", n)
	}
}
