package routing_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
	"onedoor/internal/sheet"
	"onedoor/routing"
)

func importStations(t testing.TB, db *database.DB, csv string) routing.Counts {
	t.Helper()
	counts, err := tryStations(t, db, csv)
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

func tryStations(t testing.TB, db *database.DB, csv string) (routing.Counts, error) {
	t.Helper()
	s, err := routing.ReadStations([]byte(csv))
	if err != nil {
		return routing.Counts{}, err
	}
	return routing.ImportStations(t.Context(), db, s, known)
}

func importPlaces(t testing.TB, db *database.DB, csv string) routing.Counts {
	t.Helper()
	counts, err := tryPlaces(t, db, csv)
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

func tryPlaces(t testing.TB, db *database.DB, csv string) (routing.Counts, error) {
	t.Helper()
	s, err := routing.ReadPlaces([]byte(csv))
	if err != nil {
		return routing.Counts{}, err
	}
	return routing.ImportPlaces(t.Context(), db, s)
}

func query[T any](t testing.TB, db *database.DB, sql string) T {
	t.Helper()
	var v T
	if err := db.GetContext(t.Context(), &v, sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// problemsOf are the sentences of an import that was refused.
func problemsOf(t testing.TB, err error) []string {
	t.Helper()
	var problems sheet.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("the error names no rows: %v", err)
	}
	return strings.Split(problems.Error(), "\n")
}

func TestImportStations(t *testing.T) {
	db := databasetest.New(t)
	if got := importStations(t, db, stationsCSV); got != (routing.Counts{Added: 2}) {
		t.Errorf("at first: %+v", got)
	}
	if got := importStations(t, db, stationsCSV); got != (routing.Counts{Unchanged: 2}) {
		t.Errorf("again: %+v", got)
	}
	must(t, db, `UPDATE stations SET active = false WHERE code = 'near'`)
	header, _, _ := strings.Cut(stationsCSV, "\n")
	changed := header + `
near,从化中心站,440100,23.5,113.5,,12348,health,24/7,Conghua Central Station
far,白云站,440111,23.16,113.27,wgs84,020-8765 4321,health;fire_safety,,
third,三号站,,22.540796131694766,113.9171764808363,GCJ02,,,,
`
	if got := importStations(t, db, changed); got != (routing.Counts{Added: 1, Changed: 1, Unchanged: 1}) {
		t.Errorf("changed: %+v", got)
	}
	for code, want := range map[string]string{
		"near": "从化中心站|Conghua Central Station|440100|23.5|113.5|12348|health|24/7|f",
		"far":  "白云站||440111|23.16|113.27|020-8765 4321|health,fire_safety||t",
	} {
		if got := query[string](t, db, `SELECT concat_ws('|', name, name_en, county_code, lat, lon, phone, array_to_string(categories, ','),
			hours, active) FROM stations WHERE code = '`+code+`'`); got != want {
			t.Errorf("%s: %s, want %s", code, got, want)
		}
	}
	third := routing.Point{Lat: query[float64](t, db, `SELECT lat FROM stations WHERE code = 'third'`),
		Lon: query[float64](t, db, `SELECT lon FROM stations WHERE code = 'third'`)}
	if off := third.DistanceKM(routing.Point{Lat: 22.543847, Lon: 113.912316}); off > 0.001 {
		t.Errorf("third, of GCJ-02, is %.3f km off", off)
	}
}

func TestImportStationsNamesBadRows(t *testing.T) {
	db := databasetest.New(t)
	_, err := tryStations(t, db, `code,name,county_code,lat,lon,datum,phone,categories,hours
good,站,,23.5,113.5,,,,
bad code,站,,23.5,113.5,,,,
good,站,,23.5,113.5,,,,
a,,,23.5,113.5,,,,
b,站,,abc,113.5,,,,
c,站,,23.5,,,,,
d,站,,,,,,,
e,站,,113.5,23.5,,,,
f,站,,0,0,,,,
g,站,,23.5,113.5,bd09,,,
h,站,,23.5,113.5,,call me,,
i,站,,23.5,113.5,,,health;magic;,
j,站,,23.5,113.5,,,,Mo-Fr 8-17
,站,,NaN,113.5,,1,x,y
`)
	want := []string{
		`line 3: code "bad code" is not 1 to 32 letters, digits, - or _`,
		`line 4: code "good" stands in line 2 already`,
		`line 5: the name is missing`,
		`line 6: lat "abc" is not a number of degrees`,
		`line 7: lon "" is not a number of degrees`,
		`line 8: the position is missing: lat and lon in degrees`,
		`line 9: lat "113.5", lon "23.5" is no place on land: lat is -90 to 90, lon -180 to 180`,
		`line 10: lat "0", lon "0" is no place on land: lat is -90 to 90, lon -180 to 180`,
		`line 11: datum "bd09" is neither wgs84 nor gcj02`,
		`line 12: phone "call me" is not a telephone number`,
		`line 13: categories: "magic" is no category`,
		`line 14: hours "Mo-Fr 8-17": "8-17" is not a time such as 08:30-17:30`,
		`line 15: code "" is not 1 to 32 letters, digits, - or _`,
		`line 15: phone "1" is not a telephone number`,
		`line 15: categories: "x" is no category`,
		`line 15: hours "y": "y" is not a day or days such as Mo or Mo-Fr`,
		`line 15: lat "NaN", lon "113.5" is no place on land: lat is -90 to 90, lon -180 to 180`,
	}
	if diff := cmp.Diff(want, problemsOf(t, err)); diff != "" {
		t.Error(diff)
	}
	if n := query[int](t, db, `SELECT count(*) FROM stations`); n != 0 {
		t.Errorf("%d rows were imported all the same", n)
	}
}

func TestImportPlaces(t *testing.T) {
	db := databasetest.New(t)
	if got := importPlaces(t, db, placesCSV); got != (routing.Counts{Added: 2}) {
		t.Errorf("at first: %+v", got)
	}
	more := "code,name,level,parent,lat,lon,datum\nv,新村村委会,village,440117102,,,\n440117,从化市,city,gd,23.5,113.5,\ngd,广东省,province,,,,\n"
	if got := importPlaces(t, db, more); got != (routing.Counts{Added: 2, Changed: 1}) {
		t.Errorf("a place in one that is known, and a changed one: %+v", got)
	}
	if got := importPlaces(t, db, more); got != (routing.Counts{Unchanged: 3}) {
		t.Errorf("again: %+v", got)
	}
	for code, want := range map[string]string{"440117102": "太平镇||township|440117||", "440117": "从化市||city|gd|23.5|113.5"} {
		if got := query[string](t, db, `SELECT concat(name, '|', name_en, '|', level, '|', parent, '|', lat, '|', lon)
			FROM places WHERE code = '`+code+`'`); got != want {
			t.Errorf("%s: %s, want %s", code, got, want)
		}
	}
}

func TestImportPlacesNamesBadRows(t *testing.T) {
	db := databasetest.New(t)
	importPlaces(t, db, placesCSV)
	_, err := tryPlaces(t, db, `code,name,level,parent,lat,lon,datum
a,甲,planet,,,,
b,乙,village,unknown,,,
c,丙,county,440117102,,,
d,丁,township,e,,,
e,戊,township,d,,,
f,己,village,f,,,
440117,从化区,village,,,,
g,庚,village,440117102,23.5,,
`)
	want := []string{
		`line 2: level "planet" is not one of country, province, city, county, township, village`,
		`line 3: parent "unknown" is neither in the file nor known already`,
		`line 4: parent "440117102" is a township, in which no county can lie`,
		`line 5: parent "e" is a township, in which no township can lie`,
		`line 6: parent "d" is a township, in which no township can lie`,
		`line 7: parent "f" is a village, in which no village can lie`,
		`line 8: 440117102 (township) is known already and lies in it, which no village allows`,
		`line 9: lon "" is not a number of degrees`,
	}
	if diff := cmp.Diff(want, problemsOf(t, err)); diff != "" {
		t.Error(diff)
	}
	if n := query[int](t, db, `SELECT count(*) FROM places`); n != 2 {
		t.Errorf("there are %d places, want the two from before", n)
	}
}

// BenchmarkImportPlaces imports the villages of a large province, 40,000 of them.
func BenchmarkImportPlaces(b *testing.B) {
	var csv strings.Builder
	csv.WriteString("code,name,level,parent,lat,lon,datum\ntop,县,county,,23,113,\n")
	for i := range 40_000 {
		fmt.Fprintf(&csv, "v%d,村%d,village,top,%.4f,%.4f,gcj02\n", i, i, 20+float64(i%500)/100, 110+float64(i/500)/100)
	}
	s, err := routing.ReadPlaces([]byte(csv.String()))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		db := databasetest.New(b)
		if counts, err := routing.ImportPlaces(b.Context(), db, s); err != nil || counts.Added != len(s.Rows) {
			b.Fatal(counts, err)
		}
	}
}
