package admin_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"onedoor/intake"
)

// value is one value of the database.
func value[T any](w *world, query string, args ...any) (v T) {
	w.Helper()
	w.must(w.db.Get(&v, query, args...))
	return v
}

// fresh has the routing know what the database says, as it does a moment later in a running program.
func (w *world) fresh() { w.Helper(); w.must(w.intake.Router.Reload(w.Context())) }

// was is what a form says that its record was when it was shown.
func (a answer) was() string {
	a.w.Helper()
	_, rest, ok := strings.Cut(a.body, `name="was" value="`)
	text, _, _ := strings.Cut(rest, `"`)
	if !ok {
		a.w.Fatalf("%v; it has no form", a)
	}
	return strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&#43;", "+", "&amp;", "&", "&lt;", "<", "&gt;", ">").Replace(text)
}

// TestDirectoryRights: who may look at which list, and who may change what there. What isn't in sight is not there.
func TestDirectoryRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const none, look, keep = http.StatusNotFound, http.StatusOK, -1
	for name, c := range map[string]struct {
		role, limit string
		may         map[string]int
	}{
		"boss":     {"administrator", "", map[string]int{"stations": keep, "workers": keep, "organisations": keep, "volunteers": keep, "places": keep, "replies": keep}},
		"province": {"supervisor", "", map[string]int{"stations": keep, "workers": keep, "organisations": keep, "volunteers": keep, "places": look, "replies": keep}},
		"county":   {"supervisor", "440117", map[string]int{"stations": keep, "workers": keep, "organisations": keep, "volunteers": keep, "places": look, "replies": keep}},
		"station":  {"supervisor", taiping, map[string]int{"stations": look, "workers": keep, "organisations": none, "volunteers": none, "places": look, "replies": keep}},
		"auditor":  {"auditor", "", map[string]int{"stations": look, "workers": look, "organisations": look, "volunteers": look, "places": look, "replies": look}},
	} {
		b := w.as(name, c.role, c.limit)
		landing := b.get("/admin/directory").is(http.StatusOK, "Service standards")
		for register, may := range c.may {
			if strings.Contains(landing.body, `"/admin/`+register+`"`) != (may != none) {
				t.Errorf("%s: the page of the directory leads to %s, or not", name, register)
			}
			seen, changed := http.StatusOK, http.StatusOK
			switch may {
			case none:
				seen, changed = http.StatusNotFound, http.StatusNotFound
			case look:
				changed = http.StatusForbidden
			}
			b.get("/admin/" + register).is(seen)
			b.get("/admin/directory/" + register + "/export?format=csv").is(seen)
			b.get("/admin/directory/" + register + "/new").is(changed)
			b.get("/admin/directory/" + register + "/import").is(changed)
			if may != keep {
				if c.role == "auditor" {
					changed = http.StatusForbidden
				}
				b.post("/admin/directory/" + register + "/new").is(changed)
				b.upload(register, "x.csv", []byte("code,name\n")).is(changed)
				b.post("/admin/directory/" + register + "/records/x/off").is(changed)
			}
		}
		b.get("/admin/standards").is(http.StatusOK)
		if set := b.post("/admin/standards/health", "urgency", "normal", "reset", "1"); (set.StatusCode == http.StatusSeeOther) != (name == "boss") {
			t.Errorf("%s: %v", name, set)
		}
		b.get("/admin/directory/secrets/export").is(http.StatusNotFound)
	}
	w.browser().get("/admin/stations").leadsTo("/admin/login")
}

// TestDirectorySight: a county's supervisor reads and changes what is in their county, and nothing else by any way.
func TestDirectorySight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "supervisor", "440117")
	b.get("/admin/stations").is(http.StatusOK, taiping).lacks(another)
	b.get("/admin/organisations").is(http.StatusOK, "org-440117111-1").lacks("org-440103")
	b.get("/admin/directory/workers/export").is(http.StatusOK, "w-440117-2-1").lacks("w-440111-2-1")
	b.get("/admin/replies?q=Mine").is(http.StatusOK, "There is no such record")
	mine := b.get("/admin/stations/"+taiping+"/edit").is(http.StatusOK, "Save")
	for _, path := range []string{"/admin/stations/" + another + "/edit", "/admin/workers/w-440111-2-1/edit", "/admin/volunteers/nobody/edit", "/admin/replies/0/edit", "/admin/replies/x/edit"} {
		b.get(path).is(http.StatusNotFound)
	}
	station := func(county, was string) []string {
		return []string{"was", was, "name", "X", "county_code", county, "lat", "23.4", "lon", "113.4", "datum", "wgs84"}
	}
	b.post("/admin/directory/stations/records/"+another, station("440117", mine.was())...).is(http.StatusNotFound)
	b.post("/admin/directory/stations/records/" + another + "/off").is(http.StatusNotFound)
	b.post("/admin/directory/stations/records/"+taiping, station("440111", mine.was())...).is(http.StatusBadRequest, "yours to keep") // away with it
	b.post("/admin/directory/stations/new", append(station("440111", ""), "code", "st-new")...).is(http.StatusBadRequest, "yours to keep")
	b.post("/admin/directory/stations/new", append(station("440117", ""), "code", another)...).is(http.StatusBadRequest, "yours to keep")
	b.post("/admin/directory/workers/new", "code", "w-x", "name", "X", "station", another, "role", "worker").is(http.StatusBadRequest, "yours to keep")
	b.post("/admin/directory/replies/new", "language", "en", "title", "X", "text", "X", "active", "yes").is(http.StatusBadRequest, "yours to keep") // for all stations
	b.post("/admin/directory/replies/new", "station", taiping, "language", "en", "title", "Mine", "text", "X", "active", "yes").leadsTo("/admin/replies")
	if n := value[int](w, `SELECT count(*) FROM stations WHERE name = 'X'`) + value[int](w, `SELECT count(*) FROM workers WHERE name = 'X'`); n != 0 {
		t.Errorf("%d records were written", n)
	}
	b.get("/admin/replies?q=Mine").is(http.StatusOK, "Mine")
	w.as("li", "supervisor", another).get("/admin/replies?q=Mine").is(http.StatusOK).lacks("Taiping")
}

// TestStationForm: a station is made, shown, changed and refused in sentences; whoever is late sees what others have made of it.
func TestStationForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("boss", "administrator", "")
	b.get("/admin/directory/stations/new?county_code=440117").is(http.StatusOK, "New station", `value="440117"`, "picker.svg")
	made := []string{"code", "st-new", "name", "新站 <b>", "county_code", "440117", "lat", "23.5", "lon", "113.5", "datum", "wgs84", "phone", "020-1", "hours", "Mo-Fr 08:30-17:30"}
	b.post("/admin/directory/stations/new", made[:4]...).is(http.StatusBadRequest, "The position is missing", `value="st-new"`, "新站 &lt;b&gt;")
	for column, bad := range map[string]string{"code": "a b", "lat": "north", "phone": "call me", "hours": "sometimes", "name": "x\ny", "datum": "x"} {
		with := append([]string{}, made...)
		for i := 0; i < len(with); i += 2 {
			if with[i] == column {
				with[i+1] = bad
			}
		}
		b.post("/admin/directory/stations/new", with...).is(http.StatusBadRequest, `class="problem"`)
	}
	path := "/admin/stations/st-new/edit"
	b.post("/admin/directory/stations/new", made...).leadsTo(path)
	b.post("/admin/directory/stations/new", made...).is(http.StatusConflict, "such a record already")
	form := b.get(path).is(http.StatusOK, "新站 &lt;b&gt;", "Conghua District", `value="st-new"`, "readonly")
	b.get("/admin/stations/st-new").is(http.StatusOK, path)
	b.get("/admin/stations?q=ST-NEW").is(http.StatusOK, path, "/admin/directory/stations/export?format=csv&amp;q=ST-NEW")
	change := []string{"was", form.was(), "code", "other", "name", "改", "county_code", "440117", "lat", "23.5", "lon", "113.5", "datum", "gcj02", "categories", "health"}
	b.post("/admin/directory/stations/records/st-new", change...).leadsTo(path)
	if got := value[string](w, `SELECT concat(code, ' ', name, ' ', categories::text, ' ', hours, ' ', lat <> 23.5) FROM stations WHERE name = '改'`); got != "st-new 改 {health}  t" {
		t.Errorf("the station is %q", got)
	}
	b.post("/admin/directory/stations/records/st-new", change...).is(http.StatusConflict, "Somebody has changed this meanwhile", `value="改"`)
	b.post("/admin/directory/stations/records/nowhere", change...).is(http.StatusNotFound)
	if n := value[int](w, `SELECT count(*) FROM audit WHERE action = 'POST /admin/directory/{name}/new' AND object = 'st-new'`); n != 1 {
		t.Errorf("that it was made is on record %d times", n)
	}
}

// TestReplyForm: what a reply is known by may change; not to what another is known by.
func TestReplyForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "supervisor", taiping)
	reply := func(was, title string) []string {
		return []string{"was", was, "station", taiping, "category", "", "language", "en", "title", title, "text", "Hello, {worker} here", "active", "yes"}
	}
	b.post("/admin/directory/replies/new", reply("", "One")...).leadsTo("/admin/replies")
	b.post("/admin/directory/replies/new", reply("", "Two")...).leadsTo("/admin/replies")
	b.post("/admin/directory/replies/new", reply("", "Two")...).is(http.StatusConflict)
	b.post("/admin/directory/replies/new", reply("", strings.Repeat("x", 25))...).is(http.StatusBadRequest, "1 to 24")
	id := value[string](w, `SELECT id::text FROM canned_replies WHERE title = 'One'`)
	path, post := "/admin/replies/"+id+"/edit", "/admin/directory/replies/records/"+id
	form := b.get(path).is(http.StatusOK, "Hello, {worker} here")
	b.post(post, reply(form.was(), "Two")...).is(http.StatusConflict, "such a record already")
	b.post(post, reply(form.was(), "Three")...).leadsTo(path)
	b.post(post + "/off").leadsTo(path)
	b.get("/admin/replies?q=Three").is(http.StatusOK, "There is no such record")
	b.get("/admin/replies?q=Three&off=1").is(http.StatusOK, path, ">off<")
	b.post(post + "/off").is(http.StatusConflict)
	b.post(post + "/on").leadsTo(path)
	if n := value[int](w, `SELECT count(*) FROM canned_replies WHERE station IS NOT NULL AND active`); n != 2 {
		t.Errorf("there are %d replies of the station, want 2", n)
	}
	everybodys := value[string](w, `SELECT min(id)::text FROM canned_replies WHERE station IS NULL`)
	b.get("/admin/replies/"+everybodys+"/edit").is(http.StatusOK).lacks("Save", "Switch off")
	b.post("/admin/directory/replies/records/" + everybodys + "/off").is(http.StatusNotFound)
}

// TestStationSwitchedOff: the page says what hangs on a station, and what it has goes on to the next one.
func TestStationSwitchedOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "supervisor", "440117")
	w.join(77, "w-440117-2-1")
	waiting, inHand := w.ask(1, "我妈妈没人照顾"), w.ask(2, "我爸爸没人照顾")
	w.press(77, intake.ActClaim, inHand, "")
	path := "/admin/stations/" + taiping + "/edit"
	b.get(path).is(http.StatusOK, "1 requests that wait here and 1 that somebody has")
	b.post("/admin/directory/stations/records/" + taiping + "/off").leadsTo(path)
	for _, ref := range []string{waiting, inHand} {
		if v := w.view(ref); v.State != intake.Open || v.Station == nil || *v.Station == taiping || v.Worker != nil {
			t.Errorf("request %s is %s at %v", ref, v.State, v.Station)
		}
	}
	b.get("/admin/stations").is(http.StatusOK).lacks(path)
	b.get("/admin/stations?off=1").is(http.StatusOK, path)
	b.get(path).is(http.StatusOK, "Switch on")
	b.post("/admin/directory/stations/records/" + taiping + "/off").is(http.StatusConflict)
	b.post("/admin/directory/stations/records/" + taiping + "/on").leadsTo(path)
	w.ask(3, "我爷爷没人照顾") // there again
}

// TestPartnersSwitchedOff: organisations, volunteers and places are switched off and on, and are found no more meanwhile.
func TestPartnersSwitchedOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("boss", "administrator", "")
	for _, c := range []struct{ register, id, query string }{
		{"organisations", "org-440117111-1", `SELECT active FROM organisations WHERE code = $1`},
		{"volunteers", "v-440117-1", `SELECT active FROM partners WHERE code = $1`},
		{"places", "440117111", `SELECT active FROM places WHERE code = $1`},
	} {
		path, post := "/admin/"+c.register+"/"+c.id+"/edit", "/admin/directory/"+c.register+"/records/"+c.id
		form := b.get(path).is(http.StatusOK, "Switch off", "Save")
		b.post(post + "/off").leadsTo(path)
		if value[bool](w, c.query, c.id) {
			t.Errorf("%s %s is still there", c.register, c.id)
		}
		if page := b.get(path).is(http.StatusOK, "Switch on"); c.register != "places" {
			page.lacks(">Save<")
			b.post(post, "was", form.was()).is(http.StatusConflict)
		}
		b.get("/admin/directory/" + c.register + "/export?q=" + c.id).is(http.StatusOK)
		b.post(post + "/on").leadsTo(path)
		if !value[bool](w, c.query, c.id) {
			t.Errorf("%s %s is not there again", c.register, c.id)
		}
	}
	b.post("/admin/directory/workers/records/w-440117-2-1/off").is(http.StatusConflict) // they are dismissed, on their own page
}

// TestRegisterPages: a list goes on page by page to its end, each record once.
func TestRegisterPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("boss", "administrator", "")
	seen, path := map[string]bool{}, "/admin/places"
	for pages := 0; path != "" && pages < 40; pages++ {
		a := b.get(path).is(http.StatusOK)
		if len(a.body) > 100_000 {
			t.Errorf("%v has %d bytes", a, len(a.body))
		}
		for _, part := range strings.Split(a.body, `<a href="/admin/places/`)[1:] {
			code, _, listed := strings.Cut(part, "/edit")
			if !listed || strings.Contains(code, `"`) { // of another page
				continue
			}
			if seen[code] {
				t.Errorf("%s is listed twice", code)
			}
			seen[code] = true
		}
		path = ""
		if _, rest, more := strings.Cut(a.body, `<a href="/admin/places?`); more {
			query, _, _ := strings.Cut(rest, `"`)
			path = "/admin/places?" + strings.ReplaceAll(query, "&amp;", "&")
		}
	}
	if n := value[int](w, `SELECT count(*) FROM places`); len(seen) != n {
		t.Errorf("%d places are listed, of %d", len(seen), n)
	}
}

// TestDirectoryInBothLanguages: no page shows a key.
func TestDirectoryInBothLanguages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("boss", "administrator", "")
	bad := b.upload("stations", "x.csv", []byte("code,name,county_code,lat,lon,datum,phone,categories,hours\n1,,440117,x,y,,,,\n")).Header.Get("Location")
	for lang, words := range map[string][]string{"zh-CN": {"服务站", "队列", "服务标准", "缺少名称", "看看会改什么"}, "en": {"Stations", "Queue", "Service standards", "The name is missing", "Show what would change"}} {
		b.Accept = lang
		all := ""
		for _, path := range []string{"/admin/directory", "/admin/stations", "/admin/organisations", "/admin/volunteers", "/admin/places", "/admin/replies", "/admin/stations/" + taiping + "/edit",
			"/admin/workers/w-440117-2-1/edit", "/admin/volunteers/v-440117-1/edit", "/admin/directory/places/new", "/admin/directory/replies/new", "/admin/directory/organisations/new",
			"/admin/directory/volunteers/import", "/admin/standards", "/admin/standards/health", bad} {
			a := b.get(path).is(http.StatusOK, `<html lang="`+lang+`">`)
			columns := strings.NewReplacer("county_code", "", "place_code", "", "name_en", "", "reach_km", "")
			if found := looksLikeKey.FindAllString(columns.Replace(a.text()), -1); len(found) > 0 {
				t.Errorf("%v; in %s it shows %q", a, lang, found)
			}
			all += a.text()
		}
		for _, word := range words {
			if !strings.Contains(all, word) {
				t.Errorf("no page in %s says %q", lang, word)
			}
		}
	}
}

// TestDirectoryHostileValues: what no database can store is refused or ignored, and is no fault of ours.
func TestDirectoryHostileValues(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("boss", "administrator", "")
	for _, bad := range []string{"\x00", "\xff", "\u202e", "' OR 1=1 --", "../../x", strings.Repeat("甲", 4096), "9999999999999999999999"} {
		q := url.QueryEscape(bad)
		for _, path := range []string{"stations?q=" + q + "&after=" + q, "replies/" + url.PathEscape(bad) + "/edit", "directory/" + url.PathEscape(bad) + "/export", "directory/stations/export?q=" + q,
			"directory/stations/import/" + url.PathEscape(bad), "directory/stations/new?name=" + q, "standards/" + url.PathEscape(bad),
			"picker.svg?size=" + q + "&map_lat=" + q + "&map_km=" + q + "&lat=" + q + "&lang=" + q, "picker.svg?map_lat=NaN&map_lon=Inf&map_km=-1"} {
			if a := b.get("/admin/" + path); a.StatusCode >= http.StatusInternalServerError {
				t.Errorf("%v", a)
			}
		}
		for _, register := range []string{"stations", "workers", "organisations", "volunteers", "places", "replies"} {
			pairs := []string{"was", bad}
			for _, column := range []string{"code", "name", "name_en", "county_code", "place_code", "parent", "level", "lat", "lon", "datum", "phone", "categories", "hours", "station", "role",
				"specialties", "qualification", "fields", "contact", "capacity", "reach_km", "tasks", "category", "language", "title", "text", "active"} {
				pairs = append(pairs, column, bad)
			}
			for _, a := range []answer{b.post("/admin/directory/"+register+"/new", pairs...), b.post("/admin/directory/"+register+"/records/"+url.PathEscape(bad), pairs...),
				b.post("/admin/directory/" + register + "/records/" + url.PathEscape(bad) + "/off"), b.upload(register, bad, []byte(bad)),
				b.post("/admin/directory/" + register + "/import/" + url.PathEscape(bad) + "/confirm")} {
				if a.StatusCode >= http.StatusInternalServerError || a.StatusCode == http.StatusSeeOther {
					t.Errorf("%q: %v", fmt.Sprintf("%.20s", bad), a)
				}
			}
		}
		if a := b.post("/admin/standards/health", "urgency", bad, "claim", bad, "answer", bad, "resolve", bad); a.StatusCode >= http.StatusInternalServerError {
			t.Errorf("%v", a)
		}
	}
}
