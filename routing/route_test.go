package routing

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// at is a station so many tenths of a degree (11 km) north of the equator.
func at(code string, tenths int, with ...func(*Station)) Station {
	s := Station{Code: code, Point: Point{float64(tenths) / 10, 100}, Active: true, Workers: 3}
	for _, f := range with {
		f(&s)
	}
	return s
}

func joins(s *Station)    { s.Reachable = 1 }
func onDuty(s *Station)   { s.Reachable, s.OnDuty = 1, 1 }
func inactive(s *Station) { s.Active = false }
func empty(s *Station)    { s.Workers = 0 }

func serves(keys ...string) func(*Station) { return func(s *Station) { s.Categories = keys } }

func TestRoute(t *testing.T) {
	health, fire := serves("health"), serves("fire_safety")
	for _, c := range []struct {
		name     string
		stations []Station
		query    Query
		want     string
		reasons  []string
	}{
		{"nearest", []Station{at("far", 5), at("near", 1)}, Query{}, "near", []string{"near nearest"}},
		{"passed over", []Station{at("off", 1, inactive), at("fire", 2, fire), at("empty", 3, empty), at("has it", 4), at("good", 5)},
			Query{Category: "health", Exclude: []string{"has it"}}, "good",
			[]string{"off inactive", "fire other_services", "empty unstaffed", "has it excluded", "good nearest"}},
		{"category not clear", []Station{at("fire", 1, fire)}, Query{}, "fire", []string{"fire nearest"}},
		{"ordinary needs nobody on duty", []Station{at("near", 1), at("duty", 2, onDuty)}, Query{}, "near", []string{"near nearest"}},
		{"nobody staffed", []Station{at("fire", 1, fire, empty), at("near", 2, empty, health), at("far", 3, empty)},
			Query{Category: "health"}, "near", []string{"fire other_services", "near unstaffed", "far unstaffed"}},
		{"nobody serves it", []Station{at("fire", 1, fire)}, Query{Category: "health"}, "", []string{"fire other_services"}},
		{"all excluded", []Station{at("a", 1)}, Query{Exclude: []string{"a"}}, "", []string{"a excluded"}},
		{"no stations", nil, Query{}, "", nil},

		{"emergency: on duty", []Station{at("near", 1), at("duty", 2, onDuty)}, Query{Emergency: true}, "duty",
			[]string{"near nobody_on_duty", "duty nearest"}},
		{"emergency: a detour of 22 km for the service", []Station{at("fire", 1, fire, onDuty), at("health", 3, health, onDuty)},
			Query{Emergency: true, Category: "health"}, "health", []string{"fire other_services", "health nearest"}},
		{"emergency: none of 33 km", []Station{at("fire", 1, fire, onDuty), at("health", 4, health, onDuty)},
			Query{Emergency: true, Category: "health"}, "fire", []string{"fire other_services"}},
		{"emergency: nobody on duty", []Station{at("fire", 1, fire), at("empty", 2, empty), at("health", 3, health)},
			Query{Emergency: true, Category: "health"}, "health",
			[]string{"fire other_services", "empty unstaffed", "health nobody_on_duty"}},
		{"emergency: nobody on duty, but somebody can be told", []Station{at("near", 1), at("fire", 2, fire, joins), at("far", 3, joins)},
			Query{Emergency: true, Category: "health"}, "fire",
			[]string{"near nobody_on_duty", "fire other_services", "far nobody_on_duty"}},
		{"emergency: nobody staffed", []Station{at("near", 1, empty), at("far", 2, empty)}, Query{Emergency: true}, "near",
			[]string{"near unstaffed", "far unstaffed"}},
		{"emergency: who is on duty has it already", []Station{at("near", 1), at("duty", 2, onDuty)},
			Query{Emergency: true, Exclude: []string{"duty"}}, "near", []string{"near nobody_on_duty", "duty excluded"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.query.At = Point{0, 100}
			d := routerOf(nil, c.stations...).Route(c.query)
			if d.Station != c.want {
				t.Errorf("chose %q, want %q", d.Station, c.want)
			}
			var reasons []string
			for _, r := range d.Reasons {
				reasons = append(reasons, r.Station+" "+r.Verdict)
			}
			if diff := cmp.Diff(c.reasons, reasons); diff != "" {
				t.Error("reasons:", diff)
			}
		})
	}
}

// TestRouteReasonsAreFew: of many candidates the nearest are named, and always the chosen one.
func TestRouteReasonsAreFew(t *testing.T) {
	var list []Station
	for i := range 30 {
		list = append(list, at(fmt.Sprint(i), i, inactive))
	}
	for _, chosen := range []Station{at("chosen", 31), at("chosen", 31, empty)} {
		d := routerOf(nil, append(list, chosen)...).Route(Query{At: Point{0, 100}})
		if len(d.Reasons) != maxReasons || d.Reasons[maxReasons-1].Station != "chosen" || d.Reasons[0].Station != "0" {
			t.Errorf("reasons %v", d.Reasons)
		}
	}
}

// TestRouteAgainstRules compares with the rules written down one after the other, over all stations.
func TestRouteAgainstRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(anyStation(), 0, 60).Draw(t, "stations")
		for i := range list {
			list[i].Code = fmt.Sprint(i)
		}
		q := Query{At: anywhere().Draw(t, "at"), Category: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "category"),
			Emergency: rapid.Bool().Draw(t, "emergency")}
		if len(list) > 0 && rapid.Bool().Draw(t, "exclude") {
			q.Exclude = []string{list[0].Code}
		}
		got := routerOf(nil, list...).Route(q)
		km, unstaffed, ok := byTheRules(list, q)
		if ok != (got.Station != "") || got.DistanceKM != km || got.Unstaffed != unstaffed {
			t.Fatalf("chose %+v, want one at %v km, %v", got, km, ok)
		}
		if ok && !slices.ContainsFunc(got.Reasons, func(r Reason) bool { return r.Station == got.Station }) {
			t.Fatalf("the chosen one is not among the reasons: %+v", got)
		}
	})
}

func anyStation() *rapid.Generator[Station] {
	return rapid.Custom(func(t *rapid.T) Station {
		s := Station{Point: anywhere().Draw(t, "at"), Active: rapid.IntRange(0, 3).Draw(t, "active") > 0,
			Categories: rapid.SampledFrom([][]string{nil, {"a"}, {"b"}, {"a", "b"}}).Draw(t, "categories"),
			Workers:    rapid.IntRange(0, 2).Draw(t, "workers")}
		s.Reachable = rapid.IntRange(0, s.Workers).Draw(t, "reachable")
		s.OnDuty = rapid.IntRange(0, s.Reachable).Draw(t, "on duty")
		return s
	})
}

// byTheRules is the distance of the station that the rules demand, and whether nobody works there.
func byTheRules(list []Station, q Query) (km float64, unstaffed, ok bool) {
	nearest := func(suits func(Station) bool) (float64, bool) {
		best, ok := 0.0, false
		for _, s := range list {
			d := q.At.DistanceKM(s.Point)
			if s.Active && !slices.Contains(q.Exclude, s.Code) && suits(s) && (!ok || d < best) {
				best, ok = d, true
			}
		}
		return best, ok
	}
	serves := func(s Station) bool { return s.Serves(q.Category) }
	if q.Emergency {
		serving, okServing := nearest(func(s Station) bool { return serves(s) && s.OnDuty > 0 })
		anybody, okAnybody := nearest(func(s Station) bool { return s.OnDuty > 0 })
		switch {
		case okServing && serving <= anybody+30:
			return serving, false, true
		case okAnybody:
			return anybody, false, true
		}
		if km, ok := nearest(func(s Station) bool { return s.Reachable > 0 }); ok {
			return km, false, true
		}
	}
	if km, ok := nearest(func(s Station) bool { return serves(s) && s.Workers > 0 }); ok {
		return km, false, true
	}
	km, ok = nearest(serves)
	return km, ok, ok
}

func TestDecisionJSON(t *testing.T) {
	for _, c := range []struct {
		decision Decision
		want     string
	}{
		{Decision{}, `{"station":null,"distance_km":0,"reasons":[]}`},
		{Decision{"a", 1.5, []Reason{{"a", 1.5, Unstaffed}}, true},
			`{"station":"a","distance_km":1.5,"reasons":[{"station":"a","distance_km":1.5,"verdict":"unstaffed"}],"unstaffed":true}`},
	} {
		got, err := json.Marshal(c.decision)
		if err != nil || string(got) != c.want {
			t.Errorf("%s, %v, want %s", got, err, c.want)
		}
		var back Decision
		if err := json.Unmarshal(got, &back); err != nil || back.Station != c.decision.Station {
			t.Errorf("%s came back as %+v, %v", got, back, err)
		}
	}
}

// TestStationsFollow: what the index says stays right when stations change, move, come and go.
func TestStationsFollow(t *testing.T) {
	a, b, c := at("a", 1), at("b", 2), at("c", 3)
	all := newStations([]*Station{&a, &b})
	nearest := func(s *stations) (found []string) {
		s.index.nearby(Point{0, 100}, func(code string, _ float64) bool {
			found = append(found, code)
			return true
		})
		return found
	}
	changed, moved := at("a", 1, onDuty), at("a", 9)
	for _, step := range []struct {
		name  string
		codes []string
		read  []*Station
		want  []string
	}{
		{"changed", []string{"a"}, []*Station{&changed}, []string{"a", "b"}},
		{"moved", []string{"a"}, []*Station{&moved}, []string{"b", "a"}},
		{"come", []string{"c"}, []*Station{&c}, []string{"b", "c", "a"}},
		{"gone", []string{"b"}, nil, []string{"c", "a"}},
		{"one comes, one goes", []string{"b", "c"}, []*Station{&b}, []string{"b", "a"}},
	} {
		before := all
		had := nearest(before)
		all = before.with(step.codes, step.read)
		if got := nearest(all); !slices.Equal(got, step.want) || len(all.byCode) != len(step.want) {
			t.Errorf("%s: %v, want %v", step.name, got, step.want)
		}
		if !slices.Equal(nearest(before), had) {
			t.Errorf("%s: what was in use has changed", step.name)
		}
	}
	if all.byCode["a"] != &moved {
		t.Error("the station read last isn't the one kept")
	}
}
