package intake_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp/cmpopts"

	gocmp "github.com/google/go-cmp/cmp"

	"onedoor/intake"
	"onedoor/routing"
)

// land makes a province of two cities with five counties, of which the last has no township, with townships and villages
// strewn over 200 km, some of them without a position, and strews the stations, workers and organisations over it.
func (w *world) land(rng *rand.Rand) {
	w.Helper()
	w.exec(`INSERT INTO places (code, name, level, parent, lat, lon) VALUES ('p', '省', 'province', NULL, 23, 113),
		('c0', '甲市', 'city', 'p', 23, 113), ('c1', '乙市', 'city', 'p', NULL, NULL)`)
	at := func(share float64) (lat, lon *float64) {
		if rng.Float64() >= share {
			return nil, nil
		}
		a, o := 22+2*rng.Float64(), 112+2*rng.Float64()
		return &a, &o
	}
	place := func(code, level, parent string, share float64) {
		lat, lon := at(share)
		w.exec(`INSERT INTO places (code, name, level, parent, lat, lon) VALUES ($1, $1, $2, $3, $4, $5)`, code, level, parent, lat, lon)
	}
	var codes []string
	for i := range 5 {
		county := fmt.Sprintf("k%d", i)
		place(county, "county", fmt.Sprintf("c%d", i%2), 0.8)
		codes = append(codes, county)
		for j := range 4 * min(1, 4-i) {
			town := fmt.Sprintf("%s-t%d", county, j)
			place(town, "township", county, 0.7)
			codes = append(codes, town)
			for k := range rng.IntN(6) {
				village := fmt.Sprintf("%s%03d%03d%03d", "440", 100*i+j, 100+j, 150+20*k) // statistical codes: some in town, some not
				place(village, "village", town, 0.6)
				codes = append(codes, village)
			}
		}
		place(county+"-v", "village", county, 0.5) // of no township
	}
	for i := range 25 {
		lat, lon := at(1)
		categories := `{}`
		if i%3 == 0 {
			categories = `{health,education,ecology}`
		}
		w.exec(`INSERT INTO stations (code, name, county_code, lat, lon, active, categories) VALUES ($1, $1, $2, $3, $4, $5, $6)`,
			fmt.Sprintf("s%d", i), codes[rng.IntN(len(codes))], lat, lon, i%7 != 0, categories)
		for j := range i % 3 {
			specialties := []string{`{}`, `{health}`, `{legal_rights,education}`}[rng.IntN(3)]
			w.exec(`INSERT INTO workers (code, name, station, active, specialties) VALUES ($1, $1, $2, $3, $4)`,
				fmt.Sprintf("s%dw%d", i, j), fmt.Sprintf("s%d", i), rng.IntN(4) > 0, specialties)
		}
	}
	for i := range 60 {
		w.exec(`INSERT INTO organisations (code, name, place_code, active) VALUES ($1, $1, $2, $3)`, fmt.Sprintf("o%d", i), codes[rng.IntN(len(codes))], i%9 != 0)
	}
	w.must(w.Router.Reload(context.Background()))
}

// byHand is what Coverage says of a place, computed as slowly and plainly as can be.
func (w *world) byHand(in string) (area intake.Area, far []string) {
	w.Helper()
	var places []routing.Place
	w.must(w.db.Select(&places, `SELECT code, name, name_en, level, parent, lat, lon FROM places`))
	byCode := map[string]routing.Place{}
	for _, p := range places {
		byCode[p.Code] = p
	}
	lies := func(code string) bool {
		for p, ok := byCode[code]; ok; p, ok = byCode[deref(p.Parent)] {
			if p.Code == in {
				return true
			}
		}
		return in == ""
	}
	position := func(code string) *routing.Point {
		for p, ok := byCode[code]; ok; p, ok = byCode[deref(p.Parent)] {
			if p.Lat != nil {
				return &routing.Point{Lat: *p.Lat, Lon: *p.Lon}
			}
		}
		return nil
	}
	type station struct {
		Code, County string
		Lat, Lon     float64
		Workers      int
	}
	var stations []station
	w.must(w.db.Select(&stations, `SELECT s.code, s.county_code AS county, s.lat, s.lon, count(*) AS workers FROM stations s JOIN workers w ON w.station = s.code AND w.active
		WHERE s.active GROUP BY s.code`))
	area.Code = in
	for _, s := range stations {
		if lies(s.County) {
			area.Workers += s.Workers
		}
		for p := byCode[deref(byCode[in].Parent)]; p.Code != ""; p = byCode[deref(p.Parent)] {
			area.Wider = area.Wider || p.Code == s.County
		}
	}
	own := func(code string) int {
		return w.count(`SELECT count(*) FROM organisations WHERE active AND place_code = $1`, code)
	}
	townless := map[string]bool{}
	for _, p := range places {
		if p.Level == "county" && !slices.ContainsFunc(places, func(q routing.Place) bool { return q.Level == "township" && deref(q.Parent) == p.Code }) {
			townless[p.Code] = true
		}
		if lies(p.Code) {
			area.Organisations += own(p.Code)
		}
	}
	lacks := map[string]int{}
	for _, p := range places {
		at := position(p.Code)
		if !lies(p.Code) {
			continue
		}
		if p.Level == "township" || townless[p.Code] {
			if at == nil {
				continue
			}
			area.Spots++
			short := 0
			for _, c := range w.Taxonomy.Categories() {
				offered := false
				for _, s := range stations {
					offered = offered || at.DistanceKM(routing.Point{Lat: s.Lat, Lon: s.Lon}) <= 30 && w.count(`SELECT count(*) FROM workers w JOIN stations s ON s.code = w.station
						WHERE s.code = $1 AND w.active AND (s.categories = '{}' OR $2 = ANY (s.categories)) AND (w.specialties = '{}' OR $2 = ANY (w.specialties))`, s.Code, c.Key) > 0
				}
				if !offered {
					lacks[c.Key]++
					short = 1
				}
			}
			area.Short += short
		}
		if p.Level != "village" {
			continue
		}
		area.Communities++
		plan := 5
		if len(p.Code) == 12 && p.Code[9:] < "200" {
			area.Urban++
			plan = 10
		}
		if own(p.Code) < plan {
			area.Under++
		}
		if at == nil {
			area.Unplaced++
			continue
		}
		nearest := math.Inf(1)
		for _, s := range stations {
			nearest = min(nearest, at.DistanceKM(routing.Point{Lat: s.Lat, Lon: s.Lon}))
		}
		if nearest > 30 {
			area.Far++
			area.Farthest = max(area.Farthest, nearest)
			far = append(far, p.Code)
		}
	}
	for key, n := range lacks {
		area.Lacks = append(area.Lacks, intake.Lack{Category: key, Spots: n})
	}
	return area, far
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// TestCoverageByHand compares what is counted with a plain computation, for everything and for each place above the villages.
func TestCoverageByHand(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		w := newWorld(t)
		w.exec(`DELETE FROM workers; DELETE FROM stations`)
		w.land(rand.New(rand.NewPCG(seed, 7)))
		var codes []string
		w.must(w.db.Select(&codes, `SELECT '' UNION ALL SELECT code FROM places WHERE level <> 'village' AND code LIKE ANY ('{p,c%,k0,k0-t1,k3,k4}')`))
		farAtAll := 0
		for _, in := range codes {
			got, err := w.Coverage(context.Background(), intake.Sight{All: true}, in)
			w.must(err)
			want, far := w.byHand(in)
			farAtAll += want.Far
			options := gocmp.Options{cmpopts.IgnoreUnexported(intake.Area{}), cmpopts.IgnoreFields(intake.Area{}, "Level"), cmpopts.EquateApprox(0, 1e-6),
				cmpopts.SortSlices(func(a, b intake.Lack) bool { return a.Category < b.Category }), cmpopts.EquateEmpty()}
			if diff := gocmp.Diff(want, got.All, options); diff != "" {
				t.Errorf("seed %d, %q (- by hand, + counted):\n%s", seed, in, diff)
			}
			var listed []string
			for _, v := range got.Far {
				listed = append(listed, v.Code)
			}
			if !slices.IsSortedFunc(got.Far, func(a, b intake.FarVillage) int { return cmp.Compare(b.KM, a.KM) }) {
				t.Errorf("the farthest don't come first: %v", got.Far)
			}
			slices.Sort(listed)
			slices.Sort(far)
			if !slices.Equal(listed, far) {
				t.Errorf("seed %d, %q: far are %v, by hand %v", seed, in, listed, far)
			}
			w.addsUp(got)
		}
		if farAtAll == 0 {
			t.Errorf("seed %d: no village is far: the test compares nothing", seed)
		}
	}
}

// addsUp checks that the parts of a place are all its communities.
func (w *world) addsUp(c *intake.Coverage) {
	w.Helper()
	communities, far := 0, 0
	for _, a := range c.Areas {
		communities += a.Communities
		far += a.Far
	}
	if communities != c.All.Communities || far != c.All.Far {
		w.Errorf("%q has %d communities, %d of them far; its parts have %d and %d", c.In, c.All.Communities, c.All.Far, communities, far)
	}
}

// TestCoverageFollows: what changes is counted anew, and what doesn't is not.
func TestCoverageFollows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`INSERT INTO places (code, name, level, parent, lat, lon) VALUES ('1', '县', 'county', NULL, 23, 113), ('1t', '镇', 'township', '1', 23, 113),
		('1v', '村', 'village', '1t', 24, 113)`)
	w.must(w.Router.Reload(context.Background()))
	see := func(what string, far, workers, organisations, lacking int) {
		t.Helper()
		c, err := w.Coverage(context.Background(), intake.Sight{All: true}, "1")
		w.must(err)
		if a := c.All; a.Far != far || a.Workers != workers || a.Organisations != organisations || a.Lacking() != lacking {
			t.Errorf("%s: %d far, %d workers, %d organisations, %d lacking; want %d, %d, %d, %d", what, a.Far, a.Workers, a.Organisations, a.Lacking(), far, workers, organisations, lacking)
		}
	}
	see("at first", 1, 6, 0, 0)
	w.exec(`UPDATE workers SET active = false WHERE code = 'n1'`)
	see("a worker is dismissed", 1, 5, 0, 0)
	w.exec(`UPDATE workers SET specialties = '{health}'`)
	see("all are specialised", 1, 5, 0, 18)
	w.exec(`INSERT INTO organisations (code, name, place_code) VALUES ('o', '社', '1t')`)
	see("an organisation comes", 1, 5, 1, 18)
	w.exec(`UPDATE stations SET lat = 24 WHERE code = 'x'`)
	w.must(w.Router.Reload(context.Background()))
	see("a station of another county moves near", 0, 5, 1, 18)
	w.exec(`UPDATE stations SET active = false`)
	w.must(w.Router.Reload(context.Background()))
	see("all stations are switched off", 1, 0, 1, 19)
}

// TestCoverageInSight: who sees a county sees what is missing there and nowhere else, and who sees one station nothing.
func TestCoverageInSight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`DELETE FROM workers; DELETE FROM stations`)
	w.land(rand.New(rand.NewPCG(1, 7)))
	ctx, county := context.Background(), w.SightOf("", "k0")
	own, err := w.Coverage(ctx, county, "")
	w.must(err)
	all, err := w.Coverage(ctx, intake.Sight{All: true}, "k0")
	w.must(err)
	if diff := gocmp.Diff(all, own, cmpopts.IgnoreUnexported(intake.Area{})); diff != "" || own.In != "k0" {
		t.Errorf("in sight is %q, which differs:\n%s", own.In, diff)
	}
	for _, in := range []string{"k1", "c0", "p", "nowhere", "k0-v"} {
		if _, err := w.Coverage(ctx, county, in); !errors.Is(err, intake.ErrNotFound) {
			t.Errorf("%s: %v, want not found", in, err)
		}
	}
	far, err := w.FarVillages(ctx, county)
	w.must(err)
	if len(far) != len(own.Far) {
		t.Errorf("%d far villages, want %d", len(far), len(own.Far))
	}
	for _, sight := range []intake.Sight{{}, w.SightOf("s1", "")} {
		if _, err := w.Coverage(ctx, sight, ""); !errors.Is(err, intake.ErrNotFound) {
			t.Errorf("who sees no place: %v, want not found", err)
		}
		if far, err := w.FarVillages(ctx, sight); err != nil || len(far) > 0 {
			t.Errorf("who sees no place sees %d far villages, %v", len(far), err)
		}
	}
}
