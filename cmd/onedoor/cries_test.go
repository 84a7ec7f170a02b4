package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestCriesInAnyForm: a cry for help is heard whatever it is sent as.
func TestCriesInAnyForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.worker(901, "w-440117-2-1")
	file := `{"file_id":"f","file_unique_id":"u"`
	for i, form := range []string{
		`"sticker":` + file + `,"type":"regular","width":1,"height":1,"emoji":"🆘"}`,
		`"contact":{"phone_number":"13800138000","first_name":"救命","last_name":"我老公要杀我"}`,
		`"poll":{"id":"1","question":"my husband is beating me","options":[{"text":"come"},{"text":"hurry"}]}`,
		`"poll":{"id":"1","question":"?","options":[{"text":"my husband is beating me"},{"text":"hurry"}]}`,
		`"checklist":{"title":"家里着火了","tasks":[{"id":1,"text":"快来"}]}`,
		`"caption":"家里着火了，快来","photo":[` + file + `,"width":1,"height":1}]`,
		`"caption":"家里着火了，快来","video":` + file + `,"width":1,"height":1,"duration":1}`,
		`"caption":"家里着火了，快来","animation":` + file + `,"width":1,"height":1,"duration":1},"document":` + file + `}`,
		`"caption":"家里着火了，快来","voice":` + file + `,"duration":1}`,
		`"audio":` + file + `,"duration":1,"file_name":"救命，我老公要杀我.mp3"}`,
		`"forward_origin":{"type":"hidden_user","sender_user_name":"x","date":1},"text":"家里着火了，快来"`,
		`"text":"😭🆘🙏"`,
		fmt.Sprintf(`"text":%q`, strings.Repeat("好", 4090)+"家里着火了！"),
		fmt.Sprintf(`"text":%q`, "家里着火了！"+strings.Repeat("好", 4090)),
	} {
		chat := 20 + i
		p := w.person(int64(chat), "May", "zh-CN")
		p.send("/start 440117111")
		w.rests()
		w.rawMessage("message", chat, 10_000+i, form)
		w.rests()
		if n := w.count(fmt.Sprintf(`SELECT count(*) FROM requests WHERE chat_id = %d AND urgency = 'emergency' AND state = 'open'`, chat)); n != 1 {
			t.Errorf("%d emergencies of %.120s; the bot says %.200q", n, form, p.fromBot())
		}
	}
}

// TestCriesAtAnyTime: a cry for help becomes an emergency whatever its chat is in the middle of, and is answered with whom to call.
func TestCriesAtAnyTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	const cry = "my husband is beating me"
	need := func(p *person) string {
		ref := requestOf(p, "I need a wheelchair for my father")
		w.rests()
		return ref
	}
	solved := func(p *person) { worker.solve(need(p)) }
	for i, moment := range []struct {
		name   string
		before func(p *person)
		cry    func(p *person)
	}{
		{"after the end", solved, nil},
		{"an edit after the end", solved, func(p *person) { p.edit("I need a wheelchair for my father", cry) }},
		{"an answer to the number, after the end", solved, func(p *person) { p.Reply(p.see("Your request has number"), cry) }},
		{"after /forget", func(p *person) { need(p); p.send("/forget"); p.press("Erase everything"); w.rests() }, nil},
		{"while asked whether to forget", func(p *person) { need(p); p.send("/forget"); w.rests() }, nil},
		{"an edit of what was erased", func(p *person) {
			need(p)
			p.send("/forget")
			p.press("Erase everything")
			w.rests()
		}, func(p *person) { p.edit("I need a wheelchair for my father", cry) }},
		{"after /stop", func(p *person) { p.send("/stop"); w.rests() }, nil},
		{"after /cancel of a draft", func(p *person) {
			p.send("I need a wheelchair for my father")
			p.see("send your location")
			p.send("/cancel")
			w.rests()
		}, nil},
		{"behind /cancel", func(p *person) { need(p) }, func(p *person) { p.send("/cancel " + cry) }},
		{"behind /stop, in a line of its own", func(p *person) { need(p) }, func(p *person) { p.send("/stop\n" + cry) }},
		{"after /language", func(p *person) { p.send("/language"); w.rests() }, nil},
		{"in quiet", func(p *person) { need(p); p.send("/quiet"); w.rests() }, nil},
		{"an edit of an ordinary word", func(p *person) { need(p); p.send("Is it dear?"); w.rests() }, func(p *person) { p.edit("Is it dear?", cry) }},
		{"an edit of the draft", func(p *person) { p.send("I need a wheelchair for my father"); p.see("send your location") },
			func(p *person) {
				p.edit("I need a wheelchair for my father", "I need a wheelchair for my father, "+cry)
			}},
		{"an edited caption", func(p *person) {
			need(p)
			w.rawMessage("message", int(p.ID()), 7001, `"caption":"our stairs","photo":[{"file_id":"f","file_unique_id":"u","width":1,"height":1}]`)
			w.rests()
		},
			func(p *person) {
				w.rawMessage("edited_message", int(p.ID()), 7001, `"edit_date":2,"caption":"`+cry+`","photo":[{"file_id":"f","file_unique_id":"u","width":1,"height":1}]`)
			}},
		{"an edited draft that was filed", func(p *person) { need(p) }, func(p *person) { p.edit("I need a wheelchair for my father", cry) }},
		{"confirmed meanwhile", func(p *person) {
			p.send("I need a wheelchair for my father")
			p.see("send your location")
			p.Location(w.bot, 23.452, 113.488)
			p.seeButton("Confirm")
		},
			func(p *person) {
				done := make(chan struct{})
				go func() { defer close(done); p.press("Confirm") }()
				p.send(cry)
				<-done
			}},
		{"beside a need", func(p *person) { p.send("/start 440117111"); w.rests() }, func(p *person) { p.send("How much is the pension at 70? And " + cry + ", where do I get the form?") }},
		{"of another kind a moment ago", func(p *person) { p.send("/start 440117111"); p.send("my house is on fire"); p.see("119") }, nil},
		{"taken back a moment ago", func(p *person) {
			p.send("/start 440117111")
			p.send("my house is on fire")
			p.press("It was a mistake")
			p.see("Taken back")
		}, nil},
	} {
		p := w.person(int64(50+i), "May", "en")
		moment.before(p)
		told := p.texts("110")
		if moment.cry == nil {
			p.send(cry)
		} else {
			moment.cry(p)
		}
		w.rests()
		if n := w.count(fmt.Sprintf(`SELECT count(*) FROM requests WHERE chat_id = %d AND urgency = 'emergency' AND state IN ('open', 'claimed')`, p.ID())); n != 1 || p.texts("110") == told {
			t.Errorf("%s: %d emergencies, %d more numbers; the bot says %.600s", moment.name, n, p.texts("110")-told, p.fromBot())
		}
	}
}

// TestGroupCriesInAnyForm: in a group, too, a cry for help is heard whatever it is sent as.
func TestGroupCriesInAnyForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i, form := range []string{
		`"sticker":{"file_id":"f","file_unique_id":"u","type":"regular","width":1,"height":1,"emoji":"🆘"}`,
		`"poll":{"id":"1","question":"my husband is beating me","options":[{"text":"come"},{"text":"hurry"}]}`,
		`"contact":{"phone_number":"13800138000","first_name":"救命","last_name":"我老公要杀我"}`,
		`"venue":{"location":{"latitude":23.452,"longitude":113.488},"title":"my husband is beating me","address":"help"},"location":{"latitude":23.452,"longitude":113.488}`,
		`"caption":"my house is on fire","photo":[{"file_id":"f","file_unique_id":"u","width":1,"height":1}]`,
	} {
		group := -100 - i
		_, err := w.telegram.Raw(w.bot, fmt.Sprintf(`{"message":{"message_id":%d,"date":1,"from":{"id":7,"first_name":"May","language_code":"en"},"chat":{"id":%d,"type":"supergroup"},%s}}`, 20+i, group, form))
		if err != nil {
			t.Fatal(err)
		}
		w.rests()
		if n := w.count(fmt.Sprintf(`SELECT count(*) FROM notices WHERE kind = 'overheard' AND chat_id = %d`, group)); n != 1 {
			t.Errorf("%d answers to %s", n, form)
		}
	}
}

// TestCriesWhileNobodyAnswers: neither a model that hangs nor a country without a worker keeps who is in danger waiting.
func TestCriesWhileNobodyAnswers(t *testing.T) {
	t.Parallel()
	hung := make(chan struct{})
	t.Cleanup(func() { close(hung) })
	w := newWorld(t, func(c *config) {
		withModel(endpoint(t, func(http.ResponseWriter, *http.Request) { <-hung }))(c)
		c.OpenAILimit = time.Minute
	})
	p := w.person(1, "May", "en")
	p.send("/start 440117111")
	p.send("my husband is beating me")
	p.see("110")
	w.eventually("it is filed", func() bool { return w.emergencies() == 1 })
	w.worker(901, "w-440117-2-1").seeButton("Claim")
}

// TestSplitShortCries: who did what in two messages is heard as in one, in the middle of the talk about something else.
func TestSplitShortCries(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i, parts := range []string{"我爷爷|不见了", "我妈|不知道跑哪去了", "我摔了|爬不起来", "the baby|ate|rat poison"} {
		p := w.person(int64(1+i), "May", "en")
		requestOf(p, "I need a wheelchair for my father")
		w.exec(`UPDATE messages SET said_at = said_at - interval '1 hour'`)
		for part := range strings.SplitSeq(parts, "|") {
			p.send(part)
			w.rests()
		}
		if n := w.count(fmt.Sprintf(`SELECT count(*) FROM requests WHERE chat_id = %d AND urgency = 'emergency'`, p.ID())); n != 1 {
			t.Errorf("%d emergencies of %s; the bot says %.300s", n, parts, p.fromBot())
		}
	}
}
