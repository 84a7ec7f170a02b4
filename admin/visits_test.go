package admin_test

import (
	"net/http"
	"path"
	"strings"

	"github.com/chromedp/chromedp"

	"onedoor/intake"
)

// visit is a page that is looked at by its tests: whose template, at which path, as whom, and something that it alone shows.
type visit struct {
	page, path string
	as         string // a role, or "" for somebody who isn't logged in
	shows      string // a selector
	then       string // a script that leads to the page from the path, for one that only a form leads to
}

// visitedPages are the visits, with $ in the place of what is made for them: $R an open request's number, $H that of one that a worker has and others help with, $E an emergency's, $L a
// worker's link, $I a file whose changes are shown, $J one with faults, $K one with texts.
func visitedPages() []visit {
	const boss = "administrator"
	return []visit{
		{"login", "/admin/login", "", "input[name=password]", ""},
		{"enter", "/admin/enter?link=$L", "", "input[name=link]", ""},
		{"enter", "/admin/enter?link=x", "", ".problem", ""},
		{"login", "/admin/login", "", ".problem", `document.querySelector("input[name=name]").value = "x"; document.querySelector("input[name=password]").value = "x"; document.querySelector("main form").submit()`},
		{"error", "/admin/nowhere", "", "main a[href='/admin/']", ""},
		{"code", "/admin/code", boss, "svg.qr", ""},
		{"password", "/admin/password", boss, "input[name=again]", ""},
		{"board", "/admin/", boss, ".item .acts", ""},
		{"board", "/admin/?reason=trouble", boss, ".item", ""},
		{"loads", "/admin/loads", boss, "table.loads", ""},
		{"search", "/admin/requests?q=照顾&urgency=normal", boss, "table.requests", ""},
		{"search", "/admin/requests?q=x", boss, "main form", ""},
		{"station", "/admin/stations/" + taiping, boss, "table.requests", ""},
		{"station", "/admin/stations/" + another, boss, "main .card", ""},
		{"request", "/admin/requests/$R", boss, ".timeline", ""},
		{"request", "/admin/requests/$R", boss, "main .problem", `const f = document.querySelector("form[action$='/assign']"); f.seen.value = "1"; f.submit()`},
		{"request", "/admin/requests/$H", boss, "#helpers", `for (const d of document.querySelectorAll("main details")) d.open = true`},
		{"block", "/admin/requests/$R/block", boss, "input[name=reason]", ""},
		{"confirm", "/admin/requests/$E", boss, "input[name=sure]", `const f = document.querySelector("form[action$='/station']"); f.station.value = "` + another + `"; f.submit()`},
		{"directory", "/admin/directory", boss, "ul.tiles", ""},
		{"register", "/admin/stations", boss, "table.stack", ""},
		{"register", "/admin/organisations", boss, "table.stack", ""},
		{"register", "/admin/volunteers", boss, "table.stack", ""},
		{"register", "/admin/places", boss, "table.stack", ""},
		{"register", "/admin/replies", boss, "table.stack", ""},
		{"register", "/admin/replies?q=nowhere", boss, ".empty", ""},
		{"entry", "/admin/stations/" + taiping + "/edit", boss, ".picker", ""},
		{"entry", "/admin/places/440117/edit", boss, ".picker", ""},
		{"entry", "/admin/directory/replies/new", boss, "textarea", ""},
		{"entry", "/admin/directory/organisations/new", boss, ".problems", `document.querySelector("form.entry").submit()`},
		{"import", "/admin/directory/stations/import", boss, "input[type=file]", ""},
		{"preview", "/admin/directory/stations/import/$I", boss, ".changes", ""},
		{"preview", "/admin/directory/workers/import/$J", boss, "p.problem", ""},
		{"import", "/admin/directory/standards/import", boss, "input[type=file]", ""},
		{"import", "/admin/directory/texts/import", boss, "input[type=file]", ""},
		{"preview", "/admin/directory/texts/import/$K", boss, ".changes", ""},
		{"boundaries", "/admin/places/boundaries", boss, "input[type=file]", ""},
		{"standards", "/admin/standards", boss, "table.stack", ""},
		{"standard", "/admin/standards/health", boss, "input[type=number]", ""},
		{"map", "/admin/map", boss, "svg.map", ""},
		{"map", "/admin/map?z=11&at=23.449,113.482", boss, "svg.map", ""},
		{"coverage", "/admin/coverage", boss, ".tiles", ""},
		{"coverage", "/admin/coverage?in=440117", boss, ".tiles", ""},
		{"equity", "/admin/equity", boss, "main form", ""},
		{"times", "/admin/times", boss, "table.times", ""},
		{"times", "/admin/times?by=day", boss, "table.times", ""},
		{"behind", "/admin/times/requests?clock=claim&part=all", boss, "table.stack", ""},
		{"behind", "/admin/times/requests?organisation=x&part=asked", boss, ".empty", ""},
		{"staffing", "/admin/staffing", boss, "main form", ""},
		{"workers", "/admin/workers", boss, "table.stack", ""}, // as many as there may be
		{"worker", "/admin/workers/" + lead, boss, "input[name=from]", ""},
		{"posters", "/admin/posters?q=太平", boss, "table.stack", ""},
		{"poster", "/admin/posters/print?place=440117", boss, ".poster", ""},
		{"me", "/admin/me", boss, "table.stack", ""},
		{"accounts", "/admin/accounts", boss, "input[name=worker]", ""},
		{"keys", "/admin/keys", boss, "table.stack", ""},
		{"keys", "/admin/keys", boss, "code.link", `document.querySelector("main table form button").click()`},
		{"audit", "/admin/audit", boss, "table.stack", ""},
		{"wordings", "/admin/texts?in=zh-HK", boss, "table.stack", ""},
		{"wording", "/admin/texts/en/claimed_by", boss, "textarea", ""},
		{"troubles", "/admin/troubles", boss, "article.trouble", ""},
		{"board", "/admin/", "auditor", "main .card", ""},
		{"request", "/admin/requests/$R", "auditor", ".timeline", ""},
		{"entry", "/admin/stations/" + taiping + "/edit", "auditor", "main dl", ""},
		{"standard", "/admin/standards/health", "auditor", "main dl", ""},
	}
}

// visits are the visits in a world that has something to show on each page, hostile words among it.
func (w *world) visits() []visit {
	w.Helper()
	long := w.ask(1, strings.Repeat("门", 4096))
	w.ask(2, `<script>alert(1)</script><img src=x onerror=alert(1)> =HYPERLINK("http://x") `+"\u202eabc\u202c")
	w.ask(3, strings.Repeat("W", 4096))
	w.join(901, lead)
	w.press(901, intake.ActClaim, long, "")
	w.act(901, intake.Said{Text: "You may come at ten"})
	open := w.ask(4, "我爸爸没人照顾，要轮椅")
	w.act(4, intake.Sent{Kind: "photo", FileID: "photo", Text: "这是门口"})
	w.act(5, intake.Said{Text: "救命，我家着火了"})
	w.act(6, intake.Said{Text: "你好，我有点事情想问一下，不知道找谁"})
	w.setAside(7, "my roof leaks")
	helped := w.helped(8)
	changes, faults, words := w.kept()
	var alarm string
	w.must(w.db.Get(&alarm, `SELECT ref FROM requests WHERE urgency = 'emergency'`))
	made := strings.NewReplacer("$R", open, "$H", helped, "$E", alarm, "$L", w.linkOf(901), "$I", changes, "$J", faults, "$K", words)
	all := visitedPages()
	for i := range all {
		all[i].path = made.Replace(all[i].path)
	}
	return all
}

// helped is a request that a worker has, with all that a desk can plan for it, and volunteers who are asked.
func (w *world) helped(chat int64) (ref string) {
	w.Helper()
	w.volunteer()
	ref = w.ask(chat, "奶奶一个人住，要人帮忙买米")
	w.press(901, intake.ActClaim, ref, "")
	by, soon := intake.Supervisor{Name: "mei", Sight: intake.Sight{All: true}}, w.intake.Now().AddDate(0, 0, 2)
	w.must(w.intake.Appoint(w.Context(), by, ref, "home", soon))
	w.must(w.intake.Remind(w.Context(), by, ref, soon))
	w.must(w.intake.Await(w.Context(), by, ref, ""))
	w.must(w.intake.AskVolunteers(w.Context(), by, ref, "shopping", strings.Repeat("W", 100)))
	w.act(volunteerChat, intake.Pressed{Press: intake.Press{Action: intake.ActAccept, Arg: value[string](w, `SELECT max(id)::text FROM referrals`)}})
	message := value[int64](w, `SELECT max(id) FROM messages WHERE text LIKE '奶奶%'`)
	w.must(w.execute(`INSERT INTO translations (message_id, language, text, asked_at) SELECT $1, l, 'Grandmother lives alone and needs somebody who buys rice', now() FROM unnest(ARRAY['en', 'zh-CN', 'zh-HK']) l`, message))
	w.must(w.intake.Answer(w.Context(), intake.Supervisor{Name: "administrator-here", Sight: by.Sight}, ref, "I come at ten"))
	return ref
}

// kept has an administrator keep something of each kind that pages list, and returns the previews of three files that they sent.
func (w *world) kept() (changes, faults, words string) {
	w.Helper()
	b := w.as("administrator-here", "administrator", "")
	b.post("/admin/keys", "name", "County system "+strings.Repeat("W", 40), "county", "440117").is(http.StatusOK)
	b.post("/admin/views", "name", strings.Repeat("W", 60), "filters", "urgency=normal").is(http.StatusSeeOther)
	b.post("/admin/standards/health", "urgency", "normal", "claim", "60", "answer", "90", "resolve", "1", "resolve_unit", "days").leadsTo("/admin/standards/health")
	changes = b.previewed("stations", []byte(stationHeader+"st-new,"+strings.Repeat("W", 60)+",999999,23.5,113.5,wgs84,,health,,\n"+taiping+",改名站,440117,23.452,113.488,wgs84,12345,,,\n"))
	faults = b.previewed("workers", []byte("code,name,station,role,phone,specialties\nw-new,,st-440117-2,worker,,\nw-other,新人,"+strings.Repeat("9", 60)+",worker,,\n"))
	words = b.previewed("texts", []byte("language,key,text\nen,claimed_by,{{.Worker}} "+strings.Repeat("W", 60)+" {{.Ref}}\n"))
	b.upload("boundaries", "x.geojson", features(coast("440117", 23.55, 113.59, 0.3, 300), coast("nowhere", 23, 113, 1, 40))).is(http.StatusOK)
	return path.Base(changes), path.Base(faults), path.Base(words)
}

// logIn logs somebody with a role in, who sees all.
func (b *window) logIn(role string) {
	b.Helper()
	if !value[bool](b.world, `SELECT EXISTS (SELECT FROM accounts WHERE name = $1)`, role+"-here") {
		b.as(role+"-here", role, "")
	}
	b.goTo("/admin/login")
	b.do(chromedp.SendKeys("input[name=name]", role+"-here"), chromedp.SendKeys("input[name=password]", secret), chromedp.Click("button.main"),
		chromedp.WaitReady(`form[action="/admin/logout"]`))
	b.as(role+"-other", role, "").get("/admin/").is(http.StatusOK)
}
