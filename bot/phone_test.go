package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"onedoor/intake"
	"onedoor/internal/texts"
	"onedoor/prompts"
)

// ordinary are a place, a station and a worker as most are called.
var ordinary = map[string]texts.Data{
	"en": {"Station": "Taiping Town Social Work Station, Conghua District", "Place": "Taiping Town, Conghua District, Guangzhou City",
		"Brief": "Taiping Town, Conghua District", "Name": "Taiping Town", "Worker": "Li Ting"},
	"zh-CN": {"Station": "从化区太平镇社会工作服务站", "Place": "广州市从化区太平镇", "Brief": "从化区太平镇", "Name": "太平镇", "Worker": "李婷社工"},
	"zh-HK": {"Station": "從化區太平鎮社會工作服務站", "Place": "廣州市從化區太平鎮", "Brief": "從化區太平鎮", "Name": "太平鎮", "Worker": "李婷社工"},
}

// forResidents are the texts that residents read: those between the heads of the catalogue's parts.
func forResidents(t *testing.T) (keys []string) {
	t.Helper()
	raw, err := catalogues.ReadFile("texts/en.toml")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, begins := strings.Cut(string(raw), "\n# To residents.\n")
	part, _, ends := strings.Cut(rest, "\n# To workers.\n")
	if !begins || !ends {
		t.Fatal("the catalogue has no part of what residents read")
	}
	for line := range strings.Lines(part) {
		if key, _, found := strings.Cut(line, " = "); found && !strings.ContainsAny(key, " #{") {
			keys = append(keys, key)
		}
	}
	return keys
}

// onPhone is a page whose texts name what is ordinary, at night, when stations are closed.
func onPhone(t *testing.T, lang string) (*page, texts.Data) {
	t.Helper()
	p, values := fullPage(t, lang)
	for name, value := range ordinary[lang] {
		values[name] = value
	}
	values["Phone"] = "020-87654321"
	now := time.Date(2026, 11, 23, 20, 0, 0, 0, china)
	values["Opens"], values["By"] = p.when(now.Add(13*time.Hour), now), p.when(now.Add(65*time.Hour), now)
	values["Answer"] = p.say("answer", values)
	values["State"] = p.say("state_claimed", values)
	values["Files"], values["Question"], values["Service"] = "", "", p.categoryName("elderly_disabled_care")
	return p, values
}

// TestResidentsNeedNotScroll: whatever a resident reads, with ordinary names in it, is six lines at most on a phone that is
// 360 pixels wide.
func TestResidentsNeedNotScroll(t *testing.T) {
	for _, lang := range intake.Languages() {
		p, values := onPhone(t, lang)
		said := map[string]string{}
		for _, key := range forResidents(t) {
			said[key] = p.say(key, values)
		}
		if len(said) < 80 {
			t.Fatalf("only %d texts are found", len(said))
		}
		for _, crisis := range prompts.Crises() {
			call := p.callFor(crisis)
			prefix := ""
			if intake.Discreet(crisis) {
				prefix = "discreet_"
			}
			for _, alarmed := range []string{"crisis_station", "crisis_triage", "crisis_nobody"} {
				said[fmt.Sprint(crisis, " ", alarmed)] = call + "\n" + p.say(prefix+alarmed, values)
			}
			for _, beside := range []string{"overheard", "numbers"} {
				said[fmt.Sprint(crisis, " ", beside)] = call + "\n" + p.say(beside, values)
			}
		}
		said["rated"] += "\n" + said["rated_comment"]
		values["Answer"], values["Place"] = p.say("answer_of", values), values["Name"]
		for _, key := range []string{"walk_here", "walk_sends"} {
			said[key] = p.say(key, values)
		}
		delete(said, "submitted")
		delete(said, "understood") // see TestCardNeedsNoScrolling
		for i := range 8 {
			promised := texts.Data{"By": values["By"], "Opens": "", "Nobody": i&4 == 4}
			if i&1 == 1 {
				promised["Opens"] = values["Opens"]
			}
			about := texts.Data{"Ref": values["Ref"], "Station": values["Station"], "Phone": values["Phone"]}
			said[fmt.Sprint("submitted ", i)] = p.receipt(about, promised, i&2 == 2)
		}
		for key, text := range said {
			if n := wrapped(text, phoneCells); n > smallScreen {
				t.Errorf("%s in %s takes %d lines:\n%s", key, lang, n, text)
			}
		}
	}
}

// TestCardNeedsNoScrolling: the card has six lines at most on such a phone, whatever is known and whoever needs help.
func TestCardNeedsNoScrolling(t *testing.T) {
	for _, lang := range intake.Languages() {
		p, values := onPhone(t, lang)
		opens, service, place := values["Opens"], values["Service"], values["Brief"]
		near := p.say("near", texts.Data{"Place": values["Name"]})
		for i := range 1 << 7 {
			has := func(bit int) bool { return i>>bit&1 == 1 }
			pick := func(bit int, value any) any {
				if has(bit) {
					return value
				}
				return ""
			}
			key := "question"
			if values["Service"] = pick(0, service); !has(0) {
				key = [...]string{"question_service", "question_sent"}[i>>5&1]
			}
			values["Opens"], values["For"], values["Files"], values["Place"] = pick(1, opens), pick(2, p.say("for_parent", nil)), pick(3, "3"), place
			values["Nobody"] = has(6)
			values["Summary"] = pick(4, inOneLine(strings.Repeat(map[bool]string{true: "wheel ", false: "门"}[lang == "en"], 30), fmt.Sprint(values["For"])))
			if has(5) {
				values["Place"] = near
			}
			values["Question"], values["Answer"] = p.say(key, values), p.say("answer_of", values)
			text := p.say("understood", values)
			if n := wrapped(text, phoneCells); n > smallScreen {
				t.Errorf("the card in %s takes %d lines:\n%s", lang, n, text)
			}
		}
	}
}

// TestStatusNeedsNoScrolling: /status has six lines at most, of however many requests.
func TestStatusNeedsNoScrolling(t *testing.T) {
	for _, lang := range intake.Languages() {
		p, values := onPhone(t, lang)
		worker := fmt.Sprint(values["Worker"])
		for _, category := range p.Intake.Taxonomy.Categories() {
			for _, state := range []intake.State{intake.Draft, intake.Open, intake.Claimed, intake.Referred, intake.Resolved} {
				v := intake.View{Request: intake.Request{Ref: "K7P3QX", State: state, Category: &category.Key}, WorkerName: &worker}
				two := strings.Join([]string{p.say("status", nil), p.statusLine(&v), p.statusLine(&v)}, "\n")
				if n := wrapped(two, phoneCells); n > smallScreen {
					t.Errorf("two requests take %d lines in %s:\n%s", n, lang, two)
				}
				if n := wrapped(p.briefLine(&v), phoneCells); n > 1 {
					t.Errorf("in %s a request takes %d lines: %s", lang, n, p.briefLine(&v))
				}
			}
		}
	}
}
