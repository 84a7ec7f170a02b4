package admin_test

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// TestStandardsBySheet: service standards are exported in both formats, import again without a change, and are set by a file as by
// their form: with the same bounds, for what is asked from then on, by administrators alone.
func TestStandardsBySheet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("boss", "administrator", "")
	b.post("/admin/standards/health", "urgency", "normal", "claim", "90", "answer", "1.5", "answer_unit", "days", "resolve", "3", "resolve_unit", "days").leadsTo("/admin/standards/health")
	for _, format := range []string{"csv", "xlsx"} {
		file := b.get("/admin/directory/standards/export?format=" + format).is(http.StatusOK).body
		if format == "csv" && !strings.Contains(file, "\nhealth,normal,90 minutes,36 hours,3 days\n") {
			t.Errorf("the export says\n%s", file)
		}
		b.get(b.previewed("standards", []byte(file))).is(http.StatusOK, "Everything in the file is on record already", "<dt>Unchanged</dt><dd>57</dd>")
	}
	const head = "category,urgency,claim,answer,resolve\n"
	was := b.get("/admin/directory/standards/export?format=csv").body
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(head + "health,normal,2小时,1 天,3 d\nHealth,URGENT,45min,1h,1.5 hours\n")
	w.must(err)
	path := b.previewed("standards", []byte(gbk))
	b.get(path).is(http.StatusOK, "0 new, 2 changed", "<del dir=\"auto\">90 minutes</del> → <ins dir=\"auto\">2 hours</ins>", "<ins dir=\"auto\">90 minutes</ins>").lacks("3 days</ins>")
	if b.get("/admin/directory/standards/export?format=csv").body != was {
		t.Error("a preview writes")
	}
	b.post(path + "/confirm").leadsTo(path)
	b.get("/admin/standards").is(http.StatusOK, "2 hours · 1 day · 3 days", "45 minutes · 1 hour · 90 minutes")
	b.get("/admin/standards/health").is(http.StatusOK, "Set by boss")

	// what is the taxonomy's again is no setting
	path = b.previewed("standards", []byte(head+"health,urgent,2 hours,4 hours,3 days\n"))
	late := b.previewed("standards", []byte(head+"health,urgent,3 hours,5 hours,4 days\n"))
	b.post(path + "/confirm").leadsTo(path)
	if strings.Count(b.get("/admin/standards/health").body, "Set by boss") != 1 {
		t.Error("what is as by default counts as set")
	}
	b.post(late + "/confirm").leadsTo(late + "?anew=1") // it was shown as a change of other times
	b.get(late+"?anew=1").is(http.StatusOK, "changed meanwhile", "2 hours")

	path = b.previewed("standards", []byte(head+"health,normal,30,4 hours,1 day\ncooking,normal,1 hour,2 hours,3 hours\nhealth,soon,1 hour,2 hours,3 hours\n"+
		"food_safety,normal,5 hours,4 hours,8 days\nfood_safety,normal,1 hour,2 hours,200 days\neducation,emergency,31 min,1 hour,-1 day\n"))
	b.get(path).is(http.StatusOK, "Line 2", "“30” is not a time", "Line 3", "there is no service “cooking”", "Line 4", "Urgency “soon”", "Line 5", "First response time (4 hours) must not be shorter than Time to claim (5 hours)",
		"Line 6", "stands in line 5 already", "at most 180 days", "Line 7", "at most 30 minutes", "“-1 day” is not a time").lacks("/confirm")
	b.Accept = "zh-CN"
	b.get(path).is(http.StatusOK, "“30”不是时长", "接单", "最多180 天")
	b.post(path + "/confirm").is(http.StatusConflict)
	w.keptByAdministrators("standards", head+"health,normal,30 min,4 hours,1 day\n")
}

// TestTextsBySheet: what the bot says is exported in both formats, imports again without a change, line breaks and all, and is
// worded anew by a file as by its form.
func TestTextsBySheet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("boss", "administrator", "")
	b.post("/admin/texts/en/claimed_by", "text", "=1+1\n-{{.Worker}} cares for {{.Ref}}").leadsTo("/admin/texts/en/claimed_by")
	for _, from := range []string{"/admin/directory/texts/export?format=", "/admin/texts?in=en&q=claimed&format="} {
		for _, format := range []string{"csv", "xlsx"} {
			file := b.get(from + format).is(http.StatusOK).body
			if format == "csv" && !strings.Contains(file, "\"'=1+1\n-{{.Worker}}") {
				t.Errorf("the formula is not defused in\n%s", file)
			}
			b.get(b.previewed("texts", []byte(file))).is(http.StatusOK, "Everything in the file is on record already", "<dt>Changed</dt><dd>0</dd>").lacks("<dt>Unchanged</dt><dd>0</dd>")
		}
	}
	const original = "{{.Worker}} has taken on your request {{.Ref}} and will write to you here."
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("language,key,text\nzh-CN,claimed_by,\"{{.Worker}}已接您的求助{{.Ref}}。\n稍后联系您。\"\nen,claimed_by," + original + "\n")
	w.must(err)
	path := b.previewed("texts", []byte(gbk))
	b.get(path).is(http.StatusOK, "0 new, 2 changed", "稍后联系您", "<del dir=\"auto\">=1&#43;1")
	said := func(language string) string {
		return w.texts.Say(language, "claimed_by", map[string]any{"Worker": "Li", "Ref": "K7"})
	}
	before := said("zh-CN")
	b.post(path + "/confirm").leadsTo(path)
	if got := said("zh-CN"); got == before || got != "Li已接您的求助K7。\n稍后联系您。" {
		t.Errorf("the bot says %q", got)
	}
	if n := value[int](w, `SELECT count(*) FROM texts`); n != 1 || said("en") != "Li has taken on your request K7 and will write to you here." {
		t.Errorf("%d texts are changed, want one: the other is as the program brings it: %q", n, said("en"))
	}
	path = b.previewed("texts", []byte("language,key,original,text\nen,claimed_by,,nobody\nen,claimed_by,,{{.Worker}} {{.Ref}}\nfr,claimed_by,,x\nen,button_confirm,,x\nen,<i>,,x\n"+
		"zh-HK,claimed_by,,\nen,enough,something else,x\nzh-CN,claimed_by,,{{.Worker}}{{.Ref}}{{printf .Ref}}\n"))
	b.get(path).is(http.StatusOK, "Line 2", "must name the same values as the original, and no others: {{.Ref}} {{.Worker}}", "Line 3", "stands in line 2 already", "Line 4", "Language “fr”",
		"Line 5", "“button_confirm” is no text", "Line 6", "&lt;i&gt;", "Line 7", "empty or too long", "Line 8", "The original of “enough” is another", "Line 9").lacks("/confirm", "<i>")
	b.upload("texts", "x.csv", []byte("language,key\n")).is(http.StatusBadRequest, "lacks the column “text”")
	b.get(b.previewed("texts", []byte("language,key,text\nen,\"a\nb\",x\n"))).is(http.StatusOK, "has a line break")
	w.keptByAdministrators("texts", "language,key,text\nen,claimed_by,{{.Worker}} {{.Ref}}\n")
}

// keptByAdministrators checks that others than administrators read a sheet and import none, not even what an administrator has sent.
func (w *world) keptByAdministrators(register, file string) {
	w.Helper()
	ready := w.as("chief", "administrator", "").previewed(register, []byte(file))
	for name, limit := range map[string]string{"province": "", "county": "440117", "station": taiping, "auditor": ""} {
		role := "supervisor"
		if name == "auditor" {
			role = name
		}
		b := w.as(name, role, limit)
		b.get("/admin/directory/"+register+"/export?format=csv").is(http.StatusOK, "claim")
		b.get("/admin/" + register).is(http.StatusOK).lacks("/import")
		b.get("/admin/directory/" + register + "/import").is(http.StatusForbidden)
		b.upload(register, "x.csv", []byte(file)).is(http.StatusForbidden)
		b.get(ready).is(http.StatusForbidden)
		b.post(ready + "/confirm").is(http.StatusForbidden)
		for _, form := range []string{"new", "records/x", "records/x/off"} { // which they don't have
			if a := b.post("/admin/directory/" + register + "/" + form); a.StatusCode != http.StatusNotFound && role != "auditor" {
				w.Errorf("%v", a)
			}
		}
	}
	w.browser().get("/admin/directory/" + register + "/export").leadsTo("/admin/login")
}

// TestImportWarns: a line with the code of a place that nobody knows is named before anything is written, and is imported all the
// same, as its form would take it.
func TestImportWarns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("boss", "administrator", "")
	for register, file := range map[string]string{
		"stations":      stationHeader + "st-a,甲站,440117,23.5,113.5,,,,,\nst-b,乙站,999999,23.5,113.5,,,,,\nst-c,丙站,,23.5,113.5,,,,,\nst-d,丁站,<i>,23.5,113.5,,,,,\n",
		"organisations": "code,name,place_code,lat,lon,datum,phone,categories\norg-a,甲,440117111,,,,,\norg-b,乙,999999,,,,,\norg-c,丙,,23.5,113.5,,,\norg-d,丁,<i>,,,,,\n",
		"volunteers":    "code,name,phone,place_code,lat,lon,datum,tasks,reach_km\nv-a,甲,,440117111,,,,visit,\nv-b,乙,,999999,,,,visit,\nv-c,丙,,,23.5,113.5,,visit,\nv-d,丁,,<i>,,,,visit,\n",
	} {
		path := b.previewed(register, []byte(file))
		a := b.get(path).is(http.StatusOK, "Look at these", "Line 3", "“999999” is not in the list of places", "Line 5", "&lt;i&gt;", "4 new, 0 changed")
		a.lacks("Line 2", "Line 4", "<i>")
		b.get(path+"?format=csv").is(http.StatusOK, "3,Look at these,,,,", "999999")
		b.post(path + "/confirm").leadsTo(path)
		b.get(path).is(http.StatusOK, "Done: 4 new")
	}
	path := b.previewed("stations", []byte(stationHeader+"st-e,,999999,23.5,113.5,,,,,\n"))
	b.get(path).is(http.StatusOK, "The name is missing", "Look at these", "999999").lacks("/confirm")
}
