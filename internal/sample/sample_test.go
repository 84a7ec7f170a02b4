package sample_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"onedoor/intake"
	"onedoor/internal/sample"
	"onedoor/internal/sheet"
	"onedoor/routing"
)

// rows are the rows of one of the files, read as an import does.
func rows(t testing.TB, read func([]byte) (*sheet.Sheet, error), csv []byte) []sheet.Row {
	t.Helper()
	s, err := read(csv)
	if err != nil {
		t.Fatal(err)
	}
	return s.Rows
}

// gazetteer is the places by their code.
func gazetteer(t testing.TB) map[string]sheet.Row {
	t.Helper()
	places := map[string]sheet.Row{}
	for _, p := range rows(t, routing.ReadPlaces, sample.Places()) {
		places[p.Get("code")] = p
	}
	return places
}

// position is where a row says it is; false where it says nothing.
func position(t testing.TB, r sheet.Row) (routing.Point, bool) {
	t.Helper()
	if r.Get("lat") == "" && r.Get("lon") == "" {
		return routing.Point{}, false
	}
	lat, errLat := strconv.ParseFloat(r.Get("lat"), 64)
	lon, errLon := strconv.ParseFloat(r.Get("lon"), 64)
	if errLat != nil || errLon != nil || r.Get("datum") != "wgs84" {
		t.Errorf("%s: lat %q, lon %q, datum %q is no WGS-84 position", r.Get("code"), r.Get("lat"), r.Get("lon"), r.Get("datum"))
	}
	return routing.Point{Lat: lat, Lon: lon}, true
}

// startParameter is what Telegram hands over from a link: https://core.telegram.org/bots/features#deep-linking.
var startParameter = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func TestPlacesFitALink(t *testing.T) {
	for code := range gazetteer(t) {
		if !startParameter.MatchString(code) {
			t.Errorf("no link can hand over %q", code)
		}
	}
}

func TestPlacesAreCounted(t *testing.T) {
	levels, names, nowhere := map[string]int{}, map[string]int{}, map[string]int{}
	for _, p := range gazetteer(t) {
		levels[p.Get("level")]++
		names[p.Get("name")]++
		if _, ok := position(t, p); !ok {
			nowhere[p.Get("level")]++
		}
	}
	for level, want := range map[string]int{"country": 1, "province": 1, "city": 21, "county": 122} {
		if levels[level] != want || nowhere[level] != 0 {
			t.Errorf("%s: %d places, %d without a position; want %d, 0", level, levels[level], nowhere[level], want)
		}
	}
	for _, level := range []string{"township", "village"} {
		if levels[level] < 300 || nowhere[level] == 0 || nowhere[level] == levels[level] {
			t.Errorf("%s: %d places, %d without a position; want at least 300, and some of them without", level, levels[level], nowhere[level])
		}
	}
	for name, least := range map[string]int{"太平镇": 7, "新村": 10, "大岭村": 4, "石门村": 2, "莲塘村": 10} {
		if names[name] < least {
			t.Errorf("%s stands there %d times, want %d or more", name, names[name], least)
		}
	}
}

// above is the part of a code that its parent has.
var above = map[string]int{"province": 0, "city": 2, "county": 4, "township": 6, "village": 9}

func TestPlacesLieInTheirParents(t *testing.T) {
	places := gazetteer(t)
	for code, p := range places {
		if english := p.Get("name_en"); english == "" || strings.ToUpper(english[:1]) != english[:1] {
			t.Errorf("%s %s: English name %q", code, p.Get("name"), english)
		}
		if p.Get("level") == "country" {
			continue
		}
		parent, ok := places[p.Get("parent")]
		if !ok {
			t.Errorf("%s: no parent %q", code, p.Get("parent"))
			continue
		}
		if n := above[p.Get("level")]; !strings.HasPrefix(parent.Get("code"), code[:min(n, 6)]) || n > 6 && parent.Get("code") != code[:n] {
			t.Errorf("%s: its parent is %s", code, parent.Get("code"))
		}
		here, ok := position(t, p)
		there, known := position(t, parent)
		far := map[string]float64{"city": 400, "county": 150, "township": 70, "village": 20}[p.Get("level")]
		if km := here.DistanceKM(there); ok && known && far > 0 && km > far {
			t.Errorf("%s %s is %.0f km from %s", code, p.Get("name"), km, parent.Get("name"))
		}
	}
}

// nobodys is a telephone number that nobody has: an area code and zeros, with at most three other digits at the end.
var nobodys = regexp.MustCompile(`^0(20|[67][0-9]{2})-0{4,5}[0-9]{3}$`)

func TestStationsAreWellFormed(t *testing.T) {
	places := gazetteer(t)
	inCounty, taken := map[string]int{}, map[string]bool{}
	for _, s := range rows(t, routing.ReadStations, sample.Stations()) {
		code, county := s.Get("code"), s.Get("county_code")
		inCounty[county]++
		if want := "st-" + county + "-" + strconv.Itoa(inCounty[county]); code != want {
			t.Errorf("code %s, want %s", code, want)
		}
		for _, column := range []string{"name", "name_en", "phone"} {
			if text := s.Get(column); text == "" || taken[text] {
				t.Errorf("%s: %s %q is empty or another's", code, column, text)
			}
			taken[s.Get(column)] = true
		}
		if !nobodys.MatchString(s.Get("phone")) {
			t.Errorf("%s: phone %s may be somebody's", code, s.Get("phone"))
		}
		here, _ := position(t, s)
		there, _ := position(t, places[county])
		if km := here.DistanceKM(there); km > 70 {
			t.Errorf("%s is %.0f km from its county", code, km)
		}
	}
}

func TestStationsStandEverywhere(t *testing.T) {
	stations := rows(t, routing.ReadStations, sample.Stations())
	if len(stations) != 200 {
		t.Errorf("%d stations, want 200", len(stations))
	}
	count, all, always := map[string]int{}, map[string]bool{}, map[string]bool{}
	for _, s := range stations {
		county := s.Get("county_code")
		count[county]++
		all[county] = all[county] || s.Get("categories") == ""
		always[county[:4]] = always[county[:4]] || s.Get("hours") == ""
	}
	for code, p := range gazetteer(t) {
		least := map[string]int{"county": 1}[p.Get("level")]
		if code == "441900" || code == "442000" { // have no counties
			least = 3
		}
		if count[code] < least || least > 0 && !all[code] {
			t.Errorf("%s %s has %d stations, want %d, and one for all categories (%t)", code, p.Get("name"), count[code], least, all[code])
		}
		if p.Get("level") == "city" && !always[code[:4]] {
			t.Errorf("%s has no station that is always open", p.Get("name"))
		}
	}
}

func TestWorkersStaffEachStation(t *testing.T) {
	workers := rows(t, intake.ReadWorkers, sample.Workers())
	if len(workers) != 940 {
		t.Errorf("%d workers, want 940", len(workers))
	}
	atStation, supervisors, names := map[string]int{}, map[string]int{}, map[string]bool{}
	for _, w := range workers {
		station := w.Get("station")
		atStation[station]++
		if want := "w-" + strings.TrimPrefix(station, "st-") + "-" + strconv.Itoa(atStation[station]); w.Get("code") != want {
			t.Errorf("code %s, want %s", w.Get("code"), want)
		}
		if w.Get("role") == "supervisor" {
			supervisors[station]++
		}
		if names[w.Get("name")] || w.Get("phone") != "" {
			t.Errorf("%s: %s is another's name too, or has the phone %q", w.Get("code"), w.Get("name"), w.Get("phone"))
		}
		names[w.Get("name")] = true
	}
	for _, s := range rows(t, routing.ReadStations, sample.Stations()) {
		if n, leads := atStation[s.Get("code")], supervisors[s.Get("code")]; n < 4 || n > 6 || leads != 1 {
			t.Errorf("%s has %d workers and %d supervisors, want 4 to 6 and 1", s.Get("code"), n, leads)
		}
	}
	if !slices.Equal(sample.Workers(), sample.Workers()) {
		t.Error("the workers differ from call to call")
	}
}

func TestOrganisationsHaveAPlace(t *testing.T) {
	places := gazetteer(t)
	organisations := rows(t, intake.ReadOrganisations, sample.Organisations())
	if len(organisations) != 42 {
		t.Errorf("%d organisations, want 42", len(organisations))
	}
	for _, o := range organisations {
		if _, ok := places[o.Get("place_code")]; !ok {
			t.Errorf("%s: no place %q", o.Get("code"), o.Get("place_code"))
		}
		if !nobodys.MatchString(o.Get("phone")) {
			t.Errorf("%s: phone %s may be somebody's", o.Get("code"), o.Get("phone"))
		}
	}
}
