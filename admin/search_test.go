package admin_test

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"onedoor/intake"
)

// found are the references that a page of the search lists.
func found(page answer) (refs []string) {
	for _, m := range regexp.MustCompile(`<td><a href="/admin/requests/(\w{6})">`).FindAllStringSubmatch(page.body, -1) {
		refs = append(refs, m[1])
	}
	return refs
}

// links are where the links of a page lead that match a pattern.
func links(page answer, pattern string) (all []string) {
	for _, m := range regexp.MustCompile(`<a href="([^"]*)"`+pattern).FindAllStringSubmatch(page.body, -1) {
		all = append(all, html.UnescapeString(m[1]))
	}
	return all
}

// looksFor is the page of a search.
func (b *browser) looksFor(pairs ...string) answer {
	b.w.Helper()
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return b.get("/admin/requests?" + values.Encode())
}

// TestSearch: what is looked for is found, in the URL, and each filter can be removed by a link.
func TestSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine := w.ask(1, "我妈妈没人照顾，电话 13800138000")
	other := w.ask(2, "我爸爸走不动了没人照顾")
	b := w.as("mei", "administrator", "")
	for _, test := range []struct {
		asked []string
		want  []string
	}{
		{nil, []string{other, mine}},
		{[]string{"q", "沒人照顧"}, []string{other, mine}},
		{[]string{"q", "妈妈"}, []string{mine}},
		{[]string{"q", "8000"}, []string{mine}},
		{[]string{"q", strings.ToLower(other)}, []string{other}},
		{[]string{"state", "open", "station", taiping, "urgency", "normal"}, []string{other, mine}},
		{[]string{"state", "closed"}, nil},
		{[]string{"from", "2999-01-01"}, nil},
		{[]string{"to", "2001-01-01"}, nil},
		{[]string{"county", "440117", "sort", "pressing"}, []string{mine, other}},
		{[]string{"overdue", "1", "q", "妈妈"}, nil},
		{[]string{"worker", "nobody"}, nil},
	} {
		page := b.looksFor(test.asked...).is(http.StatusOK)
		if got := found(page); !slices.Equal(got, test.want) {
			t.Errorf("%q finds %q, want %q", test.asked, got, test.want)
		}
	}
	page := b.looksFor("q", "照顾", "state", "open", "category", "-", "from", "2020-01-01").is(http.StatusOK, `value="照顾"`, `value="open" selected`, "Nothing was found")
	chips := links(page, `><span dir="auto">`)
	if len(chips) != 3 || !strings.Contains(page.text(), "State: ") {
		t.Fatalf("the filters can be removed by %q", chips)
	}
	if got := found(b.get(chips[1])); len(got) != 2 { // the service
		t.Errorf("%s finds %q", chips[1], got)
	}
	for _, bad := range []string{"from=x", "to=2026-13-01", "from=2026-02-01&to=2026-01-01"} {
		b.get("/admin/requests?" + bad).is(http.StatusBadRequest)
	}
	for _, path := range []string{"/admin/requests", "/admin/requests/"} {
		b.get(path)
	}
}

// TestUnknownFilters: what a filter can't be is left out and said; no key of ours is on the page, and a file has the same requests.
func TestUnknownFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	for lang, says := range map[string]string{"en": "asks for something that there isn", "zh-CN": "已略去", "zh-HK": "已略去"} {
		b := w.as("mei-"+lang, "administrator", "")
		b.Accept = lang
		for _, field := range []string{"state", "urgency", "category", "triage", "sort"} {
			page := b.looksFor(field, "nonsense", "q", "照顾").is(http.StatusOK, says)
			if page.lacks(`<ul class="chips"`); strings.Contains(page.text(), "nonsense") {
				t.Errorf("%s: a key of an address is on the page: %s", field, page.text())
			}
			if got := found(page); !slices.Equal(got, []string{ref}) {
				t.Errorf("%s: %q is found", field, got)
			}
			b.get("/admin/requests/export?"+field+"=nonsense").is(http.StatusOK, ref)
		}
		for _, field := range []string{"station", "county"} {
			b.looksFor(field, "nonsense").is(http.StatusNotFound).lacks("nonsense<")
			b.get("/admin/requests/export?" + field + "=nonsense").is(http.StatusNotFound)
		}
		b.looksFor("state", "open", "category", "-", "sort", "pressing").is(http.StatusOK, `<ul class="chips"`).lacks(says)
		b.looksFor("state", "draft").is(http.StatusOK, says)
	}
}

// TestHostileSearch: whatever is typed or put into the URL is text, and the page stays small.
func TestHostileSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ask(1, "我妈妈没人照顾<script>alert(1)</script>"+strings.Repeat("长", 4000))
	b := w.as("mei", "administrator", "")
	for _, words := range []string{`"><script>alert(1)</script>`, `' | ! & <-> :*A \`, "\x00", "\xff\xfe", "\u202e\u200f", "，。！？", strings.Repeat("长", 10_000), strings.Repeat("a ", 5_000),
		"'); DROP TABLE requests; --", "{{.}}", "%27", "138" + strings.Repeat(" 0", 200)} {
		for _, field := range []string{"q", "worker", "state", "category", "urgency", "triage", "after", "sort", "nonsense"} {
			page := b.looksFor(field, words).is(http.StatusOK)
			page.lacks("<script>alert")
			if len(page.body) > 60_000 {
				t.Errorf("%s=%.20q: the page has %d bytes", field, words, len(page.body))
			}
		}
	}
	for _, field := range []string{"station", "county"} {
		for _, words := range []string{"\x00", `"><script>`, "x"} {
			if page := b.looksFor(field, words); page.StatusCode != http.StatusOK && page.StatusCode != http.StatusNotFound || len(found(page)) > 0 {
				t.Errorf("%s=%q: %v", field, words, page)
			}
		}
	}
}

// TestSearchOfOthers: another station's requests are neither found nor counted nor in a file, and its filters are not there.
func TestSearchOfOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, theirs := w.ask(1, "我妈妈没人照顾"), w.ask(2, "我爸爸没人照顾")
	w.must(w.intake.SendTo(w.Context(), theirs, another, "root"))
	b := w.as("li", "supervisor", taiping)
	for _, query := range []string{"", "q=照顾", "q=" + theirs, "q=爸爸", "state=open", "sort=pressing", "q=照顾&sort=pressing"} {
		page := b.get("/admin/requests?" + query).is(http.StatusOK)
		if page.lacks("爸爸没人"); slices.Contains(found(page), theirs) {
			t.Errorf("%q finds %s", query, theirs)
		}
		if text := page.text(); strings.Contains(text, "2 found") {
			t.Errorf("%q tells how many others there are: %s", query, text)
		}
		b.get("/admin/requests/export?"+query).is(http.StatusOK).lacks(theirs, "爸爸没人")
	}
	b.get("/admin/requests?q=照顾").is(http.StatusOK, mine, "1 found")
	for _, query := range []string{"station=" + another, "county=440111", "station=-"} {
		b.get("/admin/requests?" + query).is(http.StatusNotFound)
		b.get("/admin/requests/export?" + query).is(http.StatusNotFound)
	}
	w.browser().get("/admin/requests").leadsTo("/admin/login")
	w.browser().get("/admin/requests/export").leadsTo("/admin/login")
}

// TestSearchPages: each page goes on where the last one ended, and a file has them all.
func TestSearchPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fill(300)
	b := w.as("mei", "administrator", "")
	var all []string
	for path := "/admin/requests"; path != ""; {
		page := b.get(path).is(http.StatusOK)
		all = append(all, found(page)...)
		if len(page.body) > 80_000 {
			t.Errorf("%s has %d bytes", path, len(page.body))
		}
		next := links(page, ` rel="next"`)
		if path = ""; len(next) > 0 {
			path = next[0]
		}
	}
	var want []string
	w.must(w.db.Select(&want, `SELECT ref FROM requests ORDER BY submitted_at DESC, id DESC`))
	if !slices.Equal(all, want) {
		t.Errorf("the pages list %d requests, of %d", len(all), len(want))
	}
	if rows := w.sheet(b.get("/admin/requests/export?format=csv")); len(rows) != len(want)+1 || rows[1][0] != want[0] || rows[len(want)][0] != want[len(want)-1] {
		t.Errorf("the sheet has %d rows", len(rows))
	}
}

// TestExportIsHarmless: what looks like a formula is text in both kinds of file, and who saved one is on record, without the words.
func TestExportIsHarmless(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	_, err := w.db.Exec(`UPDATE requests SET text = '=HYPERLINK("http://x")' WHERE ref = $1`, ref)
	w.must(err)
	b := w.as("mei", "administrator", "")
	rows := w.sheet(b.get("/admin/requests/export?format=csv&q=照顾").is(http.StatusOK))
	if last := rows[1][len(rows[1])-1]; len(rows) != 2 || last != `'=HYPERLINK("http://x")` {
		t.Errorf("the sheet has %q", rows)
	}
	a := b.get("/admin/requests/export?format=xlsx").is(http.StatusOK)
	book, err := excelize.OpenReader(bytes.NewReader([]byte(a.body)))
	w.must(err)
	defer book.Close()
	value, err := book.GetCellValue("Sheet1", "M2")
	w.must(err)
	formula, err := book.GetCellFormula("Sheet1", "M2")
	w.must(err)
	if value != `=HYPERLINK("http://x")` || formula != "" {
		t.Errorf("the cell is %q with the formula %q", value, formula)
	}
	var record []string
	w.must(w.db.Select(&record, `SELECT action || detail::text FROM audit WHERE action LIKE '%export'`))
	if len(record) != 2 || strings.Contains(record[0], "照顾") {
		t.Errorf("on record is %q", record)
	}
	b.get("/admin/audit").is(http.StatusOK, "saved a file of requests")
}

// TestSavedViews: an account keeps searches under names, 30 at most, and only its own can be changed; an administrator's may be
// everybody's, each within what they may see.
func TestSavedViews(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	mei, li, eve := w.as("mei", "administrator", ""), w.as("li", "supervisor", another), w.as("eve", "auditor", "")
	const filters, path = "q=照顾&state=open&nonsense=1", "/admin/requests?q=%E7%85%A7%E9%A1%BE&state=open"
	mei.post("/admin/views", "name", " 老人 <b> ", "filters", filters, "shared", "1").leadsTo(path)
	li.post("/admin/views", "name", "mine", "filters", "state=closed", "shared", "1").leadsTo("/admin/requests?state=closed")
	if got := found(mei.get("/admin/requests").is(http.StatusOK, "老人 &lt;b&gt;", html.EscapeString(path))); len(got) != 1 || got[0] != ref {
		t.Errorf("%q are found", got)
	}
	mei.get("/admin/requests").lacks(">mine<") // no administrator's, so it is shared with nobody
	mei.get(path).is(http.StatusOK, `aria-current="page" dir="auto">老人`, ref)
	li.get("/admin/requests").is(http.StatusOK, "老人", ">mine<").lacks(ref)
	li.get(path).is(http.StatusOK).lacks(ref)
	eve.get("/admin/requests").is(http.StatusOK, "老人", ref).lacks(`action="/admin/views`)

	var id int64
	w.must(w.db.Get(&id, `SELECT id FROM saved_views WHERE account = 'mei'`))
	view := fmt.Sprintf("/admin/views/%d", id)
	for _, p := range []string{view, view + "/delete", "/admin/views/99999", "/admin/views/x", "/admin/views/99999999999999999999/delete"} {
		li.post(p, "name", "theirs").is(http.StatusNotFound)
	}
	eve.post("/admin/views", "name", "x", "filters", "").is(http.StatusForbidden)
	w.browser().post("/admin/views", "name", "x").leadsTo("/admin/login?ended=1")
	mei.post(view, "name", "renamed").leadsTo(path)
	li.get("/admin/requests").lacks("renamed") // it is shared no longer
	for _, name := range []string{"", "  ", strings.Repeat("长", 61), "\x00"} {
		if a := mei.post("/admin/views", "name", name, "filters", ""); a.StatusCode != http.StatusBadRequest && name != "\x00" {
			t.Errorf("%q: %v", name, a)
		}
	}
	_, err := w.db.Exec(`DELETE FROM saved_views WHERE name = '�'`)
	w.must(err)
	for i := range 29 {
		mei.post("/admin/views", "name", fmt.Sprint("view ", i), "filters", "").leadsTo("/admin/requests")
	}
	mei.post("/admin/views", "name", "one more", "filters", "").is(http.StatusBadRequest, "30 views")
	mei.post("/admin/views", "name", "renamed", "filters", "urgency=urgent").leadsTo("/admin/requests?urgency=urgent") // in the place of the other
	mei.post(view, "name", "view 3").is(http.StatusBadRequest, "that name already")
	mei.post(view + "/delete").leadsTo("/admin/requests")
	mei.post(view + "/delete").is(http.StatusNotFound)
	mei.post("/admin/views", "name", "one more", "filters", "").leadsTo("/admin/requests")
	var record []string
	w.must(w.db.Select(&record, `SELECT detail::text FROM audit WHERE action = 'POST /admin/views'`))
	if len(record) == 0 || strings.Contains(strings.Join(record, ""), "照顾") {
		t.Errorf("on record is %q", record)
	}
}

// TestErasedInSearch: an erased request is listed by its number alone.
func TestErasedInSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	b := w.as("mei", "administrator", "")
	b.looksFor("q", "妈妈").is(http.StatusOK, ref)
	w.act(1, intake.Command{Name: "forget"})
	w.act(1, intake.Pressed{Press: intake.Press{Action: intake.ActForget, Arg: "yes"}})
	b.looksFor("q", "妈妈").is(http.StatusOK, "Nothing was found")
	b.looksFor().is(http.StatusOK, "Nothing was found")
	b.looksFor("q", ref).is(http.StatusOK, ref, "Erased").lacks("妈妈")
	if rows := w.sheet(b.get("/admin/requests/export?format=csv")); len(rows) != 1 {
		t.Errorf("the sheet has %q", rows)
	}
}
