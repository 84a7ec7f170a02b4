package prompts

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// dayRule is a way to name a day. read is given what the pattern has found and is nil for what is no day.
type dayRule struct {
	pattern *regexp.Regexp
	read    func(found []string, now time.Time, dayFirst bool) []day
}

const (
	months   = `(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*`
	weekdays = `(mon|tues?|wednes|wed|thurs?|fri|satur|sat|sun)(?:day)?`
)

// dayRules are tried in order; the first that reads a day is the one that is meant.
var dayRules = []dayRule{
	{regexp.MustCompile(`\b(\d{4}) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2}) ?[日号]?`), fullDate},
	{regexp.MustCompile(aNumber + ` ?月 ?` + aNumber + ` ?[日号]?`), func(f []string, now time.Time, _ bool) []day {
		return dates(now, number(f[1]), number(f[2]))
	}},
	{regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th)? (?:of )?` + months + `\b`), func(f []string, now time.Time, _ bool) []day {
		return dates(now, month(f[2]), number(f[1]))
	}},
	{regexp.MustCompile(`\b` + months + `\.? (\d{1,2})(?:st|nd|rd|th)?\b`), func(f []string, now time.Time, _ bool) []day {
		return dates(now, month(f[1]), number(f[2]))
	}},
	{regexp.MustCompile(`\b(\d{1,2}) ?/ ?(\d{1,2})\b`), slashed},
	{regexp.MustCompile(`\bday after tomorrow\b|大?后天`), func(f []string, _ time.Time, _ bool) []day {
		if f[0] == "大后天" {
			return []day{{in: 3}}
		}
		return []day{{in: 2}}
	}},
	{regexp.MustCompile(`\btomorrow\b|明天`), in(1)},
	{regexp.MustCompile(`\b(?:today|tonight)\b|今天`), in(0)},
	{regexp.MustCompile(`\bin (\d{1,3}|an?|one|two|three|four|five|six) (day|week|month)s?\b`), daysLater},
	{regexp.MustCompile(`(\d{1,3}|[一二两三四五六七八九十]{1,3}) ?(天|日|个?星期|个?礼拜|周|个月) ?(?:之|以)?后`), daysLater},
	{regexp.MustCompile(`(?:\b(next|this|on) )?\b` + weekdays + `\b`), englishWeekday},
	{regexp.MustCompile(`(下下个?|下个?|这个?|本|今个?)?(?:周|星期|礼拜)([一二三四五六日天])`), chineseWeekday},
	{regexp.MustCompile(`\bnext week\b|下个?(?:周|星期|礼拜)`), in(7)},
	{regexp.MustCompile(aNumber + ` ?[号日]`), dayOfMonth},
}

// readDays reads the day that a text names, and returns the text without it.
func readDays(text string, now time.Time, dayFirst bool) ([]day, string) {
	for _, rule := range dayRules {
		where := rule.pattern.FindStringIndex(text)
		if where == nil {
			continue
		}
		if days := rule.read(rule.pattern.FindStringSubmatch(text), now, dayFirst); len(days) > 0 {
			return days, text[:where[0]] + " " + text[where[1]:]
		}
	}
	return nil, text
}

func in(days int) func([]string, time.Time, bool) []day {
	return func([]string, time.Time, bool) []day { return []day{{in: days}} }
}

// daysLater reads how many days, weeks or months from today.
func daysLater(found []string, now time.Time, _ bool) []day {
	n := number(found[1])
	switch unit := strings.TrimPrefix(found[2], "个"); {
	case n == 0:
		return nil
	case unit == "week" || unit == "周" || unit == "星期" || unit == "礼拜":
		return []day{{in: 7 * n}}
	case unit == "month" || unit == "月":
		return []day{{date: now.AddDate(0, n, 0)}}
	}
	return []day{{in: n}}
}

func fullDate(found []string, now time.Time, _ bool) []day {
	year, _ := strconv.Atoi(found[1])
	return valid(now, year, number(found[2]), number(found[3]))
}

// dates is a day of a month, this year or else the next.
func dates(now time.Time, month, date int) []day {
	days := valid(now, now.Year(), month, date)
	if len(days) == 0 || days[0].date.Before(midnight(now)) {
		days = valid(now, now.Year()+1, month, date)
	}
	return days
}

// valid is a date where there is such a one.
func valid(now time.Time, year, month, date int) []day {
	d := time.Date(year, time.Month(month), date, 0, 0, 0, 0, now.Location())
	if date < 1 || month < 1 || month > 12 || d.Day() != date {
		return nil
	}
	return []day{{date: d}}
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// slashed is 3/12, which means a different day to different people: both are found where there are both.
func slashed(found []string, now time.Time, dayFirst bool) []day {
	a, b := number(found[1]), number(found[2])
	if dayFirst {
		a, b = b, a
	}
	return append(dates(now, a, b), dates(now, b, a)...)
}

func month(name string) int {
	return 1 + slices.Index([]string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}, name)
}

// weekday counts from Monday, which is 0.
func weekday(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }

// englishWeekday reads "Friday", "this Friday" and "next Friday", which may be the one of this week, too.
func englishWeekday(found []string, now time.Time, _ bool) []day {
	want := slices.Index([]string{"mo", "tu", "we", "th", "fr", "sa", "su"}, found[2][:2])
	switch found[1] {
	case "this":
		return []day{{in: want - weekday(now)}}
	case "next":
		return []day{{in: 7 + want - weekday(now)}, {in: coming(want, now)}}
	}
	return bareWeekday(want, now)
}

// chineseWeekday reads 周五, 这周五, 下周五 and 下下周五.
func chineseWeekday(found []string, now time.Time, _ bool) []day {
	want := slices.Index([]string{"一", "二", "三", "四", "五", "六", "日", "天"}, found[2])
	if want == 7 {
		want = 6
	}
	switch strings.TrimSuffix(found[1], "个") {
	case "":
		return bareWeekday(want, now)
	case "下":
		return []day{{in: 7 + want - weekday(now)}}
	case "下下":
		return []day{{in: 14 + want - weekday(now)}}
	}
	return []day{{in: want - weekday(now)}}
}

// coming is in how many days it is that weekday, 1 to 7.
func coming(want int, now time.Time) int {
	return (want-weekday(now)+6)%7 + 1
}

// bareWeekday is the next day of that name: today, too, where the time of day is still to come.
func bareWeekday(want int, now time.Time) []day {
	if n := coming(want, now); n < 7 {
		return []day{{in: n}}
	}
	return []day{{in: 7}, {in: 0}}
}

// dayOfMonth is a day of this month, or of the next that has it.
func dayOfMonth(found []string, now time.Time, _ bool) []day {
	date := number(found[1])
	for ahead := range 3 {
		first := time.Date(now.Year(), now.Month()+time.Month(ahead), 1, 0, 0, 0, 0, now.Location())
		days := valid(now, first.Year(), int(first.Month()), date)
		if len(days) > 0 && !days[0].date.Before(midnight(now)) {
			return days
		}
	}
	return nil
}
