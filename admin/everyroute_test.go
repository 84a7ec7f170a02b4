package admin_test

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// A route is one of the admin's: its method and pattern, and what serves it.
type route struct{ method, path, guard string }

func (r route) String() string { return r.method + " " + r.path }

var routes = regexp.MustCompile(`mux\.Handle\("(GET|POST) (/admin/[^"]*)", a\.(\w+)\(`)

// everyRoute are the routes of the admin, read from where they are made: nobody forgets a new one.
func everyRoute(t *testing.T) (all []route) {
	t.Helper()
	for _, found := range routes.FindAllStringSubmatch(sources(t, "*.go"), -1) {
		all = append(all, route{found[1], strings.TrimSuffix(found[2], "{$}"), found[3]})
	}
	if len(all) < 40 {
		t.Fatalf("found %d routes: does the pattern still fit?", len(all))
	}
	return all
}

// at is the route's path with values for its wildcards; what isn't among them is x.
func (r route) at(values map[string]string) string {
	return regexp.MustCompile(`\{(\w+)\}`).ReplaceAllStringFunc(r.path, func(name string) string {
		if value, ok := values[r.path[:strings.Index(r.path, name)]+name]; ok {
			return value
		}
		return "x"
	})
}

// do asks for a route as the browser's owner would.
func (b *browser) ask(r route, values map[string]string, pairs ...string) answer {
	b.w.Helper()
	if r.method == http.MethodGet {
		return b.get(r.at(values))
	}
	return b.post(r.at(values), pairs...)
}

// TestEveryRouteNeedsALogin: without one, or with one that has expired, every route but those of logging in leads to the login.
func TestEveryRouteNeedsALogin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	expired := w.as("mei", "administrator", "")
	values := w.theirs(ref, "mei")
	before := w.snapshot()
	w.must(w.execute(`UPDATE sessions SET expiry = now() - interval '1 second'`))
	open := []string{"/admin/login", "/admin/enter", "/admin/language", "/admin/logout"}
	for _, r := range everyRoute(t) {
		if slices.Contains(open, r.path) {
			continue
		}
		if r.guard == "open" {
			t.Errorf("%v is open to anybody", r)
		}
		for _, b := range []*browser{w.browser(), expired} {
			a := b.ask(r, values, "category", "health", "station", another, "change", "off", "reason", "x", "name", "x", "role", "auditor")
			if r.method == http.MethodPost {
				a.leadsTo("/admin/login?ended=1") // which says that it wasn't done
			} else {
				a.leadsTo("/admin/login")
			}
			a.lacks(ref, "照顾")
		}
	}
	if after := w.snapshot(); after != before {
		t.Errorf("it was\n%s\nand is\n%s", before, after)
	}
}

// TestEveryPostRefusesOtherSites: whatever a page elsewhere has a browser send, nothing is done.
func TestEveryPostRefusesOtherSites(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	b := w.as("mei", "administrator", "")
	values, before := w.theirs(ref, "mei"), w.snapshot()
	for _, r := range everyRoute(t) {
		if r.method != http.MethodPost {
			continue
		}
		for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"} {
			form := b.form(r.at(values), "category", "health", "station", another, "change", "off", "reason", "x")
			form.Header.Del("Sec-Fetch-Site")
			form.Header.Set(header, value)
			b.do(form).is(http.StatusForbidden)
		}
	}
	b.get("/admin/").is(http.StatusOK)
	if after := w.snapshot(); after != before {
		t.Errorf("it was\n%s\nand is\n%s", before, after)
	}
}

// TestAnothersRecordsOnEveryRoute: for who sees another station, what isn't in sight isn't there, whatever is asked of it.
func TestAnothersRecordsOnEveryRoute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	w.as("mei", "administrator", "")
	b := w.as("li", "supervisor", another)
	values, before := w.theirs(ref, "mei"), w.snapshot()
	for _, r := range everyRoute(t) {
		if !strings.Contains(r.path, "{") || strings.Contains(r.path, "{chart}") ||
			strings.Contains(r.path, "/directory/{name}") && strings.Count(r.path, "{") == 1 { // a list of which everybody has some
			continue
		}
		a := b.ask(r, values, "category", "health", "station", another, "change", "off", "reason", "x", "from", "2026-12-24", "sure", "yes", "name", "x")
		if a.StatusCode != http.StatusNotFound && (a.StatusCode != http.StatusForbidden || r.guard != "administrator") &&
			(a.StatusCode != http.StatusConflict || !strings.HasSuffix(r.path, "/off") && !strings.HasSuffix(r.path, "/on")) { // workers are switched nowhere here: of any code it says the same
			t.Errorf("%v", a)
		}
		a.lacks("照顾", "Taiping")
	}
	if after := w.snapshot(); after != before {
		t.Errorf("it was\n%s\nand is\n%s", before, after)
	}
}

// theirs are the wildcards of routes, by the path up to them, for what belongs to Taiping and an account.
func (w *world) theirs(ref, account string) map[string]string {
	w.Helper()
	trouble := strings.TrimPrefix(w.setAside(77, "my roof leaks"), "/admin/troubles/")
	var login string
	w.must(w.db.Get(&login, `SELECT max(id) FROM logins WHERE account = $1`, account))
	w.must(w.execute(`INSERT INTO previews (id, account, register, file, sheet, plan, made_at)
		VALUES ('THEIRSTHEIRSTHEIRSTHEIRS', $1, 'workers', '照顾.csv', '', '{}', now())`, account))
	w.must(w.execute(`INSERT INTO saved_views (account, slot, name, filters) VALUES ($1, 1, '照顾', '')`, account))
	view := value[string](w, `SELECT CAST(id AS text) FROM saved_views`)
	_, _, err := w.intake.NewSystem(w.Context(), "Hotline", "", false, account)
	w.must(err)
	key := value[string](w, `SELECT CAST(id AS text) FROM systems`)
	return map[string]string{"/admin/requests/{ref}": ref, "/admin/stations/{code}": taiping, "/admin/workers/{code}": lead, "/admin/troubles/{id}": trouble,
		"/admin/accounts/{name}": account, "/admin/me/sessions/{id}": login,
		"/admin/views/{id}": view, "/admin/keys/{id}": key, "/admin/directory/{name}": "workers", "/admin/directory/{name}/records/{code}": lead, "/admin/directory/{name}/import/{id}": "THEIRSTHEIRSTHEIRSTHEIRS"}
}

// snapshot is all that a form could change.
func (w *world) snapshot() (all string) {
	w.Helper()
	for _, table := range []string{"requests", "workers", "accounts", "troubles", "blocks", "absences", "invites", "previews", "saved_views", "systems"} {
		var rows string
		w.must(w.db.Get(&rows, `SELECT coalesce(string_agg(CAST(t AS text), E'\n' ORDER BY CAST(t AS text)), '') FROM `+table+` t`))
		all += table + ":\n" + rows + "\n"
	}
	return all
}

// hostileWords are what people write who want something else than help.
var hostileWords = []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `{{.T "login"}} 'quoted' & </blockquote>`, `=HYPERLINK("http://evil.example","x")`,
	"\u202egpj.exe\u202c \u2066turned\u2069 \u200fשלום", strings.Repeat("W", 4096)}

// TestHostileWordsOnEveryPage: wherever strangers' words come to stand, they are text, turn nothing around them, and are no
// formula in a sheet.
func TestHostileWordsOnEveryPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	visits := w.visits()
	for i, words := range hostileWords {
		w.ask(int64(100+i), words)
		short := string([]rune(words)[:min(len([]rune(words)), 60)])
		code := "st-440117-" + strconv.Itoa(i+1)
		w.must(w.execute(`UPDATE stations SET name = $2, name_en = $2 WHERE code = $1`, code, short))
		w.must(w.execute(`UPDATE workers SET name = $2 WHERE station = $1`, code, short))
		w.must(w.execute(`UPDATE places SET name = $1, name_en = $1 WHERE code = (SELECT code FROM places WHERE level = 'village' ORDER BY code OFFSET $2 LIMIT 1)`, short, i))
	}
	w.must(w.execute(`UPDATE requests SET text = text || $1`, "\u202e"+hostileWords[1])) // past all that cleans it
	w.must(w.intake.Router.Reload(t.Context()))
	b := w.as("mei", "administrator", "")
	sheets := 0
	for _, v := range visits {
		a := b.get(v.path)
		if a.StatusCode >= http.StatusInternalServerError {
			t.Errorf("%v", a)
		}
		harmlessPage(a)
		for _, format := range regexp.MustCompile(`name="format" value="(\w+)"(?: formaction="([^"]+)")?`).FindAllStringSubmatch(a.body, -1) {
			path, query, _ := strings.Cut(v.path, "?")
			w.harmlessSheet(b.get(cmp.Or(format[2], path)+"?"+query+"&format="+format[1]), format[1])
			sheets++
		}
	}
	if sheets < 5 {
		t.Errorf("%d sheets were opened", sheets)
	}
}

// harmlessPage checks that no stranger's words became a part of the page.
func harmlessPage(a answer) {
	a.w.Helper()
	a.lacks("<script>alert", "<img src=x", "\u202e", "\u2066", " onerror=alert(1)>", "</blockquote> ")
	if strings.Contains(html.UnescapeString(a.body), "\u202e") {
		a.w.Errorf("%v; it turns what stands around", a)
	}
}

// harmlessSheet checks that no cell of a table is a formula, or turns what stands around it.
func (w *world) harmlessSheet(a answer, format string) {
	w.Helper()
	var rows [][]string
	switch format {
	case "csv":
		var err error
		rows, err = csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
		w.must(err)
	case "xlsx":
		book, err := excelize.OpenReader(bytes.NewReader([]byte(a.body)))
		w.must(err)
		defer book.Close()
		for _, name := range book.GetSheetList() {
			some, err := book.GetRows(name)
			w.must(err)
			rows = append(rows, some...)
			for y, row := range some {
				for x := range row {
					cell, _ := excelize.CoordinatesToCellName(x+1, y+1)
					if formula, _ := book.GetCellFormula(name, cell); formula != "" {
						w.Errorf("%v: %s is the formula %q", a, cell, formula)
					}
				}
			}
		}
	default:
		w.Fatalf("%v: this test can't read %s", a, format)
	}
	if len(rows) == 0 {
		w.Errorf("%v: it has no rows", a)
	}
	for _, row := range rows {
		for _, cell := range row {
			if format == "csv" && strings.IndexAny(cell, "=+-@\t\r") == 0 || strings.ContainsAny(cell, "\u202e\u2066\x00") {
				w.Errorf("%v has the cell %q", a, cell)
			}
		}
	}
}
