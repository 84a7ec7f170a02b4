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
		names, err := t.names(ctx)
		if err != nil {
			return err
		}
		picked, total := pick(names), *t
		if len(picked) < len(names) {
			total.by, total.groups = "all", map[string]*tally{}
			if err := total.sum(ctx); err != nil {
				return err
			}
			t.narrow(picked)
		}
		if err := t.sum(ctx); err != nil {
			return err
		}
		groups, _ = figuresOf(t.groups)
		_, all = figuresOf(total.groups)
		return nil
	})
	return groups, all, err
}

// names are what the groups are called that may have requests of the scope, sorted.
func (t *tallying) names(ctx context.Context) ([]string, error) {
	column, kept := t.by, t.by
	switch t.by {
	case "all":
		return []string{t.by}, nil
	case "urgency":
		return slices.Sorted(slices.Values(urgencies())), nil
	case "setting":
		return slices.Sorted(slices.Values(Settings())), nil
	case "county":
		column, kept = "station", "station"
	case "day", "week", "month":
		column, kept = "day", "starts"
	}
	names := map[string]bool{}
	err := t.eachSource(ctx, func(periods []period) error {
		return t.addNames(ctx, names, `SELECT DISTINCT CAST(c.`+kept+` AS text) FROM figures_kept c WHERE `, t.kept(periods))
	}, func(from, to time.Time, condition string) error {
		w := t.scope.within(from, to).where()
		w.and(condition)
		return t.addNames(ctx, names, `SELECT DISTINCT CAST(c.`+column+` AS text) FROM cycles c WHERE `, w)
	})
	return slices.Sorted(maps.Keys(names)), err
}

func (t *tallying) addNames(ctx context.Context, names map[string]bool, query string, w *where) error {
	var keys []string
	err := t.tx.SelectContext(ctx, &keys, query+w.text(), w.args...)
	for _, k := range keys {
		names[t.name(key{Station: k, WorkerStation: k, Category: k}, k)] = true
	}
	return wrap(err, "read of what there are figures")
}

// narrow leaves only some groups to be summed up.
func (t *tallying) narrow(names []string) {
	t.only = map[string]bool{}
	for _, name := range names {
		t.only[name] = true
	}
	switch t.by {
	case "day", "week", "month":
		t.scope = t.scope.within(aroundAll(t.by, slices.Sorted(slices.Values(names))))
	case "station":
		t.scope.Stations = nil
		for _, name := range names {
			t.scope.Stations = append(t.scope.Stations, cmp.Or(name, None))
		}
	case "worker_station":
		t.scope.workers = names
	}
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
