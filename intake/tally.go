package intake

import (
	"encoding/binary"
	"time"
)

// A counted is a cycle as figures count it. Times are seconds from its beginning, nil where a clock hasn't stopped.
type counted struct {
	key
	Day      string // on which it began, where its station is
	Claim    stretch
	Answer   stretch
	Resolve  stretch
	Over     *float64
	OverOpen *float64
	Outcome  *string
	Score    *int
	undone   bool // it is to be subtracted
}

// A key is what a cycle's figures can be parted by, beside its day.
type key struct {
	Station, WorkerStation, Category, Urgency, Setting string
}

// A stretch is one clock of a cycle.
type stretch struct {
	Took   *float64
	Within float64  // the service standard
	Open   *float64 // of its station's opening hours
}

// A tally is what adds up to figures.
type tally struct {
	requests               int
	needed, solved         int // of those that had a need, and of them
	rated, satisfied       int
	handled                int // with a first answer after a claim
	handling, limit        int // milliseconds of opening hours that they took in all; and those that there were to claim
	claim, answer, resolve clockTally
}

// clockTally is one clock's part of a tally.
type clockTally struct {
	stopped, running, overdue int
	due, within               int // that count for times and shares, and those of them within the service standard
	real, open                times
	waited                    histogram // those of real that no clock has stopped
}

// add counts a cycle. Of one that isn't over, lasts are the seconds until now, and open gives those of opening hours.
func (t *tally) add(c *counted, lasts float64, open func() float64) {
	t.requests++
	if c.Outcome != nil {
		switch *c.Outcome {
		case "withdrawn", "duplicate", "false_alarm":
		case "solved", "partly", "referred":
			t.solved++
			t.needed++
		default:
			t.needed++
		}
	}
	if c.Score != nil {
		t.rated++
		t.satisfied += one(*c.Score >= 4)
	}
	if c.Claim.Open != nil && c.Answer.Open != nil {
		t.handled++
		t.handling += millis(*c.Answer.Open) - millis(*c.Claim.Open)
	}
	t.limit += millis(c.Claim.Within)
	if c.Over != nil {
		lasts = *c.Over
		open = func() float64 { return *c.OverOpen }
	}
	t.claim.add(c.Claim, c.Over != nil, lasts, open)
	t.answer.add(c.Answer, c.Over != nil, lasts, open)
	t.resolve.add(c.Resolve, c.Over != nil, lasts, open)
}

func (t *clockTally) add(s stretch, over bool, lasts float64, open func() float64) {
	if s.Took != nil {
		t.stopped++
		t.due++
		t.within += one(*s.Took <= s.Within)
		t.real.add(*s.Took)
		t.open.add(*s.Open)
		return
	}
	late := lasts > s.Within
	t.running += one(!over)
	t.overdue += one(!over && late)
	if late {
		t.due++
		t.real.add(lasts)
		t.open.add(open())
		t.waited.add(bucketOf(lasts), 1)
	}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

func millis(seconds float64) int { return int(seconds*1000 + 0.5) }

// counts are the numbers of a tally that add up.
func (t *tally) counts() []*int {
	all := []*int{&t.requests, &t.needed, &t.solved, &t.rated, &t.satisfied, &t.handled, &t.handling, &t.limit}
	for _, c := range t.clocks() {
		all = append(all, &c.stopped, &c.due, &c.within)
	}
	return all
}

func (t *tally) clocks() [3]*clockTally { return [3]*clockTally{&t.claim, &t.answer, &t.resolve} }

// merge adds what another tally counts.
func (t *tally) merge(o *tally) {
	mine, others := t.counts(), o.counts()
	for i := range mine {
		*mine[i] += *others[i]
	}
	theirs := o.clocks()
	for i, c := range t.clocks() {
		c.running += theirs[i].running
		c.overdue += theirs[i].overdue
		c.real.merge(&theirs[i].real)
		c.open.merge(&theirs[i].open)
		c.waited.merge(&theirs[i].waited)
	}
}

// subtract takes out a cycle that is over and was counted.
func (t *tally) subtract(c *counted) {
	var one tally
	one.add(c, 0, nil)
	one.negate()
	t.merge(&one)
}

// empty makes a tally count nothing, and keeps its memory.
func (t *tally) empty() {
	for _, n := range t.counts() {
		*n = 0
	}
	for _, c := range t.clocks() {
		c.running, c.overdue = 0, 0
		for _, h := range c.histograms() {
			h.counts, h.n = h.counts[:0], 0
		}
	}
}

// negate makes of a tally what subtracts it from another.
func (t *tally) negate() {
	for _, n := range t.counts() {
		*n = -*n
	}
	for _, c := range t.clocks() {
		for _, h := range c.histograms() {
			h.n = -h.n
			for i := range h.counts {
				h.counts[i] = -h.counts[i]
			}
		}
	}
}

// histograms are all times of a clock: none is kept as it is any more.
func (t *clockTally) histograms() [3]*histogram {
	t.real.spill()
	t.open.spill()
	return [3]*histogram{&t.real.histogram, &t.open.histogram, &t.waited}
}

// spread is how many of the times of clocks that have stopped are in each class, by their bounds in order, and how many are longer.
func (t *clockTally) spread(bounds []time.Duration) (classes []Class) {
	all, before := t.histograms()[0], 0
	for _, bound := range bounds {
		n := all.upTo(bound) - t.waited.upTo(bound)
		classes = append(classes, Class{bound, n - before})
		before = n
	}
	return append(classes, Class{Count: t.stopped - before})
}

// appendTo writes a tally of cycles that are over.
func (t *tally) appendTo(to []byte) []byte {
	for _, n := range t.counts() {
		to = binary.AppendVarint(to, int64(*n))
	}
	for _, c := range t.clocks() {
		for _, h := range c.histograms() {
			to = h.appendTo(to)
		}
	}
	return to
}

// addFrom adds a tally that was written; to none it is only read over.
func (t *tally) addFrom(from []byte) (rest []byte, err error) {
	counts, clocks := make([]*int, countsOfTally), [3]*clockTally{}
	if t != nil {
		counts, clocks = t.counts(), t.clocks()
	}
	for _, n := range counts {
		value, size := binary.Varint(from)
		if size <= 0 {
			return nil, errFigures
		}
		if from = from[size:]; n != nil {
			*n += int(value)
		}
	}
	for _, c := range clocks {
		histograms := [3]*histogram{}
		if c != nil {
			histograms = [3]*histogram{&c.real.histogram, &c.open.histogram, &c.waited}
		}
		for _, h := range histograms {
			if from, err = h.addFrom(from); err != nil {
				return nil, err
			}
		}
	}
	return from, nil
}

// countsOfTally is how many numbers counts gives.
const countsOfTally = 8 + 3*3

// figures are what a tally says.
func (t *tally) figures(group string) Figures {
	f := Figures{Group: group, Requests: t.requests, Rated: t.rated, Claim: t.claim.clock(), Answer: t.answer.clock(), Resolve: t.resolve.clock(),
		Answered: share(t.answer.stopped, t.answer.due), Solved: share(t.solved, t.needed), Satisfied: share(t.satisfied, t.rated), SolvedCount: t.solved, SatisfiedCount: t.satisfied}
	return f
}

func (t *clockTally) clock() Clock {
	return Clock{Stopped: t.stopped, Running: t.running, Overdue: t.overdue, Due: t.due, InTime: t.within,
		Median: t.real.percentile(0.5), P90: t.real.percentile(0.9), Within: share(t.within, t.due),
		OpenMedian: t.open.percentile(0.5), OpenP90: t.open.percentile(0.9)}
}

// share is a part of all; nil where there is none.
func share(part, all int) *float64 {
	if all == 0 {
		return nil
	}
	s := float64(part) / float64(all)
	return &s
}
