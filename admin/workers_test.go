package admin_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"onedoor/intake"
)

// made is the one-time code of an invitation on a page.
var made = regexp.MustCompile(`>https://t\.me/onedoor_test_bot\?start=(w_[0-9A-Z]+)<`)

// TestWorkerJoins: a supervisor adds a worker, makes a link that is shown once, and whoever opens it has joined.
func TestWorkerJoins(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "supervisor", taiping)
	b.get("/admin/workers").is(http.StatusOK, "Add a worker", `<option value="`+taiping+`"`, "Not joined yet").lacks(`value="` + another + `"`)
	added := b.post("/admin/workers", "name", "  王 <b>小明 ", "station", taiping, "role", "worker", "phone", "020-12345678", "specialty", "health")
	path := added.Header.Get("Location")
	added.leadsTo(path)
	b.get(path).is(http.StatusOK, "王 &lt;b&gt;小明", "Not joined yet", "020-12345678", "Health and sanitation", "Make a one-time link")
	page := b.post(path+"/invite").is(http.StatusOK, "One-time link", "<svg", "72 hours")
	code := made.FindStringSubmatch(page.body)
	if code == nil || page.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("there is no link on the page, or it may be kept: %s", page.body)
	}
	b.get(path).is(http.StatusOK, "Invited, not joined yet").lacks(code[1])
	w.act(77, intake.Command{Name: "start", Arg: code[1]})
	b.get(path).is(http.StatusOK, "On duty", "For another phone")
	b.get("/admin/workers?q=小明").is(http.StatusOK, "小明", "On duty").lacks("There is no such worker")
	b.get("/admin/workers?q=nobody-like-this").is(http.StatusOK, "There is no such worker")
	if m, err := w.intake.Member(t.Context(), strings.TrimPrefix(path, "/admin/workers/")); err != nil || m.Chat == nil || *m.Chat != 77 || m.Name != "王 <b>小明" {
		t.Errorf("the worker is %+v, %v", m, err)
	}
}

// TestWorkerDismissed: what a dismissed worker had waits again, and a dismissal is taken back.
func TestWorkerDismissed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "administrator", "")
	w.join(77, "w-440117-2-1")
	ref := w.ask(1, "我妈妈没人照顾")
	w.press(77, intake.ActClaim, ref, "")
	const path = "/admin/workers/w-440117-2-1"
	b.get(path).is(http.StatusOK, "goes back into the queue", "(1)")
	b.post(path + "/dismiss").leadsTo(path)
	if v := w.view(ref); v.State != intake.Open || v.Worker != nil {
		t.Errorf("the request is %s in the hands of %v", v.State, v.Worker)
	}
	b.get(path).is(http.StatusOK, "Dismissed", "Take the dismissal back").lacks("Make a one-time link", path+"/away")
	b.post(path + "/dismiss").is(http.StatusConflict)
	b.post(path + "/invite").is(http.StatusNotFound)
	w.press(77, intake.ActClaim, ref, "")
	if v := w.view(ref); v.State != intake.Open {
		t.Error("who is dismissed claims")
	}
	b.post(path + "/restore").leadsTo(path)
	b.post(path + "/restore").is(http.StatusConflict)
	w.press(77, intake.ActClaim, ref, "")
	if v := w.view(ref); v.State != intake.Claimed {
		t.Error("who is taken back can't claim")
	}
}

// TestWorkerAway: an absence is entered with a stand-in, changed and ended.
func TestWorkerAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "supervisor", taiping)
	w.join(77, "w-440117-2-1")
	w.join(78, "w-440117-2-2")
	w.join(79, "w-440111-2-1") // of another station
	const path = "/admin/workers/w-440117-2-1"
	china := time.FixedZone("CST", 8*60*60)
	day := func(days int) string { return time.Now().In(china).AddDate(0, 0, days).Format(time.DateOnly) }
	b.get(path).is(http.StatusOK, "None is planned", `<option value="w-440117-2-2"`, `value="`+day(0)+`"`).lacks("w-440111-2-1")
	for _, bad := range [][2]string{{"", ""}, {"soon", ""}, {day(3), day(2)}, {day(-9), day(-8)}, {day(1), "later"}} {
		b.post(path+"/away", "from", bad[0], "to", bad[1]).is(http.StatusBadRequest, "must not be before")
	}
	for _, nobody := range []string{"w-440111-2-1", "w-440117-2-1", "w-440117-2-3", "x\x00"} {
		b.post(path+"/away", "from", day(0), "to", "", "stand_in", nobody).is(http.StatusNotFound)
	}
	b.post(path + "/back").is(http.StatusConflict)
	b.post(path+"/away", "from", day(0), "to", day(6), "stand_in", "w-440117-2-2").leadsTo(path)
	b.get(path).is(http.StatusOK, "Away", day(0)+" – "+day(6), `<option value="w-440117-2-2" selected>`)
	if m, err := w.intake.Member(t.Context(), "w-440117-2-1"); err != nil || m.OnDuty || !m.Away {
		t.Errorf("the worker is %+v, %v", m, err)
	}
	b.post(path+"/away", "from", day(2), "to", "", "stand_in", "").leadsTo(path)
	b.get(path).is(http.StatusOK, "Planned", day(2)+" – until they say", "On duty")
	b.post(path + "/back").leadsTo(path)
	b.get(path).is(http.StatusOK, "None is planned")
}

// TestWorkersRights: a supervisor has the workers of their own station alone, and an auditor only looks.
func TestWorkersRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const foreign = "/admin/workers/w-440111-2-1"
	b := w.as("mei", "supervisor", taiping)
	b.get("/admin/workers?station="+another).is(http.StatusOK).lacks("w-440111-2-1", "Zhongluotan")
	b.get(foreign).is(http.StatusNotFound)
	for _, action := range []string{"invite", "dismiss", "restore", "away", "back"} {
		b.post(foreign+"/"+action, "from", "2099-01-01").is(http.StatusNotFound)
	}
	b.post("/admin/workers", "name", "X", "station", another, "role", "worker").is(http.StatusNotFound)
	b.post("/admin/workers", "name", "X", "station", "nowhere", "role", "worker").is(http.StatusNotFound)
	b.post("/admin/workers", "name", " ", "station", taiping, "role", "worker").is(http.StatusBadRequest, "at most 60")
	b.post("/admin/workers", "name", "X", "station", taiping, "role", "administrator").is(http.StatusBadRequest)
	b.post("/admin/workers", "name", "X", "station", taiping, "role", "worker", "phone", "call me").is(http.StatusBadRequest)
	b.post("/admin/workers", "name", "X", "station", taiping, "role", "worker", "specialty", "cooking").is(http.StatusNotFound)
	b.get("/admin/workers/%00").is(http.StatusNotFound)

	auditor := w.as("lin", "auditor", "")
	auditor.get("/admin/workers").is(http.StatusOK).lacks("Add a worker")
	auditor.get(foreign).is(http.StatusOK).lacks("Make a one-time link", "Dismiss", foreign+"/away")
	for _, action := range []string{"invite", "dismiss", "restore", "away", "back"} {
		auditor.post(foreign + "/" + action).is(http.StatusForbidden)
	}
	auditor.post("/admin/workers", "name", "X", "station", taiping, "role", "worker").is(http.StatusForbidden)
	w.browser().get("/admin/workers").leadsTo("/admin/login")
	var changed int
	w.must(w.db.Get(&changed, `SELECT (SELECT count(*) FROM workers) - 940 + (SELECT count(*) FROM invites) + (SELECT count(*) FROM absences)
		+ (SELECT count(*) FROM workers WHERE NOT active)`))
	if changed != 0 {
		t.Errorf("%d things have changed, want none", changed)
	}
}

func TestWorkersInBothLanguages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(77, "w-440117-2-1")
	b := w.as("mei", "administrator", "")
	w.must(w.intake.SetAway(t.Context(), "w-440117-2-1", time.Now(), nil, ""))
	for lang, words := range map[string][]string{"zh-CN": {"添加社工", "休假中", "一次性链接", "还没有加入"}, "en": {"Add a worker", "Away", "One-time link", "Not joined yet"}} {
		b.Accept = lang
		all := ""
		for _, a := range []answer{b.get("/admin/workers?station=" + taiping), b.get("/admin/workers"), b.get("/admin/workers/w-440117-2-1"),
			b.post("/admin/workers/w-440117-2-2/invite"), b.post("/admin/workers/w-440117-2-2/away")} {
			if found := looksLikeKey.FindAllString(strings.ReplaceAll(strings.ReplaceAll(a.text(), "onedoor_test_bot", ""), "start=w_", ""), -1); len(found) > 0 {
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

// TestWorkersByPages: page after page, each worker is listed once.
func TestWorkersByPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.execute(`UPDATE workers SET active = false WHERE code LIKE '%-2-2'`))
	b := w.as("mei", "administrator", "")
	link, next := regexp.MustCompile(`href="/admin/workers/(w-[^"]+)"`), regexp.MustCompile(`href="(/admin/workers\?[^"]+)" rel="next"`)
	seen := map[string]bool{}
	for path := "/admin/workers?q=w-44"; path != ""; {
		body := b.get(path).is(http.StatusOK).body
		for _, found := range link.FindAllStringSubmatch(body, -1) {
			if seen[found[1]] {
				t.Fatalf("%s is listed twice", found[1])
			}
			seen[found[1]] = true
		}
		path = ""
		if found := next.FindStringSubmatch(body); found != nil {
			path = html.UnescapeString(found[1])
		}
	}
	if len(seen) != 940 {
		t.Errorf("%d workers are listed", len(seen))
	}
	b.get("/admin/workers?after=nobody").is(http.StatusOK, "There is no such worker")
}
