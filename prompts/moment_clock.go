package prompts

import (
	"regexp"
	"strings"
	"time"
)

const daytimes = `(凌晨|早上|上午|早|中午|下午|傍晚|晚上|晚)?`

var (
	clockDigits  = regexp.MustCompile(daytimes + ` ?\b(\d{1,2}) ?[:.时] ?(\d{2})\b(?: ?([ap])\.?m\b)?`)
	clockChinese = regexp.MustCompile(daytimes + ` ?` + aNumber + ` ?[点时] ?(?:(半|一刻|三刻)|` + aNumber + ` ?分?)?`)
	clockEnglish = regexp.MustCompile(`\b(\d{1,2})(?: ?([ap])\.?m\b| o'?clock\b)`)
	clockBare    = regexp.MustCompile(`\bat (\d{1,2})\b`)
)

// readClock reads a time of day. One of 1 to 6 without any more is in the afternoon: nobody meets at night.
func readClock(text string) (time.Duration, bool) {
	if m := clockDigits.FindStringSubmatch(text); m != nil {
		exact := m[2][0] == '0' && len(m[2]) == 2
		return clockAt(number(m[2]), number(m[3]), m[1]+m[4], exact)
	}
	if m := clockChinese.FindStringSubmatch(text); m != nil {
		minute := map[string]int{"半": 30, "一刻": 15, "三刻": 45}[m[3]] + number(m[4])
		return clockAt(number(m[2]), minute, m[1], number(m[2]) == 0)
	}
	if m := clockEnglish.FindStringSubmatch(text); m != nil {
		return clockAt(number(m[1]), 0, m[2]+daytimeIn(text), false)
	}
	if m := clockBare.FindStringSubmatch(text); m != nil {
		return clockAt(number(m[1]), 0, daytimeIn(text), false)
	}
	return 0, false
}

// daytimeIn is the part of the day that English words name beside an hour.
func daytimeIn(text string) string {
	switch {
	case strings.Contains(text, "morning"):
		return "a"
	case strings.Contains(text, "afternoon"), strings.Contains(text, "evening"), strings.Contains(text, "tonight"):
		return "p"
	}
	return ""
}

// clockAt is an hour and minute in a part of the day, or false where there is no such time. exact is an hour of 24.
func clockAt(hour, minute int, daytime string, exact bool) (time.Duration, bool) {
	if hour > 23 || minute > 59 {
		return 0, false
	}
	switch daytime {
	case "p", "下午", "傍晚", "晚上", "晚", "中午":
		if hour < 12 && (daytime != "中午" || hour < 3) {
			hour += 12
		} else if hour == 12 && strings.HasPrefix(daytime, "晚") {
			hour = 24
		}
	case "":
		if hour > 0 && hour < 7 && !exact {
			hour += 12
		}
	default: // the morning
		if hour == 12 && daytime != "上午" {
			hour = 0
		}
	}
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute, true
}

// readDaytime reads a part of the day that stands for a time of it.
func readDaytime(text string) (time.Duration, bool) {
	for _, part := range []struct {
		words string
		hour  time.Duration
	}{
		{"noon midday 中午", 12}, {"afternoon 下午", 15}, {"morning 早上 上午", workdayBegins}, {"evening tonight 晚上 傍晚", 19},
	} {
		for word := range strings.FieldsSeq(part.words) {
			if strings.Contains(text, word) && (word != "noon" || !strings.Contains(text, "afternoon")) {
				return part.hour * time.Hour, true
			}
		}
	}
	return 0, false
}
