package admin_test

import (
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"onedoor/admin"
	"onedoor/intake"
	"onedoor/internal/hant"
	"onedoor/prompts"
	"onedoor/routing"
)

// catalogue is a language's texts by key.
func catalogue(t *testing.T, lang string) map[string]any {
	t.Helper()
	var all map[string]any
	if _, err := toml.DecodeFile("texts/"+lang+".toml", &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestCataloguesHaveTheSameKeys(t *testing.T) {
	t.Parallel()
	first := slices.Sorted(maps.Keys(catalogue(t, admin.Languages()[0])))
	for _, lang := range admin.Languages()[1:] {
		for _, key := range slices.Sorted(maps.Keys(catalogue(t, lang))) {
			if !slices.Contains(first, key) {
				t.Errorf("only %s has %q", lang, key)
			}
		}
		for _, key := range first {
			if _, ok := catalogue(t, lang)[key]; !ok {
				t.Errorf("%s lacks %q", lang, key)
			}
		}
	}
}

// sources is what all files of a pattern say.
func sources(t *testing.T, pattern string) string {
	t.Helper()
	var all strings.Builder
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(paths), err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// Every key that a page or the code names is in the catalogue.
func TestNamedTextsExist(t *testing.T) {
	t.Parallel()
	known := catalogue(t, "en")
	pages := regexp.MustCompile(`\.(?:T|In "[^"]+") "([^"]+)"`).FindAllStringSubmatch(sources(t, "pages/*.html"), -1)
	code := sources(t, "*.go")
	named := append(pages, regexp.MustCompile(`\bT\("(\w+)"[,)]`).FindAllStringSubmatch(code, -1)...)
	titles := regexp.MustCompile(`a\.page\(r, "(\w+)"\)`).FindAllStringSubmatch(code, -1)
	problems := regexp.MustCompile(`(?:key = .*, |badRequest\{|[pP]roblem(?: =|:) )"(\w+)"`).FindAllStringSubmatch(code, -1)
	if len(pages) < 50 || len(titles) < 6 || len(problems) < 7 {
		t.Fatalf("found %d keys in the pages, %d titles and %d problems: do the patterns still fit?", len(pages), len(titles), len(problems))
	}
	for _, key := range slices.Concat(named, titles, problems) {
		if _, ok := known[key[1]]; !ok {
			t.Errorf("%q is not in the catalogue", key[1])
		}
	}
}

// Every key made of a prefix and a value of the schema, or of a constant, is in the catalogue.
func TestMadeTextsExist(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	known := catalogue(t, "en")
	made := map[string][]string{
		"language_":    admin.Languages(),
		"told_":        intake.ToldKinds(),
		"refused_":     refusals(),
		"follow_":      {intake.FollowRemind, intake.FollowAppointment, intake.FollowWait},
		"how_":         {"set", "cancelled", "more", "reminded", intake.ActFits, intake.ActUnfit},
		"passed_":      append(intake.PassReasons(), intake.ReasonOther),
		"reason_":      append(w.values("endings", "reason"), intake.BoardReasons()...),
		"task_":        intake.Tasks(),
		"meeting_":     intake.AppointmentPlaces(),
		"report_":      intake.ReportOutcomes(),
		"weekday_":     {"0", "1", "2", "3", "4", "5", "6"},
		"referred_":    {"asked", "offered", "accepted", "declined", "unanswered", "recalled", "over", "gone", "done"},
		"source_":      {prompts.SourceOffline, prompts.SourceModel},
		"for_":         append(prompts.Relations(), prompts.ForSelf),
		"verdict_":     {routing.Nearest, routing.Inactive, routing.OtherServices, routing.Unstaffed, routing.NobodyOnDuty, routing.Excluded},
		"block_":       w.values("blocks", "kind"),
		"reminded_":    {"resident", "worker", "called", "supervisors", "county"},
		"role_":        append(w.values("workers", "role"), w.values("accounts", "role")...),
		"duty_":        w.values("workers", "duty"),
		"poster_":      {"110", "119", "120", "step1", "step2", "step3"},
		"map_":         {"late", "soon", "later", "station", "empty", "far"},
		"map_legend_":  {"late", "soon", "later", "station", "empty", "far"},
		"map_kind_":    {"request", "station", "village"},
		"map_move_":    {"in", "out", "west", "north", "south", "east"},
		"by_":          {"station", "worker_station", "category", "urgency", "county", "setting", "day", "week", "month"},
		"setting_":     {"urban", "rural", "-"},
		"time_to_":     {"claim", "answer", "resolve"},
		"equity_half_": {"claim", "answer", "resolve"}, "equity_points_": {"less", "more"}, "equity_time_": {"less", "more"},
		"behind_":   {"all", "stopped", "running", "overdue", "within", "late", "due", "solved", "rated", "satisfied"},
		"audit_":    auditKeys(t),
		"short_":    intake.BoardReasons(),
		"register_": append(registers(w), "standards", "texts"), "about_": append(registers(w), "standards", "texts"), "unit_": intake.TimeUnits(), "new_": registers(w), "off_": {"stations", "organisations", "volunteers", "places", "replies"},
		"column_": columns(w), "boxes_": {"categories", "specialties", "tasks", "fields"}, "hint_": {"code", "hours", "text"},
		"level_": w.values("places", "level"), "qualification_": prompts.Qualifications(), "field_": prompts.Fields(),
		"chat_language_": intake.Languages(), "answer_": {"yes", "no"}, "hours_": {"mo", "tu", "we", "th", "fr", "sa", "su", "ph"}, "datum_": {"wgs84", "gcj02"}, "fault_": faults(t),
		"filter_": {"state", "category", "urgency", "station", "county", "worker", "triage", "from", "to", "overdue", "unhappy", "unnamed", "sort"},
		"cause_":  {"update_unreadable", "update_failed", "notice_refused", "notice_failed", "job_failed"},
	}
	for prefix, column := range map[string][2]string{"state_": {"requests", "state"}, "triage_": {"requests", "triage"}, "urgency_": {"requests", "urgency"},
		"outcome_": {"requests", "outcome"}, "crisis_": {"requests", "crisis"}, "event_": {"events", "kind"}, "actor_": {"events", "actor"}, "kind_": {"messages", "kind"},
		"trouble_": {"troubles", "kind"}, "did_": {"trouble_events", "kind"}} {
		made[prefix] = w.values(column[0], column[1])
	}
	for prefix, values := range made {
		if len(values) < 2 {
			t.Errorf("%s: only %q", prefix, values)
		}
		for _, value := range values {
			if _, ok := known[prefix+value]; !ok && value != "" {
				t.Errorf("%q is not in the catalogue", prefix+value)
			}
		}
	}
	for _, prefix := range regexp.MustCompile(`(?:print |T\(|made\()"(\w+_)"`).FindAllStringSubmatch(sources(t, "pages/*.html")+sources(t, "*.go"), -1) {
		if _, ok := made[prefix[1]]; !ok {
			t.Errorf("this test doesn't know what follows %q", prefix[1])
		}
	}
}

// refusals are why a supervisor's decision is refused, as keys.
func refusals() (all []string) {
	for _, r := range intake.Refusals() {
		all = append(all, string(r))
	}
	return all
}

// registers are the names of those that people keep.
func registers(w *world) (names []string) {
	for _, reg := range w.intake.Registers() {
		names = append(names, reg.Name)
	}
	return names
}

// columns are all that registers have.
func columns(w *world) (all []string) {
	for _, reg := range w.intake.Registers() {
		all = append(all, reg.All()...)
	}
	return append(all, "active", "category", "urgency", "claim", "answer", "resolve", "language", "key", "original", "text")
}

// faults are the keys of all that the readers of sheets say is wrong.
func faults(t *testing.T) (keys []string) {
	t.Helper()
	said := regexp.MustCompile(`(?:\b(?:c|check)\.(?:Add|Warn)\([\w\[\]]+, |\bfault\(|NewFault\()"((?:[^"\\]|\\.)*)"`)
	verb, other := regexp.MustCompile(`%[a-z]`), regexp.MustCompile(`[^a-z0-9]+`)
	for _, pattern := range []string{"../internal/sheet/*.go", "../routing/*.go", "../intake/*.go", "*.go"} {
		for _, found := range said.FindAllStringSubmatch(sources(t, pattern), -1) {
			keys = append(keys, strings.Trim(other.ReplaceAllString(verb.ReplaceAllString(strings.ToLower(found[1]), ""), "_"), "_"))
		}
	}
	calendar := []string{"is_not_a_date_such_as_2026_01_04", "kind_is_neither_off_nor_work", "date_stands_in_line_already"} // which no page imports
	keys = slices.DeleteFunc(keys, func(key string) bool { return slices.Contains(calendar, key) })
	if len(keys) < 50 {
		t.Fatalf("found %d faults: does the pattern still fit?", len(keys))
	}
	return keys
}

// values are those that the schema allows in a column.
func (w *world) values(table, column string) (all []string) {
	w.Helper()
	w.must(w.db.Select(&all, `
		SELECT value[1] FROM pg_constraint, regexp_matches(pg_get_constraintdef(oid), '''([a-z_]*)''', 'g') AS value
		WHERE conname = $1 || '_' || $2 || '_check'`, table, column))
	return all
}

// looksLikeKey finds what a reader should never see: a key of the catalogue or of the taxonomy.
var looksLikeKey = regexp.MustCompile(`\b[a-z]+_[a-zA-Z_]*`)

func TestPagesInEveryLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	open, closed := w.ask(1, "我妈妈没人照顾"), w.ask(2, "我爸爸没人照顾")
	w.must(w.intake.SendTo(w.Context(), open, another, "root"))
	w.must(w.intake.Reclassify(w.Context(), open, "health", "root"))
	w.close(closed)
	w.act(3, intake.Said{Text: "救命，我家着火了"})
	var alarm string
	w.must(w.db.Get(&alarm, `SELECT ref FROM requests WHERE urgency = 'emergency'`))
	b := w.as("mei", "administrator", "")
	stranger := w.browser()
	for lang, words := range map[string][]string{
		"zh-CN": {"等待处理", "从化区太平镇社会工作服务站", "改服务", "已结束 · 已解决", "紧急", "响应时间", "登录", "设置密码", "这里没有内容"},
		"en":    {"What waits", "Taiping Town Social Work Station", "Service changed", "closed · solved", "Emergency", "Response times", "Log in", "Choose a password", "There is nothing here"},
		"zh-HK": {"等候處理", "從化區太平鎮社會工作服務站", "更改服務", "已結案 · 已解決", "緊急", "回應時間", "登入", "設定密碼", "此處沒有內容", "從化區太平鎮"},
	} {
		b.Accept, stranger.Accept = lang+",fr;q=0.5", lang
		all := ""
		for _, a := range []answer{b.get("/admin/"), b.get("/admin/stations/" + taiping), b.get("/admin/stations/" + another),
			b.get("/admin/requests/" + open), b.get("/admin/requests/" + closed), b.get("/admin/requests/" + alarm),
			b.get("/admin/requests"), b.get("/admin/requests?state=open&category=-&sort=pressing&overdue=1&county=440117&triage=unclear&urgency=normal"), b.get("/admin/times"), b.get("/admin/times?by=category"), b.get("/admin/times?from=2001-01-01&to=2001-01-01"), b.get("/admin/times?from=x"),
			b.get("/admin/map"), b.get("/admin/map?z=14&at=23.449,113.482&here=23.449,113.482"), b.get("/admin/coverage"), b.get("/admin/coverage?in=440117"),
			b.get("/admin/posters?q=太平"), b.get("/admin/posters?q=xyz"), b.get("/admin/requests/" + open + "/block"),
			b.get("/admin/password"), b.post("/admin/password"), b.get("/admin/nowhere"), b.post("/admin/requests/"+closed+"/category", "category", "health"),
			stranger.get("/admin/login"), stranger.login("nobody", "x")} {
			a.is(a.StatusCode, `<html lang="`+strings.Replace(lang, "zh-HK", "zh-Hant-HK", 1)+`">`, "<title>", "</html>")
			if found := looksLikeKey.FindAllString(a.text(), -1); len(found) > 0 {
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

// Whoever reads traditional characters gets pages in them, whatever their browser calls the language.
func TestBrowsersAreAnsweredInTheirLanguage(t *testing.T) {
	t.Parallel()
	b := newWorld(t).browser()
	for accept, words := range map[string]string{"zh-HK,en;q=0.5": "登入", "zh-TW": "登入", "zh-Hant": "登入", "zh-Hant-MO;q=0.9": "登入", "yue": "登入",
		"zh-CN,zh;q=0.9": "登录", "zh-Hans-HK": "登录", "zh": "登录", "": "登录", "en-HK": "Log in", "fr": "Log in"} {
		b.Accept = accept
		b.get("/admin/login").is(http.StatusOK, "<h1>"+words+"</h1>")
	}
}

// The buttons say each language in itself, and which of them is the page's.
func TestLanguagesAreButtons(t *testing.T) {
	t.Parallel()
	b := newWorld(t).browser()
	b.Accept = "zh-HK"
	b.get("/admin/login").is(http.StatusOK, `<button name="language" value="zh-CN" lang="zh-CN">简体</button>`,
		`<button name="language" value="zh-HK" lang="zh-Hant-HK" aria-pressed="true">繁體</button>`, `<button name="language" value="en" lang="en">English</button>`)
}

// TestScripts: a text in traditional characters has none of the others, but for the languages' own names.
func TestScripts(t *testing.T) {
	t.Parallel()
	for key, text := range catalogue(t, "zh-HK") {
		if written, ok := text.(string); ok && !strings.HasPrefix(key, "language_") && hant.Traditional(written) != written {
			t.Errorf("%s is %q, want %q", key, written, hant.Traditional(written))
		}
	}
}

// TestNamesAreInScript: names of places and stations are written by the page, in the characters of its reader.
func TestNamesAreInScript(t *testing.T) {
	t.Parallel()
	if past := regexp.MustCompile(`\bDescribe(?:Above)?\([^)]*p\.Lang`).FindAllString(sources(t, "*.go"), -1); len(past) != 1 {
		t.Errorf("places are named by %q; page.Described writes them as the reader does", past)
	}
}

func TestLanguageIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "administrator", "")
	b.post("/admin/language", "language", "zh-CN", "back", "/admin/times").leadsTo("/admin/times")
	b.get("/admin/times").is(http.StatusOK, "响应时间")
	b.post("/admin/language", "language", "xx", "back", "/admin/").leadsTo("/admin/")
	b.get("/admin/times").is(http.StatusOK, "响应时间")
	b.post("/admin/language", "language", "zh-HK", "back", "/admin/").leadsTo("/admin/")
	b.get("/admin/times").is(http.StatusOK, "回應時間")
	b.get("/admin/times?by=day&hours=open").is(http.StatusOK, `name="back" value="/admin/times?by=day&amp;hours=open"`)
	b.post("/admin/password").is(http.StatusBadRequest, `name="back" value="/admin/"`)
	for _, back := range []string{"", "https://elsewhere.example", "//elsewhere.example", `/admin/\elsewhere`, "/\\elsewhere.example", "/admin"} {
		b.post("/admin/language", "language", "en", "back", back).leadsTo("/admin/")
	}
}
