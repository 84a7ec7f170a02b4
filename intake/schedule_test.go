package intake

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"onedoor/prompts"
)

// asked is when the requests of these tests are: a Monday, seven minutes to four in the afternoon.
var asked = time.Date(2026, 6, 1, 15, 53, 0, 0, china)

// TestSchedule is the clock's whole plan where it is never late.
func TestSchedule(t *testing.T) {
	hours := func(h float64) time.Duration { return time.Duration(h * float64(time.Hour)) }
	morning := func(day int) time.Duration { return time.Date(2026, 6, day, 9, 0, 0, 0, china).Sub(asked) }
	minutes := func(m int) time.Duration { return time.Duration(m) * time.Minute }
	type step struct {
		after time.Duration
		level int
	}
	for name, test := range map[string]struct {
		clock
		want []step
	}{
		"unclaimed": {clock{within: hours(24)}, []step{{hours(12), 1}, {hours(24), 2}, {hours(48), 3}, {morning(4), 3}, {morning(5), 3}}},
		"urgent":    {clock{within: hours(2)}, []step{{hours(1), 1}, {hours(2), 2}, {hours(4), 3}, {morning(2), 3}, {morning(3), 3}}},
		"emergency": {clock{within: minutes(5), every: minutes(2)}, []step{{minutes(2), 0}, {minutes(4), 1}, {minutes(6), 2}, {minutes(8), 2},
			{minutes(10), 3}, {minutes(12), 3}, {minutes(14), 3}}},
		"unresolved": {clock{within: hours(72), daily: true}, []step{{hours(36), 1}, {hours(72), 2}, {morning(5), 2}, {morning(6), 2},
			{morning(7), 2}, {hours(144), 3}, {morning(8), 3}, {morning(9), 3}}},
	} {
		t.Run(name, func(t *testing.T) {
			c := test.clock
			c.due, c.zone = asked.Add(c.within), china
			last := asked
			for i, want := range test.want {
				last = c.next(last)
				if c.level = c.step(last); last.Sub(asked) != want.after || c.level != want.level {
					t.Errorf("step %d is to level %d after %v, want level %d after %v", i+1, c.level, last.Sub(asked), want.level, want.after)
				}
			}
		})
	}
}

// TestScheduleProperties: however late each step is taken, there is always a next one, no level is left out or reached
// before its moment, the steps are no flood, and in the end the last level is reached and repeated in the morning.
func TestScheduleProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := clock{zone: china}
		c.within = rapid.SampledFrom([]time.Duration{5 * time.Minute, 2 * time.Hour, 24 * time.Hour, 72 * time.Hour, 360 * time.Hour}).Draw(t, "within")
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			c.every = alarmEvery // what alarms has minutes
			c.within = rapid.SampledFrom([]time.Duration{5 * time.Minute, 30 * time.Minute}).Draw(t, "within minutes")
		case 1:
			c.daily = true
		}
		c.due = asked.Add(c.within)
		last := asked.Add(time.Duration(rapid.Int64Range(0, int64(3*c.within)).Draw(t, "begun late")))
		for range 40 {
			at := c.next(last)
			if pause := at.Sub(last); pause < min(c.within/pauseShare, maxPause) && c.every == 0 || pause <= 0 {
				t.Fatalf("the next step comes %v after the one before", pause)
			}
			late := rapid.SampledFrom([]time.Duration{0, 0, time.Second, time.Hour, 30 * time.Hour, 2000 * time.Hour}).Draw(t, "late")
			now := at.Add(late)
			level := c.step(now)
			switch {
			case level != c.level && level != c.level+1:
				t.Fatalf("from level %d to %d", c.level, level)
			case level > c.level && c.moment(level).After(now):
				t.Fatalf("level %d is reached before its moment", level)
			case level == c.level && c.every == 0 && level != levelDouble && (!c.daily || level != levelWhole):
				t.Fatalf("level %d is reached twice", level)
			case level == c.level && c.every == 0 && at.In(china).Hour() != morning:
				t.Fatalf("it is repeated at %v", at)
			}
			c.level, last = level, now
		}
		if c.level != levelDouble {
			t.Fatalf("after 40 steps it is at level %d", c.level)
		}
	})
}

// TestAnswerTime: whoever claims late has a share of the time, and nobody less than until the answer is due.
func TestAnswerTime(t *testing.T) {
	standard := prompts.Standard{Claim: 2 * time.Hour, Answer: 4 * time.Hour, Resolve: 72 * time.Hour}
	due := asked.Add(standard.Answer)
	for urgency, cases := range map[prompts.Urgency]map[time.Duration]time.Duration{
		prompts.Urgent:    {0: 4 * time.Hour, 3 * time.Hour: 4 * time.Hour, 4 * time.Hour: 270 * time.Minute, 10 * time.Hour: 630 * time.Minute},
		prompts.Emergency: {0: 4 * time.Hour, 3 * time.Hour: 5 * time.Hour, 10 * time.Hour: 12 * time.Hour},
	} {
		for claimed, want := range cases {
			got := answerTime(&Request{Urgency: urgency, AnswerDue: &due}, standard, asked.Add(claimed)).Sub(asked)
			if got != want {
				t.Errorf("%s, claimed after %v: until %v, want %v", urgency, claimed, got, want)
			}
		}
	}
}
