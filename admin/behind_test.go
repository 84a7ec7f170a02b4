package admin_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"onedoor/intake"
)

// later moves the domain's clock on.
func (w *world) later(d time.Duration) {
	now := w.intake.Now
	w.intake.Now = func() time.Time { return now().Add(d) }
}

// figures are those of everything, in one row.
func (w *world) figures() intake.Figures {
	w.Helper()
	all, err := w.intake.Report(w.Context(), intake.Scope{From: time.Now().AddDate(0, 0, -40), To: time.Now().AddDate(0, 0, 60)}, "all")
	w.must(err)
	if len(all) != 1 {
		w.Fatalf("the report has %d rows", len(all))
	}
	return all[0]
}

// TestOpenClocksCount: a request that nobody has answered for nine days shows as such, and one that was asked just now spoils no figure.
func TestOpenClocksCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ask(1, "我妈妈没人照顾")
	w.later(9 * 24 * time.Hour)
	w.ask(2, "我爸爸没人照顾")
	f := w.figures()
	if nine := (9 * 24 * time.Hour).Seconds(); f.Requests != 2 || f.Answer.Stopped != 0 || f.Answer.Running != 2 || f.Answer.Overdue != 1 ||
		f.Answer.Median == nil || *f.Answer.Median < nine || *f.Answer.Median > nine+60 || *f.Answer.Within != 0 {
		t.Errorf("%+v", f.Answer)
	}
	if open := *f.Answer.OpenMedian; open < (7*4*time.Hour).Seconds() || open > (9*12*time.Hour).Seconds() {
		t.Errorf("of nine days the station was open for %v", time.Duration(open)*time.Second)
	}
}

// TestReopenedIsANewRound: five idle days are nobody's response time.
func TestReopenedIsANewRound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	w.close(ref)
	w.later(5 * 24 * time.Hour)
	w.press(1, intake.ActReopen, ref, "")
	w.press(900, intake.ActClaim, ref, "")
	f := w.figures()
	if f.Requests != 2 || f.Claim.Stopped != 2 || *f.Claim.P90 > 60 || *f.Claim.Within != 1 {
		t.Errorf("%+v", f)
	}
}

// behindLinks are those on a page of response times, with the number that each says where it is one.
var behindLinks = regexp.MustCompile(`href="(/admin/times/requests\?[^"]*)">(?:([0-9]+)(?:<| still| overdue| rated))?`)

// TestEveryFigureLeadsToItsRequests follows each link of the page: the count there is that of the list, and of the figure.
func TestEveryFigureLeadsToItsRequests(t *testing.T) {
	t.Parallel()
	w := filed(t)
	w.must(w.execute(`INSERT INTO ratings (request_id, resolved_at, score, rated_at) SELECT id, resolved_at, 5, now() FROM requests WHERE resolved_at IS NOT NULL;
		INSERT INTO events (request_id, at, kind, actor) SELECT request_id, rated_at, 'rated', 'resident' FROM ratings`))
	w.ask(4, "我外婆没人照顾")
	w.later(3 * 24 * time.Hour)
	w.ask(5, "我外公没人照顾")
	b := w.as("mei", "administrator", "")
	for _, by := range []string{"station", "worker_station", "category", "urgency", "county", "setting", "day", "week", "month"} {
		links := behindLinks.FindAllStringSubmatch(b.get("/admin/times?to=2999-01-01&by="+by).is(http.StatusOK).body, -1)
		if len(links) < 8 {
			t.Fatalf("by %s there are %d links", by, len(links))
		}
		for _, part := range []string{"all", "running", "overdue", "within", "late", "due", "stopped", "solved", "satisfied", "rated"} {
			if !slices.ContainsFunc(links, func(link []string) bool { return strings.Contains(link[1], "part="+part+"&") }) {
				t.Errorf("by %s no figure leads to what is %s", by, part)
			}
		}
		for _, link := range links {
			page := b.get(strings.ReplaceAll(link[1], "&amp;", "&")).is(http.StatusOK)
			rows := strings.Count(page.body, `<th scope="row">`)
			if count := countOf(page); count != rows || link[2] != "" && link[2] != strconv.Itoa(rows) {
				t.Errorf("%s says %q, its page %d, and lists %d", link[1], link[2], count, rows)
			}
		}
	}
}

var ofCount = regexp.MustCompile(`\d+ to \d+ of (\d+),`)

// countOf is how many requests a page says that it has.
func countOf(page answer) int {
	found := ofCount.FindStringSubmatch(page.text())
	if found == nil {
		return 0
	}
	n, _ := strconv.Atoi(found[1])
	return n
}

func TestBehindIsPaged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ask(1, "我妈妈没人照顾")
	w.must(w.intake.Fold(w.Context()))
	_, err := w.db.Exec(`INSERT INTO cycles (request_id, n, began_at, day, station, urgency, claim_due, answer_due, resolve_due)
		SELECT request_id, g, began_at, day, station, urgency, claim_due, answer_due, resolve_due FROM cycles, generate_series(2, 120) AS g`)
	w.must(err)
	b := w.as("mei", "administrator", "")
	path, listed := "/admin/times/requests?clock=claim&part=all", []int{}
	next := regexp.MustCompile(`<a href="([^"]*)" rel="next">`)
	for path != "" {
		page := b.get(path).is(http.StatusOK)
		listed = append(listed, strings.Count(page.body, `<th scope="row">`))
		path = ""
		if found := next.FindStringSubmatch(page.body); found != nil {
			path = strings.ReplaceAll(found[1], "&amp;", "&")
		}
	}
	if !slices.Equal(listed, []int{50, 50, 20}) {
		t.Errorf("the pages list %v", listed)
	}
}

// TestTimesOfOthers: a station's supervisor sees no other station's figures, lists and charts, whatever the URL says.
func TestTimesOfOthers(t *testing.T) {
	t.Parallel()
	w := filed(t)
	b := w.as("li", "supervisor", taiping)
	county := "440111"
	for _, query := range []string{"station=" + another, "county=" + county, "station=" + another + "&county=" + county, "station=-"} {
		for _, page := range []string{"/admin/times?", "/admin/times/requests?clock=claim&part=all&", "/admin/times/trend.svg?", "/admin/times/spread.svg?"} {
			b.get(page + query).is(http.StatusNotFound)
		}
	}
	w.must(w.intake.Fold(w.Context()))
	var others string
	w.must(w.db.Get(&others, `SELECT ref FROM requests WHERE station = $1`, another))
	b.get("/admin/times/requests?clock=claim&part=all").is(http.StatusOK, "1 to 2 of 2").lacks(others)
	for _, bad := range []string{"clock=x&part=all", "clock=claim&part=x", "clock=claim", ""} {
		b.get("/admin/times/requests?" + bad).is(http.StatusNotFound)
	}
	b.get("/admin/times/requests?clock=claim&part=all&offset=-5").is(http.StatusOK, "1 to 2 of 2")
	b.get("/admin/times/requests?clock=claim&part=all&offset=99999999999999999999").is(http.StatusOK)
	b.get("/admin/times/x.svg").is(http.StatusNotFound)
}

func TestCharts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "administrator", "")
	for _, chart := range []string{"trend.svg", "spread.svg"} {
		b.get("/admin/times/"+chart).is(http.StatusOK, "<svg") // nothing is asked yet
	}
	w.close(w.ask(1, "我妈妈没人照顾"))
	for _, query := range []string{"", "?hours=open", "?narrow=1", "?from=2025-01-01", "?from=2020-01-01"} {
		for _, chart := range []string{"trend.svg", "spread.svg"} {
			a := b.get("/admin/times/"+chart+query).is(http.StatusOK, "<svg", "</svg>")
			if a.Header.Get("Content-Type") != "image/svg+xml" || strings.Contains(a.body, "NaN") {
				t.Errorf("%v %q: %s", a, a.Header.Get("Content-Type"), a.body)
			}
		}
	}
	for lang, words := range map[string][3]string{
		"en":    {`<svg xml:lang="en" `, "≤ 5 min", ">min<"},
		"zh-CN": {`<svg xml:lang="zh-CN" `, "≤ 5 分钟", ">分钟 "},
		"zh-HK": {`<svg xml:lang="zh-Hant-HK" `, "≤ 5 分鐘", ">分鐘 "},
	} {
		b.Accept = lang
		spread := b.get("/admin/times/spread.svg").is(http.StatusOK, words[0], words[1])
		trend := b.get("/admin/times/trend.svg").is(http.StatusOK, words[0], words[2])
		for _, a := range []answer{spread, trend} {
			font := "'Noto Sans CJK SC','PingFang SC'"
			if lang == "zh-HK" {
				font = "'Noto Sans CJK HK','PingFang HK'"
			}
			if a.is(http.StatusOK, font, "</text>"); strings.Contains(a.body, "Medium") || lang != "en" && regexp.MustCompile(`>[^<]*\d+ (min|h|d)\b`).MatchString(a.body) {
				t.Errorf("in %s %s is written %q", lang, a.Request.URL.Path, regexp.MustCompile(`>[^<]+</text>`).FindAllString(a.body, -1))
			}
		}
	}
	b.Accept = "en"
	for _, chart := range []string{"trend.svg", "spread.svg"} { // TestPrintIsLight looks at them on a dark page
		b.get("/admin/times/"+chart).is(http.StatusOK).lacks("fill:white", "fill:rgb(40,40,40)")
	}
	_, err := w.db.Exec(`UPDATE cycles SET claimed_at = began_at + interval '3 days', answered_at = began_at + interval '30 minutes'`)
	w.must(err)
	b.get("/admin/times/trend.svg?chart=claim").is(http.StatusOK, ">days<", ">3<").lacks(">min<", ">4320<") // the unit of the longest
	b.get("/admin/times/trend.svg").is(http.StatusOK, ">min<", ">30<").lacks(">days<")
}

// TestChartsOfEachClock: each of the three clocks has its trend and its spread, chosen by a link that keeps what else is asked for, and
// that the form, the turning of pages and the charts keep in their turn.
func TestChartsOfEachClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.close(w.ask(1, "我妈妈没人照顾"))
	w.must(w.intake.Fold(w.Context()))
	w.must(w.execute(`UPDATE cycles SET claimed_at = began_at + interval '10 minutes', answered_at = began_at + interval '3 hours', resolved_at = began_at + interval '12 days',
		over_at = began_at + interval '12 days', claim_open = 300, answer_open = 3600, resolve_open = 172800, over_open = 172800`))
	b := w.as("mei", "administrator", "")
	const asked = "by=category&category=elderly_disabled_care&station=" + taiping
	link := regexp.MustCompile(`<a href="([^"]*)#charts"( aria-current="true")?>([^<]*)</a>`)
	links := link.FindAllStringSubmatch(b.get("/admin/times?"+asked).is(http.StatusOK, "First response time: median and 90 %").body, -1)
	if len(links) != 3 || links[1][2] == "" || links[0][2]+links[2][2] != "" {
		t.Fatalf("to choose from are %q", links)
	}
	for i, clock := range []struct{ name, called, unit, most, of, classes string }{{"claim", "Time to claim", "min", "10", "", "≤ 5 min"},
		{"answer", "First response time", "h", "3", "", "≤ 5 min"}, {"resolve", "Time to resolve", "days", "15", "", "≤ 30 days"}} {
		page := b.get(strings.ReplaceAll(links[i][1], "&amp;", "&")).is(http.StatusOK, clock.called+": median and 90 %", "this: "+clock.called+". How many", `<option value="elderly_disabled_care" selected>`)
		if again := link.FindAllStringSubmatch(page.body, -1); again[i][2] == "" || again[i][3] != clock.called {
			t.Errorf("of %s it says %q", clock.name, again)
		}
		if clock.name != "answer" {
			page.is(http.StatusOK, `<input type="hidden" name="chart" value="`+clock.name+`">`)
		}
		for _, picture := range regexp.MustCompile(`<img src="(/admin/times/[^"]*)"`).FindAllStringSubmatch(page.body, -1) {
			path := strings.ReplaceAll(picture[1], "&amp;", "&")
			if a := b.get(path).is(http.StatusOK, "<svg"); strings.Contains(path, "trend") {
				a.is(http.StatusOK, ">"+clock.unit+"<", ">"+clock.most+"<", ">90 %<")
			} else {
				a.is(http.StatusOK, clock.classes)
			}
		}
		if strings.Contains(page.body, "/admin/times/requests?chart=") {
			t.Error("the lists have charts")
		}
	}
	b.get("/admin/times/trend.svg?hours=open&chart=resolve").is(http.StatusOK, ">days<", ">2<").lacks(">15<")
	for _, wrong := range []string{"x", "%00", "<script>", ""} {
		b.get("/admin/times?chart="+wrong).is(http.StatusOK, "First response time: median").lacks(`name="chart"`, "svg?by=station&amp;chart", "<script>")
	}
}

// TestWorkbook: text that looks like a formula is text, and numbers are numbers.
func TestWorkbook(t *testing.T) {
	t.Parallel()
	w := filed(t)
	_, err := w.db.Exec(`UPDATE stations SET name_en = '=1+1' WHERE code = $1`, taiping)
	w.must(err)
	w.must(w.intake.Router.Reload(w.Context()))
	a := w.as("mei", "administrator", "").get("/admin/times?format=xlsx&" + url.Values{"by": {"station"}}.Encode()).is(http.StatusOK)
	book, err := excelize.OpenReader(bytes.NewReader([]byte(a.body)))
	w.must(err)
	defer book.Close()
	name, err := book.GetCellValue("Sheet1", "B3")
	w.must(err)
	formula, err := book.GetCellFormula("Sheet1", "B3")
	w.must(err)
	kind, err := book.GetCellType("Sheet1", "C3")
	w.must(err)
	if name != "=1+1" || formula != "" || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("the cells are %q with formula %q, and a number of type %v", name, formula, kind)
	}
}

// workbook is an XLSX as a spreadsheet reads it, as text; what are numbers in the CSV of the same must be numbers.
func (w *world) workbook(a answer) [][]string {
	w.Helper()
	book, err := excelize.OpenReader(strings.NewReader(a.body))
	w.must(err)
	defer book.Close()
	rows, err := book.GetRows("Sheet1", excelize.Options{RawCellValue: true})
	w.must(err)
	for i, row := range rows {
		for j, text := range row {
			kind, err := book.GetCellType("Sheet1", fmt.Sprintf("%c%d", 'A'+j, i+1))
			w.must(err)
			if _, err := strconv.ParseFloat(text, 64); err == nil && i > 0 && j > 1 && kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
				w.Errorf("%q in row %d is of type %v", text, i+1, kind)
			}
		}
	}
	return rows
}

// TestFiguresInBothFormats: town and country, and staff, are saved as CSV and as XLSX, of the same filters, with the same figures, by those
// alone who see them.
func TestFiguresInBothFormats(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fill(6000)
	b := w.as("mei", "administrator", "")
	stranger := w.as("wu", "supervisor", another)
	number := func(text string) string {
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return fmt.Sprint(f)
		}
		return text
	}
	for page, rows := range map[string]int{"equity?from=2020-01-01": 10, "staffing?from=2020-01-01": 2} {
		b.get("/admin/"+page).is(http.StatusOK, `value="csv">CSV`, `value="xlsx">XLSX`)
		a := b.get("/admin/" + page + "&format=xlsx").is(http.StatusOK)
		if !strings.HasSuffix(a.Header.Get("Content-Disposition"), `.xlsx"`) {
			t.Errorf("%s is saved as %q", page, a.Header.Get("Content-Disposition"))
		}
		book, sheet := w.workbook(a), w.sheet(b.get("/admin/"+page+"&format=csv").is(http.StatusOK))
		if len(book) < rows || len(book) != len(sheet) {
			t.Fatalf("%s has %d rows in the workbook, %d in the sheet", page, len(book), len(sheet))
		}
		for i, row := range sheet {
			for j, text := range row {
				if j < len(book[i]) && number(book[i][j]) != number(text) || j >= len(book[i]) && text != "" {
					t.Errorf("%s: the workbook has %q, the sheet %q", page, book[i], row)
					break
				}
			}
		}
		stranger.get("/admin/" + page + "&format=xlsx&station=" + taiping).is(http.StatusNotFound)
	}
}

// TestStaffingPage: a station with enough requests has its row and its curve, and nobody sees another's.
func TestStaffingPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.close(w.ask(1, "我妈妈没人照顾"))
	w.must(w.intake.Fold(w.Context()))
	b := w.as("mei", "administrator", "")
	b.get("/admin/staffing").is(http.StatusOK, "No station had 20 requests")
	b.get("/admin/times/staffing.svg?station=" + taiping).is(http.StatusNotFound)
	_, err := w.db.Exec(`INSERT INTO cycles (request_id, n, began_at, day, station, urgency, claim_due, answer_due, resolve_due, claimed_at, answered_at, claim_open, answer_open)
		SELECT request_id, g, began_at - interval '5 days', day - 5, station, urgency, claim_due, answer_due, resolve_due, began_at, began_at, 60, 1260
		FROM cycles, generate_series(2, 120) AS g`)
	w.must(err)
	const all, emergencies = `data-label="All requests · `, `data-label="Emergencies · `
	b.get("/admin/staffing").is(http.StatusOK, "Taiping", all+`as now">&gt; 99 %`, "Emergencies, within 5 min", emergencies+`as now">&gt; 99 %`, all+`in fact"><a href="/admin/times/requests?`, ">100 %</a>", emergencies+`in fact">–`, `<td class="n" data-label="Each takes">20 min</td>`)
	links := regexp.MustCompile(`<a href="(/admin/times/requests\?[^"]*)">`).FindAllStringSubmatch(b.get("/admin/staffing").body, -1)
	if len(links) != 2 {
		t.Fatalf("arrivals and what was in fact lead to %q", links)
	}
	for _, link := range links {
		if n := countOf(b.get(strings.ReplaceAll(link[1], "&amp;", "&")).is(http.StatusOK)); n != 120 {
			t.Errorf("%s lists %d of 120", link[1], n)
		}
	}
	b.get("/admin/times/staffing.svg?station="+taiping).is(http.StatusOK, "<svg", "All requests", "Emergencies")
	if rows := w.sheet(b.get("/admin/staffing?format=csv")); len(rows) != 2 || rows[1][0] != taiping || len(rows[1]) != len(rows[0]) {
		t.Errorf("the sheet has %q", rows)
	}
	_, err = w.db.Exec(`UPDATE cycles SET urgency = 'emergency', claim_due = began_at + interval '5 minutes' WHERE n % 20 = 0; UPDATE cycles SET answer_open = 60 + 3 * 3600`)
	w.must(err)
	busy := w.sheet(b.get("/admin/staffing?format=csv"))
	row := map[string]float64{}
	for i, name := range busy[0] {
		row[name], _ = strconv.ParseFloat(busy[1][i], 64)
	}
	for _, more := range []string{"-1", "+0", "+1"} { // the standard of most is a day, of few five minutes
		if whole, few := row["within_"+more], row["emergency_within_"+more]; whole < few+0.02 || few < 0.1 || few > 0.99 {
			t.Errorf("with %s workers %v of all are in time, and %v of emergencies", more, whole, few)
		}
	}
	if row["emergency_within_+1"] < row["emergency_within_+0"]+0.02 || row["workers_needed"] <= row["workers"] || row["emergency_standard_s"] != 300 {
		t.Errorf("one worker more changes nothing: %v", row)
	}
	for _, narrower := range []string{"urgency=emergency", "category=health", "setting=urban", "worker_station=" + another} { // the same people do all
		if rows := w.sheet(b.get("/admin/staffing?format=csv&" + narrower)); !slices.EqualFunc(rows, busy, slices.Equal) {
			t.Errorf("of %s alone it has %q", narrower, rows)
		}
	}
	w.as("li", "supervisor", another).get("/admin/staffing").is(http.StatusOK).lacks("Taiping")
	w.must(w.execute(`INSERT INTO cycles (request_id, n, began_at, day, station, urgency, claim_due, answer_due, resolve_due)
		SELECT request_id, 1000 + row_number() OVER (), began_at, day, s.code, c.urgency, claim_due, answer_due, resolve_due
		FROM cycles c, stations s, generate_series(1, 20) WHERE c.n = 1`))
	a := b.get("/admin/staffing").is(http.StatusOK, "These are the 50 worst")
	if sheet := w.sheet(b.get("/admin/staffing?format=csv")); len(sheet) != 201 || strings.Count(a.body, `<th scope="row">`) != 50 || len(a.body) > 75_000 {
		t.Errorf("of 200 stations the page has %d in %d bytes, and the sheet %d rows", strings.Count(a.body, `<th scope="row">`), len(a.body), len(sheet))
	}
}
