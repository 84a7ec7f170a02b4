package open311_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"onedoor/intake"
	"onedoor/open311"
)

// one is the request as a system reads it.
func (s system) one(ref string) map[string]any {
	s.w.Helper()
	return s.get("/v2/requests/" + ref + ".json").is(http.StatusOK).list()[0]
}

// TestFollow: what a worker does changes the status, and what they write is read by whoever filed the request.
func TestFollow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.system("County Hotline", county, false)
	ref := s.post(need("address_string", "12 River Road")...).ref()
	is := func(want map[string]any) {
		t.Helper()
		got := s.one(ref)
		for name, value := range want {
			if got[name] != value {
				t.Errorf("%s is %q, want %q", name, got[name], value)
			}
		}
	}
	is(map[string]any{"status": "open", "status_notes": "Waiting for a social worker", "service_code": "elderly_disabled_care",
		"description": "I need a wheelchair for my father", "address": "12 River Road", "lat": 23.449, "long": 113.482, "media_url": nil, "zipcode": nil,
		"agency_responsible": "Taiping Town Social Work Station, Conghua District"})
	before := s.one(ref)
	for _, name := range []string{"requested_datetime", "updated_datetime", "expected_datetime"} {
		if _, err := time.Parse(time.RFC3339, before[name].(string)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.press(intake.ActClaim, ref, "")
	is(map[string]any{"status": "open", "status_notes": "A social worker is on it"})
	w.press(intake.ActReply, ref, "")
	w.act(intake.Said{Text: "We come on Monday"})
	is(map[string]any{"status": "open", "status_notes": "A social worker is on it\nWe come on Monday"})
	w.press(intake.ActTakeBack, ref, w.said("We come on Monday"))
	is(map[string]any{"status_notes": "A social worker is on it"})
	w.press(intake.ActNote, ref, "")
	w.act(intake.Said{Text: "for colleagues only"})
	is(map[string]any{"status_notes": "A social worker is on it"})
	w.press(intake.ActOutcome, ref, "not_possible.means")
	is(map[string]any{"status": "closed", "status_notes": "Not possible: there is nothing for it here"})
	w.act(intake.Said{Text: "The hospital lends some"}) // the sentence that is asked for
	is(map[string]any{"status": "closed", "status_notes": "Not possible: there is nothing for it here\nThe hospital lends some"})
	w.press(intake.ActTakeUp, ref, "")
	is(map[string]any{"status": "open"})
	if n := w.count(`SELECT count(*) FROM notices WHERE bot_id < 0`); n != 0 {
		t.Errorf("%d notices are for nobody", n)
	}
}

// said is the number of a message.
func (w *world) said(text string) (id string) {
	w.Helper()
	w.must(w.db.Get(&id, `SELECT CAST(id AS text) FROM messages WHERE text = $1`, text))
	return id
}

// TestSupervisorsAnswer: what a supervisor says in the admin is read by whoever filed the request, too, and a note of theirs isn't.
func TestSupervisorsAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.system("County Hotline", county, false)
	ref := s.post(need()...).ref()
	by := intake.Supervisor{Name: "mei", Sight: intake.Sight{All: true}}
	w.must(w.intake.Answer(t.Context(), by, ref, "We come on Tuesday"))
	w.must(w.intake.Note(t.Context(), by, ref, "for colleagues only"))
	notes, _ := s.one(ref)["status_notes"].(string)
	if !strings.HasSuffix(notes, "\nWe come on Tuesday") {
		t.Errorf("status_notes are %q", notes)
	}
}

// TestWhoSeesWhat: without a key only the services; with one what it filed; with leave also that others have asked for
// something in its county, without words, persons and homes, and nothing of violence and abuse.
func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	filer, other := w.system("Filer", county, false), w.system("Other", county, false)
	more, elsewhere := w.system("More", county, true), w.system("Elsewhere", "442000", true)
	nobody := system{w, ""}
	ref := filer.post(need("account_id", "a-1", "address_string", "12 River Road")...).ref()
	beaten := filer.post(need("description", "my husband is beating me")...).ref()
	w.press(intake.ActClaim, ref, "")
	w.press(intake.ActReply, ref, "")
	w.act(intake.Said{Text: "Mrs Chen, we come on Monday"})

	for _, path := range []string{"/v2/requests/" + ref, "/v2/requests/" + ref + ".xml", "/v2/tokens/" + ref, "/v2/requests", "/v2/requests?service_request_id=" + ref} {
		nobody.get(path).is(http.StatusForbidden, "Missing api_key").lacks(ref)
		system{w, "od_wrong"}.get(path).is(http.StatusForbidden, "Invalid api_key").lacks(ref)
		filer.get(path).is(http.StatusOK, ref)
		for _, blind := range []system{other, elsewhere} {
			if a := blind.get(path).lacks("wheelchair", "Monday"); strings.Contains(path, "?") || strings.HasSuffix(path, "requests") {
				a.is(http.StatusOK).lacks(ref)
			} else {
				a.is(http.StatusNotFound, "not found")
			}
		}
	}
	more.get("/v2/requests").is(http.StatusOK, ref, "A social worker is on it", "440117111").
		lacks(beaten, "wheelchair", "Monday", "Mei", "139", "River Road", "23.449", "a-1")
	more.get("/v2/requests/" + beaten).is(http.StatusNotFound)
	filer.get("/v2/requests/"+beaten).is(http.StatusOK, "my husband")
	if got := more.one(ref); got["lat"] != nil || got["description"] != nil || got["address"] == nil {
		t.Errorf("others' request is shown as %v", got)
	}

	w.exec(`UPDATE systems SET active = false WHERE name = 'Filer'`)
	filer.get("/v2/requests/"+ref).is(http.StatusForbidden, "Invalid")
	filer.post(need()...).is(http.StatusForbidden, "Invalid")
}

// TestQuestions: GET requests takes what the standard has, and refuses the rest in its words.
func TestQuestions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.system("County Hotline", county, false)
	old, health, done := s.post(need()...).ref(), s.post(need("service_code", "health")...).ref(), s.post(need()...).ref()
	w.press(intake.ActClaim, done, "")
	w.press(intake.ActOutcome, done, "solved")
	w.exec(`UPDATE requests SET submitted_at = submitted_at - interval '100 days' WHERE ref = $1`, old)
	w.exec(`UPDATE filings SET filed_at = filed_at - interval '100 days' WHERE request_id = (SELECT id FROM requests WHERE ref = $1)`, old)
	at := func(days int) string { return url.QueryEscape(time.Now().AddDate(0, 0, days).Format(time.RFC3339)) }
	for query, want := range map[string][]string{
		"": {done, health}, "?jurisdiction_id=city.gov": {done, health}, "?status=open": {health}, "?status=closed": {done},
		"?status=open,closed": {done, health}, "?status=open&status=closed": {done, health}, "?service_code=health": {health},
		"?service_code=health,elderly_disabled_care": {done, health}, "?service_request_id=" + old + "," + strings.ToLower(done): {done, old},
		"?service_request_id=" + old + "&status=closed": {old}, "?start_date=" + at(-110): {old}, "?end_date=" + at(-30): {old},
		"?start_date=" + at(-80) + "&end_date=" + at(1): {done, health}, "?service_request_id=%00,%FF,nothing": nil, "?status=": {done, health},
	} {
		var got []string
		for _, r := range s.get("/v2/requests.json" + query).is(http.StatusOK).list() {
			got = append(got, r["service_request_id"].(string))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s has %v, want %v", query, got, want)
		}
	}
	for query, says := range map[string]string{
		"?status=new": "status must be", "?start_date=yesterday": "start_date must", "?end_date=2010-01-01": "end_date must",
		"?start_date=" + at(-91) + "&end_date=" + at(0): "90 days", "?start_date=" + at(0) + "&end_date=" + at(-1): "in order",
		"?start_date=0000-01-01T00:00:00Z": "start_date must", "?service_request_id=" + strings.Repeat("A,", 1001): "1,000",
	} {
		s.get("/v2/requests"+query).is(http.StatusBadRequest, says, `"code":400`)
	}
	s.get("/v2/requests?service_code=cooking").is(http.StatusNotFound, "service_code was not found")
	s.get("/v2/requests/nothing").is(http.StatusNotFound, `"code":404`, "service_request_id was not found")
	s.get("/v2/requests/%00%FF'").is(http.StatusNotFound)
	s.get("/v2/nothing.xml").is(http.StatusNotFound, "<errors><error><code>404</code>")
	s.get("/v2/tokens/"+old+".json").is(http.StatusOK, `[{"service_request_id":"`+old+`","token":"`+old+`"}]`)
}

// TestServices: they are there for everybody, and the same as in the taxonomy.
func TestServices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	nobody := system{w, ""}
	all := nobody.get("/v2/services").is(http.StatusOK).list()
	if len(all) != len(w.intake.Taxonomy.Categories())+1 || all[len(all)-1]["service_code"] != "unclear" {
		t.Errorf("%d services", len(all))
	}
	for _, s := range all {
		code := s["service_code"].(string)
		nobody.get("/v2/services/"+code+".json").is(http.StatusOK, `{"service_code":"`+code+`","attributes":[]}`)
		if s["metadata"] != false || s["type"] != "realtime" || s["service_name"] == nil || s["description"] == nil {
			t.Errorf("%v", s)
		}
	}
	seen := map[string]bool{}
	for lang, says := range map[string]string{"zh-CN": "轮椅", "zh-HK": "輪椅", "zh-TW": "輪椅", "zh": "轮椅", "en": "wheelchairs", "fr": "wheelchairs"} {
		for _, s := range nobody.in(lang, "/v2/services").list() {
			code, text := s["service_code"].(string), s["description"].(string)
			chinese := strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) && r != '低' && r != '保' })
			if latin := regexp.MustCompile(`[A-Za-z_]`).MatchString(text); chinese == latin || chinese == (lang == "en" || lang == "fr") {
				t.Errorf("in %q %s is for %q", lang, code, text)
			}
			if code == "elderly_disabled_care" && !strings.Contains(text, says) {
				t.Errorf("in %q it is for %q, want %q", lang, text, says)
			}
			if chinese && (strings.Count(text, "。") != 1 || !strings.HasSuffix(text, "。")) && code != "unclear" {
				t.Errorf("%q is not one sentence", text)
			}
			if (lang == "zh-CN" || lang == "zh-HK") && seen[text] {
				t.Errorf("%q stands there twice, or in both scripts", text)
			}
			seen[text] = lang == "zh-CN" || lang == "zh-HK" || seen[text]
		}
	}
	nobody.get("/v2/services/cooking.xml").is(http.StatusNotFound, "service_code was not found")
	nobody.get("/v2/services/health.xml").is(http.StatusOK, "<service_definition><service_code>health</service_code><attributes></attributes></service_definition>")
	nobody.get("/discovery.json").is(http.StatusOK, w.server.URL+"/open311/v2", "text/xml", "application/json")
}

// TestLimit: a key that asks too fast is told so; another isn't.
func TestLimit(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, open311.Options{PerSecond: 0.001, Burst: 2})
	s, other := w.system("Fast", "", false), w.system("Slow", "", false)
	s.get("/v2/requests").is(http.StatusOK)
	s.get("/v2/requests").is(http.StatusOK)
	s.get("/v2/requests").is(http.StatusTooManyRequests, `"code":429`)
	s.get("/v2/requests/x").is(http.StatusTooManyRequests)
	other.get("/v2/requests").is(http.StatusOK)
	s.get("/v2/services").is(http.StatusOK)
}
