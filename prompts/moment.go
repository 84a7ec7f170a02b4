package prompts

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// momentHorizon is how far ahead a date can be named.
	momentHorizon = 366 * 24 * time.Hour
	// longestMoment is how many letters may name a moment; who writes more says something else.
	longestMoment = 60
	// workdayBegins is the hour of a day that is named without one.
	workdayBegins = 9
)

// A Moment is what words may mean by a point in time.
type Moment struct {
	At    time.Time
	Clock bool // a time of day was named, too
}

// Moments are the points in time to come that words may mean, the likeliest first, as seen from now and in its time zone: none
// where they name none. English, Mandarin and Cantonese are read alike; dayFirst reads 3/12 as 3 December at first.
func Moments(text string, now time.Time, dayFirst bool) []Moment {
	text = foldMoment(text)
	if len([]rune(text)) > longestMoment {
		return nil
	}
	if after, ok := readSpan(text); ok {
		return upcoming([]Moment{{now.Add(after).Truncate(time.Minute), true}}, now)
	}
	days, rest := readDays(text, now, dayFirst)
	clock, timed := readClock(rest)
	if !timed {
		clock, timed = readDaytime(text)
	}
	var found []Moment
	switch {
	case len(days) == 0 && !timed:
		return nil
	case len(days) == 0:
		days = []day{{in: 0}, {in: 1}}
		found = at(days, clock, true, now)
		return found[:min(1, len(found))]
	case !timed:
		clock = workdayBegins * time.Hour
	}
	return at(days, clock, timed, now)
}

// day is one that words may mean: so many days from today, or a date.
type day struct {
	in   int
	date time.Time
}

// at are the moments at a time of day on days, those to come.
func at(days []day, clock time.Duration, timed bool, now time.Time) []Moment {
	var found []Moment
	for _, d := range days {
		year, month, date := now.AddDate(0, 0, d.in).Date()
		if !d.date.IsZero() {
			year, month, date = d.date.Date()
		}
		found = append(found, Moment{time.Date(year, month, date, 0, int(clock.Minutes()), 0, 0, now.Location()), timed})
	}
	return upcoming(found, now)
}

// upcoming drops what is over, too far ahead, or said before.
func upcoming(all []Moment, now time.Time) (found []Moment) {
	for _, m := range all {
		known := slices.ContainsFunc(found, func(f Moment) bool { return f.At.Equal(m.At) })
		if m.At.After(now) && m.At.Before(now.Add(momentHorizon)) && !known {
			found = append(found, m)
		}
	}
	return found
}

// foldMoment makes the ways to write a moment one: half-width, lower case, simplified, Mandarin.
func foldMoment(text string) string {
	text = strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, strings.ToLower(strings.ToValidUTF8(text, "")))
	text = strings.NewReplacer("後", "后", "點", "点", "號", "号", "禮", "礼", "週", "周", "兩", "两", "個", "个", "鐘", "钟", "間", "间", "這", "这", "時", "时",
		"　", " ", "。", " ", "，", " ", ",", " ").Replace(text)
	return strings.Join(strings.Fields(strings.NewReplacer("听日", "明天", "聽日", "明天", "明日", "明天", "后日", "后天", "今日", "今天", "今晚", "今天晚上",
		"明晚", "明天晚上", "明早", "明天早上", "听朝", "明天早上", "聽朝", "明天早上", "朝早", "早上", "上晝", "上午", "上昼", "上午", "下晝", "下午", "下昼", "下午",
		"夜晚", "晚上", "晏昼", "下午", "晏晝", "下午", "个钟头", "小时", "个小时", "小时", "个钟", "小时").Replace(text)), " ")
}

// A number in digits or Chinese numerals, up to 99.
const aNumber = `(\d{1,2}|[一二两三四五六七八九十]{1,3})`

var (
	spanEnglish = regexp.MustCompile(`\bin (\d{1,3}|an?|one|two|three|four|five|six) (minute|hour)s?\b`)
	spanChinese = regexp.MustCompile(`(\d{1,3}|半|[一二两三四五六七八九十]{1,3}) ?(分钟|小时) ?(?:之|以)?后`)
)

// readSpan reads how long from now: "in 2 hours", 两小时后.
func readSpan(text string) (time.Duration, bool) {
	unit := map[string]time.Duration{"minute": time.Minute, "分钟": time.Minute, "hour": time.Hour, "小时": time.Hour}
	for _, span := range []*regexp.Regexp{spanEnglish, spanChinese} {
		m := span.FindStringSubmatch(text)
		switch {
		case m == nil:
		case m[1] == "半" && m[2] == "小时":
			return time.Hour / 2, true
		case number(m[1]) > 0:
			return time.Duration(number(m[1])) * unit[m[2]], true
		}
	}
	return 0, false
}

// number is one in digits, Chinese numerals or English words; 0 for what is none.
func number(text string) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	if n := slices.Index([]string{"", "one", "two", "three", "four", "five", "six"}, text); n > 0 {
		return n
	}
	if text == "a" || text == "an" {
		return 1
	}
	tens, ones, ten := strings.Cut(text, "十")
	if !ten {
		return digit(text)
	}
	n := 10
	if tens != "" {
		n = 10 * digit(tens)
	}
	if ones != "" && digit(ones) == 0 || n == 0 {
		return 0
	}
	return n + digit(ones)
}

// digit is a Chinese one, or 0.
func digit(text string) int {
	if text == "两" {
		return 2
	}
	for i, r := range []rune("一二三四五六七八九") {
		if text == string(r) {
			return i + 1
		}
	}
	return 0
}
