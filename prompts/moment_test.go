package prompts

import (
	"slices"
	"testing"
	"time"
)

// TestMoments reads what people write for a date, on a Wednesday afternoon.
func TestMoments(t *testing.T) {
	zone := time.FixedZone("CST", 8*60*60)
	now := time.Date(2026, 11, 25, 14, 20, 0, 0, zone) // a Wednesday
	for text, want := range map[string][]string{
		"tomorrow":                {"11-26 09:00?"},
		"tomorrow 10:00":          {"11-26 10:00"},
		"Tomorrow at 3":           {"11-26 15:00"},
		"tomorrow at 7":           {"11-26 07:00"},
		"tomorrow morning at 6":   {"11-26 06:00"},
		"tomorrow 3 p.m.":         {"11-26 15:00"},
		"10am tomorrow":           {"11-26 10:00"},
		"tomorrow 03:30":          {"11-26 03:30"},
		"tomorrow 3:30":           {"11-26 15:30"},
		"tomorrow 12am":           {"11-26 00:00"},
		"tomorrow noon":           {"11-26 12:00"},
		"tomorrow afternoon":      {"11-26 15:00"},
		"the day after tomorrow":  {"11-27 09:00?"},
		"today 16:00":             {"11-25 16:00"},
		"tonight":                 {"11-25 19:00"},
		"16:00":                   {"11-25 16:00"},
		"10:00":                   {"11-26 10:00"},
		"at 9":                    {"11-26 09:00"},
		"in 3 days":               {"11-28 09:00?"},
		"in a week":               {"12-02 09:00?"},
		"in 2 hours":              {"11-25 16:20"},
		"in two weeks at 10":      {"12-09 10:00"},
		"next week":               {"12-02 09:00?"},
		"Monday":                  {"11-30 09:00?"},
		"next Monday":             {"11-30 09:00?"},
		"next friday 10:00":       {"12-04 10:00", "11-27 10:00"},
		"this Friday":             {"11-27 09:00?"},
		"Wednesday 16:00":         {"12-02 16:00", "11-25 16:00"},
		"Wednesday":               {"12-02 09:00?"},
		"on Thursday at 2":        {"11-26 14:00"},
		"3/12":                    {"12-03 09:00?", "2027-03-12 09:00?"},
		"3/12 15:00":              {"12-03 15:00", "2027-03-12 15:00"},
		"25/12":                   {"12-25 09:00?"},
		"12/25":                   {"12-25 09:00?"},
		"3 December":              {"12-03 09:00?"},
		"Dec 3rd, 10:30":          {"12-03 10:30"},
		"1st of January":          {"2027-01-01 09:00?"},
		"2026-12-03 10:00":        {"12-03 10:00"},
		"明天":                      {"11-26 09:00?"},
		"明天上午十点":                  {"11-26 10:00"},
		"明天下午3点半":                 {"11-26 15:30"},
		"明早8点":                    {"11-26 08:00"},
		"后天下午三点":                  {"11-27 15:00"},
		"後日下晝三點":                  {"11-27 15:00"},
		"聽日朝早九點半":                 {"11-26 09:30"},
		"大后天":                     {"11-28 09:00?"},
		"今晚七点":                    {"11-25 19:00"},
		"12月3日":                   {"12-03 09:00?"},
		"12月3号下午2点一刻":             {"12-03 14:15"},
		"十二月三日 上午十点二十分":           {"12-03 10:20"},
		"2026年12月3日":              {"12-03 09:00?"},
		"3号":                      {"12-03 09:00?"},
		"30号上午":                   {"11-30 09:00"},
		"下周一":                     {"11-30 09:00?"},
		"下星期五上午9点":                {"12-04 09:00"},
		"下個禮拜三":                   {"12-02 09:00?"},
		"周五":                      {"11-27 09:00?"},
		"星期日下午":                   {"11-29 15:00"},
		"三天后":                     {"11-28 09:00?"},
		"两周后":                     {"12-09 09:00?"},
		"一個星期後":                   {"12-02 09:00?"},
		"半小时后":                    {"11-25 14:50"},
		"两个钟头后":                   {"11-25 16:20"},
		"１２月３日１０：００":              {"12-03 10:00"},
		"中午12点":                   {"11-26 12:00"},
		"":                        nil,
		"hello":                   nil,
		"soon":                    nil,
		"30/2":                    nil,
		"31 February":             nil,
		"yesterday":               nil,
		"2020-01-01":              nil,
		"today 9:00":              nil,
		"25:00":                   nil,
		"call me 13812345678":     nil,
		"a month of Sundays over": nil,
	} {
		var got []string
		for _, m := range Moments(text, now, true) {
			layout := "01-02 15:04"
			if m.At.Year() != 2026 {
				layout = "2006-" + layout
			}
			said := m.At.Format(layout)
			if !m.Clock {
				said += "?"
			}
			got = append(got, said)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	if got := Moments("3/12", now, false); len(got) != 2 || got[0].At.Month() != time.March {
		t.Errorf("3/12 with the month first is %v", got)
	}
}

// FuzzMoments: whatever is written, a moment is to come, within a year, on the minute, and each is said once.
func FuzzMoments(f *testing.F) {
	for _, text := range []string{"tomorrow 10:00", "3/12", "12月3日", "后天下午三点", "next Monday", "下下周日晚上12点", "十十月十", "in 999 days", "29/2", "00:00", "in 99 months"} {
		f.Add(text, int64(1_800_000_000), true)
	}
	zone := time.FixedZone("CST", 8*60*60)
	f.Fuzz(func(t *testing.T, text string, at int64, dayFirst bool) {
		now := time.Unix(at%4_000_000_000, 0).In(zone)
		seen := map[int64]bool{}
		for _, m := range Moments(text, now, dayFirst) {
			if !m.At.After(now) || m.At.After(now.Add(momentHorizon)) || m.At.Second() != 0 || seen[m.At.Unix()] || m.At.Location() != zone {
				t.Errorf("%q is %v as seen from %v", text, m.At, now)
			}
			seen[m.At.Unix()] = true
		}
	})
}
