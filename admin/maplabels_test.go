package admin_test

import (
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// A drawn label is a place's name on a map, in a wide picture (fine) or in a narrow one (rough).
type drawnLabel struct {
	size, name string
	x, y       float64
}

// labels are the names on a map.
func (a answer) labels() (all []drawnLabel) {
	a.w.Helper()
	for _, l := range regexp.MustCompile(`<text class="label (?:start|middle|end) (fine|rough)" x="(-?\d+)" y="(-?\d+)">([^<]+)</text>`).FindAllStringSubmatch(a.body, -1) {
		x, errX := strconv.ParseFloat(l[2], 64)
		y, errY := strconv.ParseFloat(l[3], 64)
		a.w.must(errX)
		a.w.must(errY)
		all = append(all, drawnLabel{l[1], l[4], x, y})
	}
	return all
}

// view is the zoom and the centre of a map.
func (a answer) view() (zoom, lat, lon float64) {
	a.w.Helper()
	found := regexp.MustCompile(`data-z="([^"]+)" data-lat="([^"]+)" data-lon="([^"]+)"`).FindStringSubmatch(a.body)
	numbers := [3]float64{}
	for i := range numbers {
		n, err := strconv.ParseFloat(found[i+1], 64)
		a.w.must(err)
		numbers[i] = n
	}
	return numbers[0], numbers[1], numbers[2]
}

// TestMapNamesAreWhereTheyBelong: a name is at its place or right beside it, on no other name, in the reader's language and else in Chinese; a
// place that nobody knows the position of is in the middle of what lies in it.
func TestMapNamesAreWhereTheyBelong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.execute(`UPDATE places SET name_en = '' WHERE code = '441800'; UPDATE places SET lat = NULL, lon = NULL WHERE code = '445100'`))
	w.must(w.intake.Router.Reload(w.Context()))
	b := w.as("mei", "auditor", "")
	places := map[string][2]float64{} // where each is, by what a map may call it
	rows, err := w.db.Query(`SELECT name, regexp_replace(name_en, ' (City|District|County|Town|Township|Subdistrict|Province)$', ''), coalesce(lat, avg), coalesce(lon, avg_lon)
		FROM places p LEFT JOIN (SELECT parent, avg(lat) AS avg, avg(lon) AS avg_lon FROM places GROUP BY parent) AS inside ON inside.parent = p.code
		WHERE level IN ('province', 'city', 'county') AND coalesce(lat, avg) IS NOT NULL`)
	w.must(err)
	defer rows.Close()
	for rows.Next() {
		var name, english string
		var at [2]float64
		w.must(rows.Scan(&name, &english, &at[0], &at[1]))
		places[name], places[english] = at, at
	}
	w.must(rows.Err())
	reach := map[string]float64{"fine": 33, "rough": 54} // as far as a mark at the place makes it
	for lang, want := range map[string][]string{"en": {"Meizhou", "Maoming", "清远市", "Chaozhou"}, "zh-CN": {"梅州市", "茂名市", "清远市", "潮州市"}} {
		b.Accept = lang
		written := map[string]bool{}
		for _, query := range []string{"", "?z=9.5&at=23.2,113.4", "?z=5&at=23,113", "?z=8&at=23.6,116.6", "?z=8&at=23.7,113.1"} {
			a := b.get("/admin/map" + query).is(http.StatusOK)
			zoom, lat, lon := a.view()
			width, drawn, counts := 256*math.Exp2(zoom), map[string]drawnLabel{}, map[string]int{}
			north := func(lat float64) float64 { return math.Asinh(math.Tan(lat*math.Pi/180)) / (2 * math.Pi) }
			for _, l := range a.labels() {
				at, known := places[l.name]
				x, y := (at[1]-lon)/360*width+320, (north(lat)-north(at[0]))*width+320
				if off := math.Hypot(l.x-x, l.y-y); !known || off > reach[l.size] {
					t.Errorf("%s in %s: %s is written %.0f units from its place", query, lang, l.name, off)
				}
				for _, o := range drawn {
					if o.size == l.size && math.Abs(o.y-l.y) < 12 && math.Abs(o.x-l.x) < 12 {
						t.Errorf("%s in %s: %s is written over %s", query, lang, l.name, o.name)
					}
				}
				drawn[l.size+l.name] = l
				counts[l.size]++
			}
			if counts["fine"] == 0 || counts["rough"] == 0 || counts["rough"] > counts["fine"] {
				t.Errorf("%s in %s has names as %v", query, lang, counts)
			}
			for key := range drawn {
				written[strings.TrimPrefix(key, "fine")] = true
			}
		}
		for _, name := range want {
			if !written[name] {
				t.Errorf("in %s no map has %s", lang, name)
			}
		}
	}
}
