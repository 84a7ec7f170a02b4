package admin_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/admin"
	"onedoor/intake"
)

// filed is a world with requests at two stations, one of them closed.
func filed(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.ask(1, "我妈妈没人照顾")
	done, moved := w.ask(2, "我爸爸没人照顾"), w.ask(3, "我奶奶没人照顾")
	w.close(done)
	w.must(w.intake.SendTo(w.Context(), moved, another, "root"))
	return w
}

// sheet is a CSV as a spreadsheet reads it.
func (w *world) sheet(a answer) [][]string {
	w.Helper()
	body, marked := strings.CutPrefix(a.body, "\ufeff")
	if !marked {
		w.Errorf("%v; a spreadsheet doesn't know that it is UTF-8", a)
	}
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	w.must(err)
	return rows
}

// unnamed is the sheet without the names of what its rows are about: as the report has it.
func (w *world) unnamed(a answer) string {
	w.Helper()
	var out strings.Builder
	for _, row := range w.sheet(a) {
		out.WriteString(strings.Join(slices.Delete(row, 1, 2), ",") + "\n")
	}
	return out.String()
}

// report is what `onedoor report` prints.
func (w *world) report(from, to time.Time, by, station string) string {
	w.Helper()
	scope := intake.Scope{From: from, To: to}
	if station != "" {
		scope.Stations = []string{station}
	}
	figures, err := w.intake.Report(w.Context(), scope, by)
	w.must(err)
	var out bytes.Buffer
	w.must(intake.WriteReport(&out, by, figures))
	return out.String()
}

func TestTimesAreTheReports(t *testing.T) {
	t.Parallel()
	w := filed(t)
	b := w.as("mei", "administrator", "")
	w.must(w.intake.Fold(w.Context()))
	w.must(w.execute(`UPDATE cycles SET claimed_at = began_at + interval '20 minutes', claim_open = 1200 WHERE claimed_at IS NOT NULL`))
	from, to := time.Now().AddDate(0, 0, -40), time.Now().AddDate(0, 0, 1)
	for _, by := range []string{"station", "category"} {
		a := b.get("/admin/times?format=csv&by=" + by).is(http.StatusOK)
		if want := w.report(from, to, by, ""); w.unnamed(a) != want {
			t.Errorf("by %s the page says\n%s, the report\n%s", by, a.body, want)
		}
		if a.Header.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%v; its headers are %v", a, a.Header)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(w.report(from, to, "all", ""))).ReadAll()
	w.must(err)
	all := rows[1]
	page := b.get("/admin/times").text()
	total := fmt.Sprintf("All %s %s %s %s", all[1], inMinutes(all[3]), inMinutes(all[4]), percent(all[5]))
	if !strings.Contains(page, total) {
		t.Errorf("the page lacks %q: %s", total, page)
	}
	for _, row := range []string{"Taiping Town Social Work Station, Conghua District 2 ", "Zhongluotan Town Social Work Station, Baiyun District 1 – – –"} {
		if !strings.Contains(page, row) {
			t.Errorf("the page lacks %q: %s", row, page)
		}
	}
	limited := w.as("li", "supervisor", taiping)
	if got, want := w.unnamed(limited.get("/admin/times?format=csv")), w.report(from, to, "station", taiping); got != want || strings.Contains(got, another) {
		t.Errorf("the station's supervisor sees\n%s, the report says\n%s", got, want)
	}
	limited.get("/admin/times").is(http.StatusOK, "Taiping Town").lacks("Zhongluotan")
}

// inMinutes is a time of the report, in seconds, as the page writes it where it is no longer than an hour.
func inMinutes(seconds string) string {
	var f float64
	fmt.Sscan(seconds, &f)
	return fmt.Sprintf("%.0f min", f/60)
}

// percent is a share of the report as the page writes it.
func percent(share string) string {
	var f float64
	fmt.Sscan(share, &f)
	return fmt.Sprintf("%.0f %%", f*100)
}

// TestSheetsAreHarmless: what people named begins no formula, and Chinese is read as such.
func TestSheetsAreHarmless(t *testing.T) {
	t.Parallel()
	w := filed(t)
	b := w.as("mei", "administrator", "")
	b.Accept = "zh-CN"
	if rows := w.sheet(b.get("/admin/times?format=csv")); rows[2][1] != "从化区太平镇社会工作服务站" {
		t.Errorf("the sheet says %q", rows)
	}
	for _, name := range []string{`=HYPERLINK("https://evil.example","x")`, "+1", "-1+1", "@SUM(A1)", "\tx", "\rx", "＝1"} {
		_, err := w.db.Exec(`UPDATE stations SET name = $2 WHERE code = $1`, taiping, name)
		w.must(err)
		w.must(w.intake.Router.Reload(w.Context()))
		if rows := w.sheet(b.get("/admin/times?format=csv")); rows[2][1] != "'"+name {
			t.Errorf("%q is a cell %q", name, rows[2][1])
		}
	}
}

// TestTodaySoFar: today's requests stand beside what is usual by this time of such a day, and lead to their list; none is said where
// there usually are some.
func TestTodaySoFar(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "administrator", "")
	b.get("/admin/times").is(http.StatusOK).lacks("today so far")
	w.ask(1, "我妈妈没人照顾")
	w.must(w.intake.Fold(w.Context()))
	w.must(w.execute(`INSERT INTO cycles (request_id, n, began_at, day, station, urgency, claim_due, answer_due, resolve_due)
		SELECT request_id, g, began_at - (g - 1) * interval '7 days', day - 7 * (g - 1), station, urgency, claim_due, answer_due, resolve_due FROM cycles, generate_series(2, 5) AS g`))
	page := b.get("/admin/times").is(http.StatusOK, "Requests today so far: 1; by this time of such a day usually 1.")
	found := regexp.MustCompile(`<a href="([^"]*)">Requests today`).FindStringSubmatch(page.body)
	if found == nil {
		t.Fatal("they lead to no list")
	}
	b.get(strings.ReplaceAll(found[1], "&amp;", "&")).is(http.StatusOK, "1 to 1 of 1")
	w.later(7 * 24 * time.Hour)
	b.get("/admin/times").is(http.StatusOK, "Requests today so far: 0; by this time of such a day usually 1.")
	w.later(90 * 24 * time.Hour) // a page of thirty days has it no more
	page = b.get("/admin/times?urgency=normal").is(http.StatusOK, "Days are those of UTC&#43;8.")
	found = regexp.MustCompile(`<a href="([^"]*)">All that is overdue now`).FindStringSubmatch(page.body)
	if found == nil || !strings.Contains(found[1], "urgency=normal") {
		t.Fatalf("what is overdue now is at %q", found)
	}
	b.get(strings.ReplaceAll(found[1], "&amp;", "&")).is(http.StatusOK, "1 found", "我妈妈没人照顾")
}

// TestDefinitions: the page has the definitions that the command says.
func TestDefinitions(t *testing.T) {
	t.Parallel()
	b := newWorld(t).as("mei", "administrator", "")
	for _, lang := range admin.Languages() {
		want, err := admin.Definitions(lang)
		b.w.must(err)
		b.Accept = lang
		if page := html.UnescapeString(b.get("/admin/times").is(http.StatusOK).body); !strings.Contains(page, "<p>"+want+"</p>") {
			t.Errorf("the page in %s lacks %q", lang, want)
		}
	}
}

func TestTimesOfDays(t *testing.T) {
	t.Parallel()
	w := filed(t)
	b := w.as("mei", "administrator", "")
	w.must(w.intake.Fold(w.Context()))
	_, err := w.db.Exec(`UPDATE cycles SET began_at = '2026-03-04 00:00+08', day = '2026-03-04' WHERE request_id = (SELECT id FROM requests WHERE chat_id = 1)`) // a day's first moment in China
	w.must(err)
	_, err = w.db.Exec(`UPDATE cycles SET began_at = '2026-03-04 23:59:59+08', day = '2026-03-04' WHERE request_id = (SELECT id FROM requests WHERE chat_id = 2)`)
	w.must(err)
	for days, want := range map[string]string{
		"from=2026-03-04&to=2026-03-04": "\nall,2,", "from=2026-03-05&to=2026-03-06": "", "from=2026-03-01&to=2026-03-03": "",
		"from=0001-01-01&to=9999-12-31": "\nall,3,",
	} {
		got := b.get("/admin/times?by=station&format=csv&" + days).is(http.StatusOK).body
		if want == "" && strings.Count(got, "\n") != 1 || want == "\nall,2," && !strings.Contains(got, taiping+",\"Taiping Town Social Work Station, Conghua District\",2,") || want == "\nall,3," && strings.Count(got, "\n") != 3 {
			t.Errorf("%s: %s", days, got)
		}
	}
	b.get("/admin/times?from=2026-03-05&to=2026-03-06").is(http.StatusOK, "No request was submitted on these days.", `value="2026-03-05"`)
}

func TestBadDaysAreRefused(t *testing.T) {
	t.Parallel()
	b := newWorld(t).as("mei", "administrator", "")
	for _, days := range [][2]string{{"x", ""}, {"", "x"}, {"2026-02-30", ""}, {"2026-03-02", "2026-03-01"}, {"2026-3-1", "2026-03-02"},
		{"2999-01-01", ""}, {"' OR 1=1", ""}, {"\x00", ""}, {"10000-01-01", ""}} {
		for _, format := range []string{"", "csv"} {
			query := url.Values{"from": {days[0]}, "to": {days[1]}, "format": {format}}
			b.get("/admin/times?"+query.Encode()).is(http.StatusBadRequest, "Choose two days")
		}
	}
}
