package open311_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"testing"

	"onedoor/intake"
	"onedoor/open311"
	"onedoor/prompts"
)

// TestFile: what a county's system files is a request like any other, and nothing is told to who has no chat.
func TestFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.system("County Hotline", county, false)
	a := s.post(need("address_string", "12 River Road, Taiping", "account_id", "a-1", "media_url", "http://x.example/1.jpg", "email", "mei@example.org")...)
	a.is(http.StatusOK, "Taiping Town Social Work Station, Conghua District has it and calls back.", "media_url was not taken", `"account_id":"a-1"`)
	v := w.view(a.ref())
	if v.State != intake.Open || *v.Station != taiping || *v.Category != "elderly_disabled_care" || v.Phone != "+8613900000001" || v.System != "County Hotline" {
		t.Errorf("the request is %s at %v for %v, to call %q, from %q", v.State, *v.Station, *v.Category, v.Phone, v.System)
	}
	if !strings.Contains(v.Text, "wheelchair") || !strings.Contains(v.Text, "12 River Road") || v.UpdateID != nil {
		t.Errorf("its words are %q, its update %v", v.Text, v.UpdateID)
	}
	if n := w.count(`SELECT count(*) FROM notices WHERE request_id = $1 AND chat_id = 901 AND kind = 'card'`, v.ID); n != 1 {
		t.Errorf("its worker is shown %d cards", n)
	}
	w.press(intake.ActClaim, v.Ref, "")
	if n := w.count(`SELECT count(*) FROM notices n JOIN messages m ON m.id = CAST(n.args ->> 'message' AS bigint)
		WHERE n.chat_id = 901 AND m.text = 'Mei Chen · +86 139 0000 0001 · mei@example.org'`); n != 1 {
		t.Errorf("who claims it is told %d times who asks", n)
	}
	if n := w.count(`SELECT count(*) FROM notices WHERE bot_id <> $1`, testBot); n != 0 {
		t.Errorf("%d notices are for nobody", n)
	}
}

// TestUnclear: where the system doesn't know the service, the classifiers say it, or else a person.
func TestUnclear(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.system("County Hotline", county, false)
	known := w.view(s.post(need("service_code", "unclear")...).ref())
	if known.Category == nil || *known.Category != "elderly_disabled_care" {
		t.Errorf("it is taken for %v", known.Category)
	}
	unknown := w.view(s.post(need("service_code", "unclear", "description", "hm")...).ref())
	if unknown.Category != nil || unknown.Triage != intake.TriageUnclear {
		t.Errorf("it is taken for %v, triage %q", unknown.Category, unknown.Triage)
	}
}

// TestDangerIsAlwaysTaken: whatever else it lacks, and however fast it comes.
func TestDangerIsAlwaysTaken(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, open311.Options{PerSecond: 0.001, Burst: 1})
	s := w.system("County Hotline", county, false)
	s.post(need()...).is(http.StatusOK)
	s.post(need()...).is(http.StatusTooManyRequests, `"code":429`)
	for name, pairs := range map[string][]string{
		"alone":          {"description", "着火了，救命"},
		"no service":     {"description", "There is a fire, hurry", "lat", "23.449", "long", "113.482"},
		"bad service":    {"description", "There is a fire, hurry", "service_code", "cooking"},
		"in the sea":     {"description", "There is a fire, hurry", "service_code", "health", "lat", "0", "long", "0"},
		"another county": {"description", "There is a fire, hurry", "service_code", "health", "lat", "22.52", "long", "113.38"},
		"long":           {"description", "There is a fire, hurry" + strings.Repeat(" please", 1000), "account_id", strings.Repeat("x", 1000)},
		"in the address": {"address_string", "there is a fire in my house, Taiping"},
	} {
		v := w.view(s.post(pairs...).is(http.StatusOK, "In danger call 119 at once").ref())
		if v.Urgency != prompts.Emergency || v.Crisis != prompts.Fire || *v.Category != "fire_safety" || v.State != intake.Open {
			t.Errorf("%s: it is %s, %s, %v, %s", name, v.Urgency, v.Crisis, *v.Category, v.State)
		}
		if w.count(`SELECT count(*) FROM notices WHERE request_id = $1 AND chat_id = 901 AND priority = 0`, v.ID) == 0 {
			t.Errorf("%s: nobody is alarmed", name)
		}
	}
}

// TestWhere: each way to say where a request is.
func TestWhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	limited, anywhere := w.system("County Hotline", county, false), w.system("Province", "", false)
	bare := func(s system, more ...string) answer {
		return s.post(append([]string{"service_code", "health", "description", "I need a doctor's visit"}, more...)...)
	}
	for name, c := range map[string]struct {
		a       answer
		station string
		source  string
	}{
		"position":       {bare(anywhere, "lat", "23.449", "long", "113.482"), taiping, "location"},
		"words":          {bare(anywhere, "address_string", "从化区太平镇广场路3号"), taiping, "text"},
		"code":           {bare(anywhere, "address_id", "440117111"), taiping, "choice"},
		"unknown words":  {bare(anywhere, "address_string", "third house on the left"), "", ""},
		"of its county":  {bare(limited, "address_string", "third house on the left"), "", "area"},
		"in description": {bare(anywhere, "address_string", "third house", "description", "从化区太平镇，老人需要轮椅"), taiping, "text"},
	} {
		v := w.view(c.a.ref())
		if v.PlaceSource != c.source || c.station != "" && (v.Station == nil || *v.Station != c.station) {
			t.Errorf("%s: it is known by %q, at %v", name, v.PlaceSource, v.Station)
		}
		if c.source == "" && v.Triage != intake.TriageNoPlace {
			t.Errorf("%s: triage %q", name, v.Triage)
		}
	}
	somewhere := limited.one(bare(limited, "address_string", "behind the old bridge").ref())
	if somewhere["lat"] != nil || somewhere["long"] != nil || somewhere["address_id"] != county {
		t.Errorf("what is somewhere in the county is at %v, %v, %v", somewhere["lat"], somewhere["long"], somewhere["address_id"])
	}
	bare(limited, "lat", "22.52", "long", "113.38").is(http.StatusBadRequest, "outside of the area")
	bare(anywhere, "lat", "22.52", "long", "113.38").is(http.StatusOK)
}

// TestFiledOnce: what comes twice, or at once, under one key of the caller's is one request; so are the same words of one
// account within ten minutes.
func TestFiledOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s, other := w.system("County Hotline", county, false), w.system("Other", county, false)
	keyed := func(s system, key string, more ...string) answer {
		r := s.form(need(more...)...)
		r.Header.Set("Idempotency-Key", key)
		return w.do(r)
	}
	refs, group := make([]string, 8), sync.WaitGroup{}
	for i := range refs {
		group.Go(func() { refs[i] = keyed(s, "k1").ref() })
	}
	group.Wait()
	for _, ref := range refs {
		if ref != refs[0] {
			t.Errorf("one key is filed as %v", refs)
			break
		}
	}
	if keyed(other, "k1").ref() == refs[0] {
		t.Error("two systems' keys are taken for one")
	}
	keyed(s, "k1", "description", "I need something else").is(http.StatusBadRequest, "used for another request")
	if keyed(s, "k1", "description", "There is a fire, hurry").is(http.StatusOK).ref() == refs[0] {
		t.Error("a danger is taken for a repeat")
	}
	if s.post(need("idempotency_key", "k1")...).ref() != refs[0] {
		t.Error("the parameter isn't the header")
	}
	same := func() string { return s.post(need("account_id", "a-1")...).ref() }
	first := same()
	if same() != first {
		t.Error("the same words of one account are two requests")
	}
	if s.post(need("account_id", "a-2")...).ref() == first {
		t.Error("two accounts' words are one request")
	}
	w.exec(`UPDATE filings SET filed_at = filed_at - interval '11 minutes'`)
	if same() == first {
		t.Error("the same words are taken for a repeat for ever")
	}
	if one := s.post(need()...).ref(); s.post(need()...).ref() == one {
		t.Error("nobody's words are taken for a repeat")
	}
}

// TestRefused: hostile and mistaken input has the standard's status and a sentence, and files nothing.
func TestRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.system("County Hotline", county, false)
	for name, c := range map[string]struct {
		pairs  []string
		status int
		says   string
	}{
		"no service":     {need("service_code", ""), 400, "service_code was not provided"},
		"unknown":        {need("service_code", "cooking"), 404, "service_code was not found"},
		"no place":       {need("lat", "", "long", ""), 400, "location was not provided"},
		"half a place":   {need("lat", ""), 400, "lat and long"},
		"not a number":   {need("lat", "NaN"), 400, "lat and long"},
		"infinite":       {need("lat", "+Inf", "long", "1e400"), 400, "lat and long"},
		"no such place":  {need("lat", "91"), 400, "lat and long"},
		"unclear, mute":  {need("service_code", "unclear", "description", " \x00 "), 400, "description was not provided"},
		"long":           {need("description", strings.Repeat("长", 4001)), 400, "4,000"},
		"long account":   {need("account_id", strings.Repeat("x", 201)), 400, "too long"},
		"not UTF-8":      {need("description", "\xce\xd2\xd2\xaa"), 400, "UTF-8"},
		"huge":           {need("description", strings.Repeat("x", 70_000)), 400, "64 kB"},
		"no key":         {need("api_key", ""), 403, "Missing api_key"},
		"another's key":  {need("api_key", "od_AAAAAAAAAAAAAAAAAAAAAAAAAA"), 403, "Invalid api_key"},
		"key of nothing": {need("api_key", "' OR 1=1 --"), 403, "Invalid api_key"},
		"a zero key":     {need("api_key", "od_\x00"), 403, "Invalid api_key"},
	} {
		a := s.post(c.pairs...).is(c.status, c.says)
		if list := a.list(); len(list) != 1 || list[0]["code"] != float64(c.status) || list[0]["description"] == nil {
			t.Errorf("%s: the error is %s", name, a.body)
		}
	}
	for kind, body := range map[string]string{
		"application/json": `{"service_code":"health"}`,
		"text/xml":         `<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r>&a;</r>`,
		"":                 "x", "multipart/form-data": "x", "application/x-www-form-urlencoded; charset=gbk": "service_code=health",
		"application/x-www-form-urlencoded": "service_code=%zz",
	} {
		r := s.form()
		r.Body, r.ContentLength = http.NoBody, 0
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.URL.String(), strings.NewReader(body))
		w.must(err)
		r.Header.Set("Content-Type", kind)
		w.do(r).is(http.StatusBadRequest).lacks("root:")
	}
	if n := w.count(`SELECT count(*) FROM requests`) + w.count(`SELECT count(*) FROM chats WHERE bot_id < 0`); n != 0 {
		t.Errorf("what is refused leaves %d rows", n)
	}
}

// TestMultipart: the other kind of form is read, too; files in it are refused.
func TestMultipart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.system("County Hotline", county, false)
	send := func(file bool, pairs ...string) answer {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		for i := len(pairs) - 2; i >= 0; i -= 2 { // of what stands there twice the first counts
			w.must(form.WriteField(pairs[i], pairs[i+1]))
		}
		if file {
			part, err := form.CreateFormFile("media", "../../x.jpg")
			w.must(err)
			_, _ = part.Write([]byte("x"))
		}
		w.must(form.Close())
		r := s.form()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.URL.String(), &body)
		w.must(err)
		r.Header.Set("Content-Type", form.FormDataContentType())
		return w.do(r)
	}
	send(false, need("api_key", s.key)...).is(http.StatusOK)
	send(true, need("api_key", s.key)...).is(http.StatusBadRequest, "Files are not taken")
	send(true, need("api_key", s.key, "description", "There is a fire, hurry")...).is(http.StatusOK, "119")
}
