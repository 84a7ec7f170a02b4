package admin_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// upload sends a file to be imported.
func (b *browser) upload(register, name string, file []byte) answer {
	b.w.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	b.w.must(err)
	_, err = part.Write(file)
	b.w.must(err)
	b.w.must(form.Close())
	r, err := http.NewRequestWithContext(b.w.Context(), http.MethodPost, b.w.server.URL+"/admin/directory/"+register+"/import", &body)
	b.w.must(err)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

// previewed uploads a file and is where its preview is.
func (b *browser) previewed(register string, file []byte) string {
	b.w.Helper()
	a := b.upload(register, "list.csv", file)
	path := a.Header.Get("Location")
	if a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(path, "/admin/directory/"+register+"/import/") {
		b.w.Fatalf("%v; want a preview\n%s", a, a.text())
	}
	return path
}

const stationHeader = "code,name,county_code,lat,lon,datum,phone,categories,hours,name_en\n"

// TestImport: a file is shown before it is done, done exactly once, and by nobody else.
func TestImport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("boss", "administrator", "")
	before := value[string](w, `SELECT md5(string_agg(s::text, '' ORDER BY code)) FROM stations s`)
	kept := b.get("/admin/directory/stations/export?q=st-440117-1").body
	file := strings.TrimPrefix(kept, "\ufeff") + "st-new,新站,440117,23.5,113.5,wgs84,,health,,\n" + taiping + ",改名站,440117,23.452,113.488,wgs84,12345,,,\n"
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(file)
	w.must(err)
	path := b.previewed("stations", []byte(gbk))
	page := b.get(path).is(http.StatusOK, "1 new, 1 changed", "新站", "改名站", "<del dir=\"auto\">020-00000018</del>", "12345", "emptied", "list.csv", "Nothing is written yet")
	page.is(http.StatusOK, "<dt>Unchanged</dt><dd>1</dd>")
	b.get(path+"?format=csv").is(http.StatusOK, "phone", "020-00000018", "12345")
	if value[string](w, `SELECT md5(string_agg(s::text, '' ORDER BY code)) FROM stations s`) != before {
		t.Fatal("a preview writes")
	}
	other := w.as("eve", "administrator", "")
	other.get(path).is(http.StatusNotFound)
	other.post(path + "/confirm").is(http.StatusNotFound)
	b.get(strings.Replace(path, "stations", "places", 1)).is(http.StatusNotFound)
	b.post(path + "/confirm").leadsTo(path)
	b.get(path).is(http.StatusOK, "Done: 1 new, 1 changed").lacks(path + "/confirm")
	b.post(path + "/confirm").is(http.StatusConflict)
	if got := value[string](w, `SELECT string_agg(name, ' ' ORDER BY name COLLATE "C") FROM stations WHERE code IN ('st-new', $1)`, taiping); got != "改名站 新站" {
		t.Errorf("the stations are %s", got)
	}
	b.get("/admin/stations/st-new").is(http.StatusOK) // at once
	old := b.previewed("stations", []byte(stationHeader+"st-old,x,440117,23.5,113.5,,,,,\n"))
	_, err = w.db.Exec(`UPDATE previews SET made_at = made_at - interval '61 minutes'`)
	w.must(err)
	b.get(old).is(http.StatusNotFound)
	b.post(old + "/confirm").is(http.StatusNotFound)
}

// TestImportChangedMeanwhile: what was shown is done, or nothing is and the page says what is otherwise by now.
func TestImportChangedMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("boss", "administrator", "")
	file := []byte("code,name,station,role,phone,specialties\nw-440117-2-1,新名,st-440117-2,worker,020-1234567,\nw-new,新人,st-440117-2,worker,,\n")
	for what, change := range map[string]string{
		"changed": `UPDATE workers SET phone = '110' WHERE code = 'w-440117-2-1'`,
		"made":    `INSERT INTO workers (code, name, station) VALUES ('w-new', '别人', 'st-440117-2')`,
	} {
		path := b.previewed("workers", file)
		_, err := w.db.Exec(change)
		w.must(err)
		b.post(path + "/confirm").leadsTo(path + "?anew=1")
		b.get(path+"?anew=1").is(http.StatusOK, "changed meanwhile", "新名")
		if n := value[int](w, `SELECT count(*) FROM workers WHERE name IN ('新名', '新人')`); n != 0 {
			t.Errorf("%s meanwhile: %d records are written", what, n)
		}
	}
	path := b.previewed("workers", file)
	b.get(path).is(http.StatusOK, "别人").lacks("changed meanwhile")
	b.post(path + "/confirm").leadsTo(path)
	if n := value[int](w, `SELECT count(*) FROM workers WHERE name IN ('新名', '新人')`); n != 2 {
		t.Errorf("%d records are written, want 2", n)
	}
}

// TestImportRights: a file touches only what is its sender's to keep; one line that doesn't, and nothing is done.
func TestImportRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	county, station := w.as("mei", "supervisor", "440117"), w.as("li", "supervisor", taiping)
	path := county.previewed("stations", []byte(stationHeader+taiping+",偷,440117,23.4,113.4,,,,,\n"+another+",偷,440117,23.4,113.4,,,,,\nst-x,偷,440111,23.4,113.4,,,,,\n"))
	county.get(path).is(http.StatusOK, "Line 3", "Line 4", "yours to keep", another).lacks("Line 2", "Do it", "Zhongluotan", "钟落潭")
	county.post(path + "/confirm").is(http.StatusConflict)
	worker := []byte("code,name,station,role,phone,specialties\nw-440111-2-1,偷,st-440117-2,worker,,\n") // of another station
	for _, b := range []*browser{county, station} {
		path := b.previewed("workers", worker)
		b.get(path).is(http.StatusOK, "yours to keep")
		b.post(path + "/confirm").is(http.StatusConflict)
	}
	// rights that are lost between the preview and its confirmation
	path = county.previewed("stations", []byte(stationHeader+taiping+",改,440117,23.4,113.4,,,,,\n"))
	_, err := w.db.Exec(`UPDATE accounts SET county = '440111' WHERE name = 'mei'`)
	w.must(err)
	county.post(path + "/confirm").leadsTo(path + "?anew=1")
	if n := value[int](w, `SELECT count(*) FROM stations WHERE name IN ('偷', '改')`) + value[int](w, `SELECT count(*) FROM workers WHERE name = '偷'`); n != 0 {
		t.Errorf("%d records are written", n)
	}
	cross := station.form("/admin/directory/workers/import")
	cross.Header.Set("Sec-Fetch-Site", "cross-site")
	station.do(cross).is(http.StatusForbidden)
}

// book is an XLSX file after something was done to it.
func (w *world) book(do func(*excelize.File) error) []byte {
	w.Helper()
	f := excelize.NewFile()
	defer f.Close()
	w.must(f.SetSheetRow("Sheet1", "A1", &[]any{"code", "name", "level", "parent", "lat", "lon", "datum"}))
	w.must(f.SetSheetRow("Sheet1", "A2", &[]any{"p-1", "新村", "village", "440117111", "", "", ""}))
	w.must(do(f))
	var file bytes.Buffer
	w.must(f.Write(&file))
	return file.Bytes()
}

// TestBadFiles: each file that can't be imported is refused in a sentence that says why; each bad line with its number.
func TestBadFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("boss", "administrator", "")
	const header = "code,name,level,parent,lat,lon,datum\n"
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"nothing":           {nil, "The file is empty"},
		"UTF-16":            {[]byte("\xff\xfec\x00"), "The text is UTF-16"},
		"no encoding":       {[]byte(header + "p-1,\xff\xff\xff,village,,,,\n"), "neither UTF-8 nor GBK"},
		"a picture":         {[]byte("\x89PNG\r\n\x1a\n\x00"), "neither XLSX nor CSV"},
		"an old workbook":   {[]byte("\xd0\xcf\x11\xe0\xa1\xb1"), "a workbook of an old kind"},
		"another zip":       {[]byte("PK\x03\x04zzzz"), "Not an XLSX file that can be read"},
		"a missing column":  {[]byte("code,name,level,parent,lat,lon\n"), "The header lacks the column “datum”"},
		"a doubled column":  {[]byte("code,name,name,level,parent,lat,lon,datum\n"), "has the column “name” twice"},
		"an unknown column": {[]byte("code,name,level,parent,lat,lon,datum,<b>\n"), "unknown column “&lt;b&gt;”"},
		"too many lines":    {[]byte(header + strings.Repeat("p,x,village,,,,\n", 50_001)), "more than 50000 lines"},
		"merged cells":      {w.book(func(f *excelize.File) error { return f.MergeCell("Sheet1", "A2", "A3") }), "The cells A2:A3 are merged"},
		"a formula":         {w.book(func(f *excelize.File) error { return f.SetCellFormula("Sheet1", "B2", "1+1") }), "The cell B2 has a formula"},
		"too big":           {bytes.Repeat([]byte("x"), 11<<20), "larger than 10 MB"},
	} {
		if a := b.upload("places", "x.csv", c.file); a.StatusCode != http.StatusBadRequest || !strings.Contains(a.body, c.want) {
			t.Errorf("%s: %v; want it to say %q:\n%s", name, a, c.want, a.text())
		}
	}
	b.post("/admin/directory/places/import").is(http.StatusBadRequest, "Choose a file first")
	lines := header + "p-1,,village,440117111,,,\np-1,甲,hamlet,nowhere,x,y,z\n<i>,乙,village,440117111,1,200,\n"
	path := b.previewed("places", []byte(lines))
	b.get(path).is(http.StatusOK, "Line 2", "The name is missing", "Line 3", "Code “p-1” stands in line 2 already", "Level “hamlet”", "Datum “z”", "Line 4", "&lt;i&gt;",
		"lon -180 to 180", "Nothing can be imported").lacks("/confirm", "<i>")
	path = b.previewed("places", []byte(header+"p-1,甲,village,,,,,丙\n\"p-2\",\"a\nb\",village,,,,\n"))
	b.get(path).is(http.StatusOK, "stands under no column", "has a line break")
	b.Accept = "zh-CN"
	b.get(path).is(http.StatusOK, "不在任何一栏之下", "换行")
	many := b.previewed("places", []byte(header+strings.Repeat("!,,,,,,\n", 5000)))
	if a := b.get(many); len(a.body) > 100_000 {
		t.Errorf("the page of many problems has %d bytes", len(a.body))
	}
	if a := b.get(many + "?format=csv"); strings.Count(a.body, "\n") < 15_000 {
		t.Errorf("not every problem is in the file: %d lines", strings.Count(a.body, "\n"))
	}
	if n := value[int](w, `SELECT count(*) FROM places WHERE code LIKE 'p-%'`); n != 0 {
		t.Errorf("%d places are written", n)
	}
}

// TestExportImportsAgain: what is exported changes nothing when it is imported, in both formats, for everybody, whatever the
// records say; and no cell is a formula.
func TestExportImportsAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, change := range []string{
		`UPDATE stations SET name = '=HYPERLINK("http://evil")', name_en = '''=x', phone = '+86 20 8765', hours = '' WHERE code = 'st-440117-2'`,
		`UPDATE workers SET name = '@SUM(A1)', qualification = 'senior', fields = '{elderly,children}', specialties = '{health,education}' WHERE code = 'w-440117-2-1'`,
		`UPDATE workers SET name = '"a,b"', active = false WHERE code = 'w-440117-2-2'`,
		`UPDATE organisations SET contact = '-1+1', lat = 23.123456789012345, lon = 1e-7, capacity = 3, reach_km = 2.5 WHERE code = 'org-440117111-1'`,
		`UPDATE partners SET name = E'＝全角', reach_km = NULL WHERE code = 'v-440117-1'`,
		"UPDATE places SET name = '\u202e倒', active = false WHERE code = '440117111'",
		`INSERT INTO canned_replies (station, category, language, title, text, active) VALUES ('st-440117-2', 'health', 'en', '=1', '''''+2', false)`,
	} {
		_, err := w.db.Exec(change)
		w.must(err)
	}
	for _, b := range []*browser{w.as("boss", "administrator", ""), w.as("mei", "supervisor", "440117"), w.as("li", "supervisor", taiping)} {
		for _, register := range []string{"stations", "workers", "organisations", "volunteers", "places", "replies"} {
			if b.get("/admin/directory/"+register+"/import").StatusCode != http.StatusOK {
				continue
			}
			for _, format := range []string{"csv", "xlsx"} {
				file := b.get("/admin/directory/" + register + "/export?format=" + format).is(http.StatusOK).body
				if formula := regexp.MustCompile(`(?m)(^|,)"?[=+@＝-]`).FindString(file); format == "csv" && formula != "" {
					t.Errorf("%s has a formula: %q", register, formula)
				}
				a := b.get(b.previewed(register, []byte(file)))
				a.is(http.StatusOK, "Everything in the file is on record already", "<dt>New</dt><dd>0</dd>", "<dt>Changed</dt><dd>0</dd>")
			}
		}
	}
}
