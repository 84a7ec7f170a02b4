package open311

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http/httptest"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onedoor/intake"
	"onedoor/internal/texts"
	"onedoor/prompts"
)

// element is a part of an XML document, read back.
type element struct {
	name  string
	words string
	parts []*element
}

func readXML(t interface{ Fatalf(string, ...any) }, document []byte) *element {
	decoder, stack := xml.NewDecoder(bytes.NewReader(document)), []*element{{}}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return stack[0].parts[0]
		}
		if err != nil {
			t.Fatalf("%v: %s", err, document)
		}
		top := stack[len(stack)-1]
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local}
			top.parts, stack = append(top.parts, e), append(stack, e)
		case xml.CharData:
			top.words += string(token)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		}
	}
}

// asJSON is what the element is by the Spark convention: its parts by their names, or a list where it is one.
func (e *element) asJSON(lists map[string]string) any {
	if item, ok := lists[e.name]; ok {
		all := []any{}
		for _, part := range e.parts {
			if part.name != item {
				panic(part.name + " in " + e.name)
			}
			all = append(all, part.asJSON(lists))
		}
		return all
	}
	if len(e.parts) == 0 {
		return e.words
	}
	object := map[string]any{}
	for _, part := range e.parts {
		object[part.name] = part.asJSON(lists)
	}
	return object
}

// inWords is JSON with all that is no list or object as XML writes it.
func inWords(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name := range v {
			v[name] = inWords(v[name])
		}
	case []any:
		for i := range v {
			v[i] = inWords(v[i])
		}
	case nil:
		return ""
	case bool:
		return fmt.Sprint(v)
	case json.Number:
		return v.String()
	}
	return v
}

var listsOf = map[string]string{"service_requests": "request", "services": "service", "errors": "error", "attributes": "attribute",
	"endpoints": "endpoint", "formats": "format"}

// TestFormatsAgree: whatever is in a document, its XML and its JSON say the same.
func TestFormatsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := func(name string) text { return text(rapid.String().Draw(t, name)) }
		var lat, long degrees
		if rapid.Bool().Draw(t, "placed") {
			at, to := rapid.Float64Range(-90, 90).Draw(t, "lat"), rapid.Float64Range(-180, 180).Draw(t, "long")
			lat, long = degrees{&at}, degrees{&to}
		}
		r := request{ID: words("id"), StatusNotes: words("notes"), Description: words("description"), Address: words("address"), Lat: lat, Long: long}
		for _, document := range []any{
			list[request]{"service_requests", "request", slices.Repeat([]request{r}, rapid.IntRange(0, 2).Draw(t, "requests"))},
			list[service]{"services", "service", []service{{Code: words("code"), Metadata: true}}},
			list[apiError]{"errors", "error", []apiError{{404, words("error")}}},
		} {
			agree(t, document)
		}
	})
	agree(t, list[request]{root: "service_requests", item: "request"})
	agree(t, list[request]{"service_requests", "request", []request{{Description: "\x00\x0b\ufffe\r\n\t<&>'\"]]>\u202e"}}})
}

func agree(t interface {
	Fatalf(string, ...any)
	Errorf(string, ...any)
}, document any) {
	asJSON, err := encode(formatJSON, document)
	asXML, errXML := encode(formatXML, document)
	if err != nil || errXML != nil {
		t.Fatalf("%v, %v", err, errXML)
	}
	var said any
	decoder := json.NewDecoder(bytes.NewReader(asJSON))
	decoder.UseNumber()
	if err := decoder.Decode(&said); err != nil {
		t.Fatalf("%v: %s", err, asJSON)
	}
	if diff := cmp.Diff(inWords(said), readXML(t, asXML).asJSON(listsOf)); diff != "" {
		t.Errorf("JSON and XML differ: %s\n%s\n%s", diff, asJSON, asXML)
	}
}

// TestFormatOf: the ending of the path says it, or else what is accepted.
func TestFormatOf(t *testing.T) {
	for _, c := range [][3]string{
		{"/open311/v2/services", "", formatJSON}, {"/open311/v2/services.xml", formatJSON, formatXML}, {"/open311/v2/services.json", formatXML, formatJSON},
		{"/open311/v2/services", "*/*", formatJSON}, {"/open311/v2/services", "text/xml", formatXML}, {"/open311/v2/services", "application/json, text/xml", formatJSON},
		{"/open311/v2/services", "text/html, application/xml;q=0.9, */*", formatXML}, {"/open311/v2/requests/x.xml", "", formatXML}, {"/open311/v2/services", ";;,=\x00", formatJSON},
	} {
		r := httptest.NewRequest("GET", c[0], nil)
		r.Header.Set("Accept", c[1])
		if got := formatOf(r); got != c[2] {
			t.Errorf("%s accepting %q: %s, want %s", c[0], c[1], got, c[2])
		}
	}
}

// newAPI is an API without a database.
func newAPI(t *testing.T) *API {
	t.Helper()
	taxonomy, err := prompts.Load()
	if err != nil {
		t.Fatal(err)
	}
	a, err := New(Options{Intake: intake.New(intake.Options{Taxonomy: taxonomy})})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestChangeset fails when the services have changed: who keeps a copy of them must be told by another changeset.
func TestChangeset(t *testing.T) {
	const since, known = "2026-11-26T19:00:00Z", "2885db82"
	var all strings.Builder
	for _, lang := range intake.Languages() {
		r := httptest.NewRequest("GET", "/open311/v2/services", nil)
		r.Header.Set("Accept-Language", lang)
		document, err := newAPI(t).services(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := encode(formatJSON, document)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(body)
	}
	hash := sha256.Sum256([]byte(all.String()))
	if got := hex.EncodeToString(hash[:4]); got != known || changeset != since {
		t.Errorf("the services are %s since %s, known are %s since %s: raise the changeset, and say so here", got, changeset, known, since)
	}
}

// openAPISchema is what openapi.json says of a document.
type openAPISchema struct {
	Properties map[string]json.RawMessage `json:"properties"`
	Required   []string                   `json:"required"`
}

// TestOpenAPI keeps openapi.json true: it has each route and no other, and each field of each document and form.
func TestOpenAPI(t *testing.T) {
	var document struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name, In string }
			Responses  map[string]json.RawMessage
			Security   *[]any
		}
		Components struct {
			Schemas   map[string]openAPISchema
			Responses map[string]json.RawMessage
		}
	}
	if err := json.Unmarshal(openAPIDocument, &document); err != nil {
		t.Fatal(err)
	}
	var said []string
	for path, methods := range document.Paths {
		for method, operation := range methods {
			said = append(said, strings.ToUpper(method)+" "+path)
			open := operation.Security != nil && len(*operation.Security) == 0
			if keyed := strings.Contains(path, "requests") || strings.Contains(path, "tokens"); keyed == open {
				t.Errorf("%s %s says that it needs a key: %t", method, path, !open)
			}
		}
	}
	slices.Sort(said)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(newAPI(t).routes())), said); diff != "" {
		t.Errorf("routes: %s", diff)
	}
	for name, document_ := range map[string]any{"service": service{}, "definition": definition{}, "created": created{}, "request": request{},
		"tokenOf": tokenOf{}, "apiError": apiError{}, "discovery": discovery{}, "endpoint": endpoint{}} {
		var want []string
		for field := range reflect.TypeOf(document_).Fields() {
			json, xml := field.Tag.Get("json"), field.Tag.Get("xml")
			if json == "-" {
				continue
			}
			if json != xml {
				t.Errorf("%s is %s in JSON and %s in XML", field.Name, json, xml)
			}
			want = append(want, json)
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(document.Components.Schemas[name].Properties))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if diff := cmp.Diff(want, slices.Sorted(slices.Values(document.Components.Schemas[name].Required))); diff != "" {
			t.Errorf("%s always has: %s", name, diff)
		}
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(fields())), slices.Sorted(maps.Keys(document.Components.Schemas["filing"].Properties))); diff != "" {
		t.Errorf("the form: %s", diff)
	}
	var questions []string
	for _, p := range document.Paths["/open311/v2/requests"]["get"].Parameters {
		if p.In == "query" {
			questions = append(questions, p.Name)
		}
	}
	if diff := cmp.Diff([]string{"service_request_id", "service_code", "start_date", "end_date", "status"}, questions); diff != "" {
		t.Errorf("the questions: %s", diff)
	}
	for _, name := range regexp.MustCompile(`#/components/(schemas|responses|parameters)/(\w+)`).FindAllStringSubmatch(string(openAPIDocument), -1) {
		_, schema := document.Components.Schemas[name[2]]
		_, response := document.Components.Responses[name[2]]
		if !schema && !response && name[1] != "parameters" {
			t.Errorf("nothing is called %s", name[0])
		}
	}
}

// TestTexts: each text is there in each language, and each state, outcome and reason has one.
func TestTexts(t *testing.T) {
	catalogue, err := texts.Load(files, intake.Languages())
	if err != nil {
		t.Fatal(err)
	}
	wanted := []string{"contact", "unclear", "unclear_description", "filed", "filed_triage", "filed_danger", "no_media"}
	for _, state := range []intake.State{intake.Open, intake.Claimed, intake.Referred, intake.Resolved, intake.Closed, intake.Cancelled} {
		wanted = append(wanted, "state_"+string(state))
	}
	for _, outcome := range intake.Outcomes() {
		wanted = append(wanted, "outcome_"+outcome)
		for _, reason := range intake.Reasons(outcome) {
			wanted = append(wanted, "reason_"+reason)
		}
	}
	for _, lang := range intake.Languages() {
		for _, key := range wanted {
			if said := catalogue.Say(lang, key, texts.Data{"Station": "S", "Phone": "1", "Numbers": "119", "Alarmed": true}); said == key || strings.Contains(said, "<no value>") {
				t.Errorf("%s has no text %q: %s", lang, key, said)
			}
		}
	}
}
