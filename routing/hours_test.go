package routing

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// clock is a moment of the week of Monday, the 1st of June 2026, in China.
func clock(t testing.TB, text string) time.Time {
	t.Helper()
	name, hour, _ := strings.Cut(text, " ")
	weekday, ok := weekdays[strings.ToLower(name)]
	at, err := time.ParseInLocation("2006-01-02 15:04", "2026-06-01 "+hour, china)
	if err != nil || !ok {
		t.Fatalf("bad clock %q: %v", text, err)
	}
	return at.AddDate(0, 0, (int(weekday)+6)%7)
}

func TestHours(t *testing.T) {
	for _, c := range []struct {
		hours  string
		open   []string
		closed []string
	}{
		{"", []string{"Mo 00:00", "Su 23:59"}, nil},
		{"24/7", []string{"Mo 00:00", "Su 23:59"}, nil},
		{"24/7; PH off", []string{"Mo 00:00", "Su 23:59"}, nil},
		{"24/7; Su off", []string{"Mo 00:00", "Sa 23:59"}, []string{"Su 00:00", "Su 12:00"}},
		{"Mo-Fr 08:30-17:30", []string{"Mo 08:30", "Fr 17:29", "We 12:00"}, []string{"Mo 08:29", "Fr 17:30", "Sa 12:00", "Su 12:00"}},
		{"Mo-Fr 08:30-12:00,14:00-17:30; Sa 09:00-12:00; PH off",
			[]string{"Mo 11:59", "Tu 14:00", "Sa 09:00"}, []string{"Mo 12:00", "Tu 13:59", "Sa 14:00", "Su 10:00"}},
		{"Mo-Fr 08:30-12:00, 14:00-17:30", []string{"Mo 09:00", "Fr 15:00"}, []string{"Mo 13:00", "Sa 09:00"}},
		{"08:00-20:00", []string{"Mo 08:00", "Su 19:59"}, []string{"Mo 07:59", "Su 20:00"}},
		{"mo,we 8:00-12:00", []string{"Mo 08:00", "We 11:00"}, []string{"Tu 08:00"}},
		{"Mo, We 08:00-12:00", []string{"Mo 08:00", "We 11:00"}, []string{"Tu 08:00"}},
		{"Fr-Mo 10:00-11:00", []string{"Fr 10:00", "Sa 10:30", "Su 10:30", "Mo 10:59"}, []string{"Tu 10:30", "Th 10:30"}},
		{"Mo-Su 08:00-18:00; We off", []string{"Tu 12:00", "Th 12:00"}, []string{"We 12:00"}},
		{"Mo-Fr 08:00-18:00; Fr 08:00-12:00", []string{"Th 15:00", "Fr 11:00"}, []string{"Fr 15:00"}},
		{"Mo-Fr 20:00-02:00", []string{"Mo 20:00", "Tu 01:59", "Sa 01:00"}, []string{"Mo 01:00", "Tu 02:00", "Sa 20:30", "Su 01:00"}},
		{"Su 22:00-06:00", []string{"Su 22:00", "Mo 05:59"}, []string{"Su 05:00", "Mo 06:00"}},
		{"Mo 08:00-24:00", []string{"Mo 23:59"}, []string{"Tu 00:00"}},
		{"Mo 08:00-08:00", []string{"Mo 08:00", "Tu 07:59"}, []string{"Mo 07:59", "Tu 08:00"}},
		{"Mo-Fr off", nil, []string{"Mo 12:00", "Su 12:00"}},
		{"PH 10:00-12:00; Mo 08:00-09:00", []string{"Mo 08:30"}, []string{"Mo 10:30", "Tu 08:30"}},
		{" ; Mo 08:00-09:00 ;", []string{"Mo 08:30"}, []string{"Mo 10:30"}},
	} {
		h, err := ParseHours(c.hours)
		if err != nil {
			t.Errorf("%q: %v", c.hours, err)
			continue
		}
		for _, at := range c.open {
			if !h.Open(clock(t, at)) {
				t.Errorf("%q: closed at %s", c.hours, at)
			}
		}
		for _, at := range c.closed {
			if h.Open(clock(t, at)) {
				t.Errorf("%q: open at %s", c.hours, at)
			}
		}
	}
}

func TestParseHoursNamesWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"Mo-Fr":                    `"" is not a time`,
		"Xx 08:00-12:00":           `"xx" is not a day`,
		"Mo-Xx 08:00-12:00":        `"mo-xx" is not a day`,
		"周一至周五 08:00-12:00":        `"周一至周五" is not a day`,
		"Mo 08:00":                 `"08:00" is not a time`,
		"Mo 0800-1200":             `"0800-1200" is not a time`,
		"Mo 08:00-12:00,":          `"" is not a time`,
		"Mo 08:00-24:01":           `"08:00-24:01" is not within`,
		"Mo 08:60-12:00":           `"08:60-12:00" is not within`,
		"Mo 24:00-02:00":           `"24:00-02:00" is not within`,
		"Mo 8:00-12:00 Tu 9:00-10": `"8:00-12:00tu9:00-10" is not a time`,
		"sunrise-sunset":           `is not a day`,
		"Mo off on":                `"offon" is not a time`,
		"Mo 08:00-12:00; nonsense": `"nonsense" is not a day`,
	} {
		_, err := ParseHours(text)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), text) {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
}

func TestHoursNext(t *testing.T) {
	for _, c := range []struct{ hours, from, want string }{
		{"", "Mo 03:00", "Mo 03:00"},
		{"Mo-Fr 08:30-12:00,14:00-17:30", "Mo 09:10", "Mo 09:10"},
		{"Mo-Fr 14:00-17:30,08:30-12:00", "Mo 07:00", "Mo 08:30"},
		{"Mo-Fr 08:30-12:00,14:00-17:30", "Mo 12:00", "Mo 14:00"},
		{"Mo-Fr 08:30-12:00,14:00-17:30", "We 18:00", "Th 08:30"},
		{"Mo 08:30-12:00; We 23:00-03:00", "Mo 12:00", "We 23:00"},
		{"We 23:00-03:00", "Th 02:00", "Th 02:00"},
	} {
		h, err := ParseHours(c.hours)
		if err != nil {
			t.Fatal(err)
		}
		if at, ok := h.Next(clock(t, c.from)); !ok || !at.Equal(clock(t, c.want)) {
			t.Errorf("%q from %s: %v, %v, want %s", c.hours, c.from, at, ok, c.want)
		}
	}
	monday, err := ParseHours("Mo 08:30-12:00")
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{"Mo 12:00", "Fr 09:00"} {
		if at, ok := monday.Next(clock(t, from)); !ok || !at.Equal(clock(t, "Mo 08:30").AddDate(0, 0, 7)) {
			t.Errorf("from %s: %v, %v, want next Monday", from, at, ok)
		}
	}
	never, err := ParseHours("Mo-Su off")
	if err != nil {
		t.Fatal(err)
	}
	if at, ok := never.Next(clock(t, "Mo 12:00")); ok {
		t.Errorf("never open, and yet at %v", at)
	}
}

// FuzzParseHours: whatever is written, hours that are understood have an answer at every moment, and where they
// say that they open next, they are open.
func FuzzParseHours(f *testing.F) {
	for _, text := range []string{"", "24/7", "Mo-Fr 08:30-12:00,14:00-17:30; Sa 09:00-12:00; PH off", "22:00-06:00", "Mo off", "Su-Mo 0:00-24:00"} {
		f.Add(text, int64(1_780_000_000))
	}
	f.Fuzz(func(t *testing.T, text string, seconds int64) {
		h, err := ParseHours(text)
		if err != nil {
			return
		}
		at := time.Unix(seconds%4_000_000_000, 0).In(china)
		until, closes := h.Until(at)
		if closes && (!until.After(at) || !h.Open(at) || h.Open(until) || !h.Open(until.Add(-time.Minute))) {
			t.Errorf("%q is open at %v until %v", text, at, until)
		}
		next, ok := h.Next(at)
		switch {
		case ok && (next.Before(at) || !h.Open(next)):
			t.Errorf("%q is closed at %v, which is the next opening from %v", text, next, at)
		case !ok && h.Open(at):
			t.Errorf("%q is open at %v, and yet never", text, at)
		}
	})
}

// TestHoursDuring counts the open minutes one by one.
func TestHoursDuring(t *testing.T) {
	t.Parallel()
	hours := rapid.SampledFrom([]string{"", "24/7", "Mo-Fr 08:30-17:30", "Mo-Fr 08:30-12:00,14:00-17:30; Sa 09:00-12:00", "Mo-Fr 20:00-02:00",
		"Mo 08:00-08:00; Tu 06:00-10:00", "Mo-Fr off", "Su 22:00-06:00; Mo 04:00-09:00"})
	minutes := rapid.IntRange(0, 20*24*60)
	rapid.Check(t, func(t *rapid.T) {
		h, err := ParseHours(hours.Draw(t, "hours"))
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Date(2026, 6, 1, 0, 0, 0, 0, china)
		from, to := begin.Add(time.Duration(minutes.Draw(t, "from"))*time.Minute), begin.Add(time.Duration(minutes.Draw(t, "to"))*time.Minute)
		var want time.Duration
		for at := from; at.Before(to); at = at.Add(time.Minute) {
			if h.Open(at) {
				want += time.Minute
			}
		}
		if got := h.During(from, to); got != want {
			t.Errorf("from %v to %v it is open for %v, not %v", from, to, want, got)
		}
	})
}
