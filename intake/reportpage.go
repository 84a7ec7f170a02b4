package intake

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// ReportPage is ReportAll for some of the groups only, with the figures of all together: pick says which, of the names of all that may
// have requests, in their order. Of those that have none after all there are no figures.
func (s *Service) ReportPage(ctx context.Context, scope Scope, by string, pick func(names []string) []string) (groups []Figures, all *Figures, err error) {
	err = s.tally(ctx, scope, by, func(t *tallying) error {
		periods, err := t.periods(ctx)
		if err != nil {
			return err
		}
		t.total = new(tally)
		if err := t.addCycles(ctx, periods); err != nil {
			return err
		}
		names, err := t.names(ctx, periods)
		if err != nil {
			return err
		}
		whole := *t
		if picked := pick(names); len(picked) < len(names) {
			whole.by, whole.groups = "all", map[string]*tally{"all": t.total}
			if err := whole.addKept(ctx, whole.spansOf(periods)); err != nil {
				return err
			}
			periods = t.narrow(picked, periods)
		}
		if err := t.addKept(ctx, periods); err != nil {
			return err
		}
		groups, _ = figuresOf(t.groups)
		_, all = figuresOf(whole.groups)
		return nil
	})
	return groups, all, err
}

// spansOf are the longest periods that last from the first of some to the last.
func (t *tallying) spansOf(periods []period) []period {
	if len(periods) == 0 {
		return nil
	}
	return spans(periods[0].starts, periods[len(periods)-1].end(), grains(t.cube()))
}

// names are what the groups are called that may have requests of the scope, sorted: those that have been counted, and those of which
// figures are kept.
func (t *tallying) names(ctx context.Context, periods []period) ([]string, error) {
	column := t.by
	switch t.by {
	case "all", "urgency", "setting": // of which there are few
		all := map[string][]string{"all": {"all"}, "urgency": urgencies(), "setting": Settings()}
		return slices.Sorted(slices.Values(all[t.by])), nil
	case "county":
		column = "station"
	case "day", "week", "month":
		column = "starts"
	}
	names := map[string]bool{}
	for name := range t.groups {
		names[name] = true
	}
	if len(periods) > 0 {
		w := t.kept(periods)
		var keys []string
		if err := t.tx.SelectContext(ctx, &keys, `SELECT DISTINCT CAST(c.`+column+` AS text) FROM figures_kept c WHERE `+w.text(), w.args...); err != nil {
			return nil, wrap(err, "read of what figures are kept")
		}
		for _, k := range keys {
			names[t.name(key{Station: k, WorkerStation: k, Category: k}, k)] = true
		}
	}
	return slices.Sorted(maps.Keys(names)), nil
}

// narrow leaves only some groups to be summed up, and returns those of the periods that have any of them.
func (t *tallying) narrow(names []string, periods []period) []period {
	t.only = map[string]bool{}
	for _, name := range names {
		t.only[name] = true
	}
	maps.DeleteFunc(t.groups, func(name string, _ *tally) bool { return !t.only[name] })
	switch t.by {
	case "day", "week", "month":
		return slices.DeleteFunc(periods, func(p period) bool { return !t.only[t.name(key{}, p.starts.Format(time.DateOnly))] })
	case "station":
		t.scope.Stations = nil
		for _, name := range names {
			t.scope.Stations = append(t.scope.Stations, cmp.Or(name, None))
		}
	case "worker_station":
		t.scope.workers = names
	}
	return periods
}

// around are the moments between which a day, week or month is, wherever in the world.
func around(by, name string) (from, to time.Time) {
	first, last := DaysOf(by, name)
	from, _ = time.ParseInLocation(time.DateOnly, first, China)
	to, _ = time.ParseInLocation(time.DateOnly, last, China)
	return from.AddDate(0, 0, -1), to.AddDate(0, 0, 2)
}

// aroundAll are the moments between which all of several are, which are sorted.
func aroundAll(by string, names []string) (from, to time.Time) {
	from, _ = around(by, names[0])
	_, to = around(by, names[len(names)-1])
	return from, to
}

// DaysOf are the first and the last day of a day, week or month as a report calls it.
func DaysOf(by, name string) (first, last string) {
	switch by {
	case "month":
		begins, err := time.Parse("2006-01", name)
		if err == nil {
			return begins.Format(time.DateOnly), begins.AddDate(0, 1, -1).Format(time.DateOnly)
		}
	case "week":
		var year, week int
		if n, _ := fmt.Sscanf(name, "%d-W%d", &year, &week); n == 2 {
			fourth := time.Date(year, time.January, 4, 0, 0, 0, 0, time.UTC) // is always in the first week
			monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7+7*(week-1))
			return monday.Format(time.DateOnly), monday.AddDate(0, 0, 6).Format(time.DateOnly)
		}
	}
	return name, name
}
