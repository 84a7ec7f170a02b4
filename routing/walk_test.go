package routing

import (
	"fmt"
	"slices"
	"testing"
)

// stationsIn are active stations, one in each county.
func stationsIn(counties ...string) (list []Station) {
	for _, county := range counties {
		list = append(list, Station{Code: "st-" + county, County: county, Active: true})
	}
	return list
}

func TestLevel(t *testing.T) {
	closed := Station{Code: "closed", County: "xinxing"}
	three := routerOf(somePlaces(), append(stationsIn("conghua", "baiyun", "zhongshan"), closed)...)
	one := routerOf(somePlaces(), stationsIn("conghua")...)
	for name, c := range map[string]struct {
		r    *Router
		code string
		want Level
	}{
		"the top is the counties with active stations": {three, "", Level{Places: []string{"baiyun", "conghua", "zhongshan"}}},
		"a county":                         {three, "conghua", Level{In: "conghua", Places: []string{"ch-lvtian", "ch-taiping"}, Whole: true, Lower: true}},
		"a town":                           {three, "ch-taiping", Level{In: "ch-taiping", Places: []string{"ch-datang", "ch-xincun"}, Whole: true, Up: "conghua", Lower: true}},
		"a single town with one village":   {three, "baiyun", Level{In: "by-taihe", Places: []string{"by-datang"}, Whole: true, Lower: true}},
		"a city without counties":          {three, "zhongshan", Level{In: "zs-dongqu", Places: []string{"zs-qiwan"}, Whole: true, Lower: true}},
		"a village has nothing in it":      {three, "ch-datang", Level{In: "ch-datang", Whole: true, Up: "ch-taiping", Lower: true}},
		"a city lists what has stations":   {three, "gz", Level{In: "gz", Places: []string{"baiyun", "conghua"}, Up: "gd", Lower: true}},
		"the only county is no choice":     {one, "", Level{In: "conghua", Places: []string{"ch-lvtian", "ch-taiping"}, Whole: true}},
		"nothing is above the only county": {one, "conghua", Level{In: "conghua", Places: []string{"ch-lvtian", "ch-taiping"}, Whole: true}},
		"a town of the only county":        {one, "ch-taiping", Level{In: "ch-taiping", Places: []string{"ch-datang", "ch-xincun"}, Whole: true, Up: "conghua", Lower: true}},
	} {
		got, ok := c.r.Level(c.code)
		if !ok || fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	if _, ok := three.Level("atlantis"); ok {
		t.Error("a code that nobody knows has a level")
	}
	if served := three.Served("ch-datang"); served != "conghua" {
		t.Errorf("the village is served by %q", served)
	}
}

// TestManyCounties: where the counties are many, their cities come first.
func TestManyCounties(t *testing.T) {
	var places []Place
	var counties []string
	for i := range topMost + 1 {
		city, county := fmt.Sprint("city", i%2), fmt.Sprintf("county%02d", i)
		if i < 2 {
			places = append(places, Place{Code: city, Name: city, Level: "city"})
		}
		places = append(places, Place{Code: county, Name: county, Level: "county", Parent: &city})
		counties = append(counties, county)
	}
	r := routerOf(places, stationsIn(counties...)...)
	if l, _ := r.Level(""); !slices.Equal(l.Places, []string{"city0", "city1"}) {
		t.Errorf("the top is %v", l.Places)
	}
	if l, _ := r.Level("city1"); len(l.Places) != 5 || !l.Lower || l.Up != "" || l.Whole {
		t.Errorf("a city is %+v", l)
	}
}
