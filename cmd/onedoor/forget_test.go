package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"onedoor/bot"
	"onedoor/intake"
	"onedoor/internal/simulator"
)

// secretive is a resident whose name, number, account and words nobody may find after they are erased.
type secretive struct {
	*person
	language string
	name     string
	say      func(key string) string
}

const (
	secretAccount = 7123456789
	secretPhone   = "13987654321"
	secretWord    = "marmalade"
)

// secretive is somebody of a language.
func (w *world) secretive(language string) *secretive {
	w.Helper()
	texts, err := bot.LoadTexts()
	if err != nil {
		w.Fatal(err)
	}
	name, tag := "欧阳青衣", map[string]string{"zh-CN": "zh-hans", "zh-HK": "zh-hant-hk", "en": "en"}[language]
	if language == "en" {
		name = "Quillfeather"
	}
	p := &person{w.telegram.User(simulator.Profile{ID: secretAccount, FirstName: name, Language: tag, Phone: secretPhone}), name, w}
	return &secretive{p, language, name, func(key string) string { return texts.Say(language, key, nil) }}
}

// need is what they ask for; the service is as clear as it can be.
func (s *secretive) need() string {
	if s.language == "en" {
		return "I need a wheelchair for my father " + s.name + ", phone " + secretPhone + ", " + secretWord
	}
	return "我爸爸走不动了，家里没人照顾他，需要轮椅。他是" + s.name + "，电话" + secretPhone + "，" + secretWord
}

// ask submits the need at a position in 太平镇, and returns its reference.
func (s *secretive) ask() string {
	s.w.Helper()
	s.send(s.need())
	s.see(firstLine(s.say("ask_place")))
	s.Location(s.w.bot, 23.4531, 113.4899)
	s.press(s.say("button_confirm"))
	var ref string
	s.w.eventually("it is submitted", func() bool {
		return s.w.server.db.Get(&ref, `SELECT ref FROM requests WHERE state = 'open' AND chat_id = $1 ORDER BY id DESC LIMIT 1`, secretAccount) == nil
	})
	return ref
}

func firstLine(text string) string { line, _, _ := strings.Cut(text, "\n"); return line }

// forget asks to erase everything, and presses yes.
func (s *secretive) forget() {
	s.w.Helper()
	s.send("/forget")
	s.press(s.say("button_forget_yes"))
	s.see(firstLine(s.say("forgotten")))
}

// traces are the tables, of whatever schema, in which a row has one of the words in any of its columns.
func (w *world) traces(words ...string) (found []string) {
	w.Helper()
	w.rests()
	var tables []string
	err := w.server.db.Select(&tables, `SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables
		WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`)
	if err != nil || len(tables) < 20 {
		w.Fatalf("%d tables: %v", len(tables), err)
	}
	for _, table := range tables {
		for _, word := range words {
			var rows []string
			if err := w.server.db.Select(&rows, `SELECT CAST(t AS text) FROM `+table+` t WHERE CAST(t AS text) ILIKE '%' || $1 || '%'`, word); err != nil {
				w.Fatal(err)
			}
			if len(rows) > 0 {
				found = append(found, fmt.Sprintf("%s has %q: %s", table, word, rows[0]))
			}
		}
	}
	return found
}

// noTraces fails where anything is left of a resident, but for their account where they still have a chat.
func (s *secretive) noTraces(but ...string) {
	s.w.Helper()
	words := []string{s.name, secretPhone, secretWord, "23.4531", "113.4899", fmt.Sprint(secretAccount)}
	words = slices.DeleteFunc(words, func(word string) bool { return slices.Contains(but, word) })
	s.w.eventually("the chat is let go", func() bool {
		return slices.Contains(but, fmt.Sprint(secretAccount)) || s.w.count(fmt.Sprintf(`SELECT count(*) FROM chats WHERE id = %d`, secretAccount)) == 0
	})
	for _, trace := range s.w.traces(words...) {
		s.w.Error(trace)
	}
}

// tellAll has a resident's request claimed, talked about by all sides, corrected and changed, so that their words stand
// wherever they can.
func (s *secretive) tellAll(worker *person) (ref string) {
	s.w.Helper()
	w := s.w
	s.send("/start 440117111")
	s.send(s.name + " " + secretWord + "?")
	s.press(s.say("button_cancel"))
	s.see(firstLine(s.say("cancelled")))
	w.rests()
	s.send(s.need())
	s.seeButton(s.say("button_confirm"))
	s.Location(w.bot, 23.4531, 113.4899)
	w.rests()
	s.press(s.say("button_confirm"))
	worker.press("Claim")
	worker.seeButton("Resolve")
	w.rests()
	s.send(secretWord + " on Tuesdays")
	worker.see(secretWord + " on Tuesdays")
	s.edit(secretWord+" on Tuesdays", secretWord+" on Mondays")
	worker.see(secretWord + " on Mondays")
	s.Voice(w.bot, []byte(secretWord), 3)
	s.Photo(w.bot, []byte(secretWord), s.name)
	s.Contact(w.bot)
	w.rests()
	worker.press("Reply")
	worker.see("your words go to the resident")
	worker.send("Dear " + s.name)
	s.see("Dear " + s.name)
	worker.press("Note")
	worker.see("Only colleagues see it")
	worker.send(s.name + " is confused")
	worker.see("for colleagues only")
	w.rests()
	if err := w.server.db.Get(&ref, `SELECT ref FROM requests WHERE state = 'claimed'`); err != nil {
		w.Fatal(err)
	}
	worker.PressData(worker.seeButton("Resolve"), "meant:"+ref+":social_security")
	w.rests()
	w.exec(`INSERT INTO troubles (bot_id, at, kind, cause, update_id, chat_id, raw, error) VALUES
		(4242, now(), 'update', 'failed', 99, ` + fmt.Sprint(secretAccount) + `, '` + secretWord + `', '` + s.name + `'),
		(4242, now(), 'update', 'unreadable', 98, NULL, '{"from":{"id": ` + fmt.Sprint(secretAccount) + `}}', 'x')`)
	w.exec(`INSERT INTO troubles (bot_id, at, kind, cause, notice_id, error) SELECT bot_id, now(), 'notice', 'refused', id, '` + secretWord + `'
		FROM notices WHERE chat_id = ` + fmt.Sprint(secretAccount) + ` AND request_id IS NOT NULL ORDER BY id LIMIT 1`)
	return ref
}

// TestForgetLeavesNothing: after /forget no column of any table has anything of the resident's, the worker's chat neither;
// the figures stay, the admin says what happened, and what the resident writes next is a stranger's.
func TestForgetLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, language := range intake.Languages() {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			worker := w.worker(901, "w-440117-2-1")
			s := w.secretive(language)
			ref := s.tellAll(worker)
			if w.count(`SELECT count(*) FROM corrections WHERE text LIKE '%`+secretWord+`%'`) == 0 || len(w.traces(secretWord)) < 4 {
				t.Fatal("there is nothing to erase")
			}
			reports := w.run("report", "--by", "category")
			s.forget()
			s.noTraces()
			worker.see("The resident has taken back " + ref)
			w.eventually("the worker's chat shows nothing of it", func() bool {
				return worker.texts(secretWord)+worker.texts(s.name)-worker.texts("Dear") == 0 && worker.texts(ref+": erased at the resident's wish") > 0
			})
			for _, m := range worker.Chat(w.bot) {
				if m.FromBot() && (m.Voice != nil || len(m.Photo) > 0) {
					t.Errorf("the worker still has message %d: %s", m.ID, m.Words())
				}
			}
			if again := w.run("report", "--by", "category"); times(again) != times(reports) {
				t.Errorf("the report was\n%s and is\n%s", reports, again)
			}
			if n := w.count(`SELECT count(*) FROM requests WHERE erased_at IS NOT NULL AND chat_id = 0 AND state = 'cancelled'`); n != 2 {
				t.Errorf("%d requests are counted, want 2", n)
			}
			if n := w.count(`SELECT count(*) FROM requests WHERE ref = '` + ref + `' AND category = 'social_security' AND station = 'st-440117-2'
				AND claimed_at IS NOT NULL AND answered_at IS NOT NULL AND place_code NOT IN (SELECT code FROM places WHERE level = 'village')`); n != 1 {
				t.Error("the figures of the request are gone")
			}
			if n := w.count(`SELECT count(*) FROM events WHERE data ?| ARRAY['place', 'distance_km']`); n > 0 {
				t.Errorf("%d events say where it was", n)
			}
			if n := w.count(`SELECT count(*) FROM troubles WHERE state <> 'closed'`); n > 0 {
				t.Errorf("%d troubles are left, of which nothing is left", n)
			}
			if page := w.supervisor().get("/admin/requests/" + ref); !strings.Contains(page, "Erased on") {
				t.Errorf("the supervisor is not told: %s", page)
			}
			s.lateWords(worker, ref)
			s.send(s.need())
			s.see(firstLine(s.say("ask_place")))
		})
	}
}

// lateWords: whoever worked on what is erased can't put words there any more.
func (s *secretive) lateWords(worker *person, ref string) {
	s.w.Helper()
	last := worker.Chat(s.w.bot)[0]
	for _, action := range []string{"note", "open", "reply", "claim"} {
		worker.PressData(last, action+":"+ref+":")
	}
	worker.send("he was " + secretWord)
	worker.see("That went to nobody")
	worker.edit(s.name+" is confused", s.name+" is not confused")
	s.w.rests()
	if n := s.w.count(`SELECT count(*) FROM messages WHERE request_id IS NOT NULL`); n > 0 {
		s.w.Errorf("%d messages were put to what is erased", n)
	}
}

// TestForgetStages: with nothing, a draft, an open, a resolved request.
func TestForgetStages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	s := w.secretive("en")
	s.send("/forget")
	s.press("Keep it")
	s.see("nothing was erased")
	s.forget()
	s.noTraces()

	s.send(s.need())
	s.see("send your location")
	s.forget()
	s.noTraces()

	ref := s.ask()
	worker.seeButton("Claim")
	s.forget()
	s.noTraces()
	worker.see(ref + ": erased at the resident's wish")

	ref = s.ask()
	worker.press("Claim")
	worker.press("Resolve")
	worker.press("Solved")
	w.eventually("it is resolved", func() bool { return w.state(ref) == "resolved" })
	w.rests()
	s.forget()
	s.noTraces()
	if w.state(ref) != "closed" || w.count(`SELECT count(*) FROM requests WHERE outcome = 'solved' AND erased_at IS NOT NULL`) != 1 {
		t.Error("what became of it is gone")
	}
	s.noTraces()
	if n := w.count(`SELECT count(*) FROM events WHERE kind = 'erased' AND actor = 'resident'`); n != 3 {
		t.Errorf("%d requests are erased by the log, want 3", n)
	}
}

// TestForgetDoesNotStopHelp: whoever holds the phone can't erase an emergency before it is over, nor an alarm that was just
// taken back, and is told so in words that don't speak of it.
func TestForgetDoesNotStopHelp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	s := w.secretive("en")
	s.send("/start 440117111")
	s.send("/forget")
	card := s.seeButton("Erase everything")
	s.send("my husband beats me, " + secretWord)
	s.see("110")
	worker.seeButton("Claim")
	w.rests()
	waits := func(want int) {
		t.Helper()
		w.eventually("it is refused", func() bool { return s.texts("Nothing can be erased just now") == want })
		if w.count(`SELECT count(*) FROM messages WHERE text LIKE '%`+secretWord+`%'`) != 1 {
			t.Fatal("the words of an emergency are erased")
		}
	}
	s.PressData(card, "forget::yes")
	waits(1)
	s.send("/forget")
	waits(2)
	if w.count(`SELECT count(*) FROM requests WHERE state = 'open'`) != 1 {
		t.Error("help is stopped")
	}
	for _, m := range s.Chat(w.bot) {
		if strings.Contains(m.Text, "just now") && (strings.Contains(m.Text, "emergency") || strings.Contains(m.Text, "police") || strings.Contains(m.Text, "violence")) {
			t.Errorf("the refusal gives the resident away: %s", m.Text)
		}
	}
	s.press("It was a mistake")
	s.see("Taken back")
	s.send("/forget")
	waits(3)
	w.exec(`UPDATE requests SET closed_at = closed_at - interval '25 hours' WHERE state = 'cancelled'`)
	s.forget()
	s.noTraces()
}

// TestForgetPresses: a forged, an old, an answered and a doubled press.
func TestForgetPresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	s := w.secretive("en")
	other := w.person(2, "Lin", "en")
	s.ask()
	s.send("/forget")
	card := s.seeButton("Erase everything")
	kept := func(why string) {
		t.Helper()
		w.rests()
		if w.count(`SELECT count(*) FROM requests WHERE state = 'open' AND text <> ''`) != 1 {
			t.Fatalf("%s erases", why)
		}
	}
	other.send("/start")
	other.PressData(other.see("OneDoor"), "forget::yes")
	other.PressData(card, "forget::yes")
	kept("somebody else's press")
	s.PressData(s.see("Your request has number"), "forget::yes")
	s.PressData(card, "forget::")
	s.PressData(card, "forget:X:maybe")
	kept("a forged press")
	w.exec(`UPDATE notices SET created_at = created_at - interval '2 hours' WHERE kind = 'forget'`)
	s.PressData(card, "forget::yes")
	kept("an old press")
	s.send("/forget")
	w.rests()
	s.press("Keep it")
	s.see("nothing was erased")
	w.rests()
	s.PressData(s.see("nothing was erased"), "forget::yes")
	kept("a press on what is answered")

	s.send("/forget")
	w.rests()
	card = s.seeButton("Erase everything")
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() { s.PressData(card, "forget::yes") })
	}
	group.Wait()
	s.see("Everything is erased")
	s.noTraces()
	if n := w.count(`SELECT count(*) FROM events WHERE kind = 'erased'`); n != 1 || s.texts("Everything is erased") != 1 {
		t.Errorf("erased %d times, told %d times", n, s.texts("Everything is erased"))
	}
}

// TestForgetOfAWorker erases what they asked for as a resident, and nothing of their work.
func TestForgetOfAWorker(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, ref := claimed(w)
	worker.press("Note")
	worker.see("Only colleagues see it")
	worker.send("bring two people")
	worker.see("for colleagues only")
	worker.send("/new")
	worker.see("What do you need?")
	worker.send("I need a farm loan, " + secretWord)
	worker.see("send your location")
	worker.Location(w.bot, 23.452, 113.488)
	worker.press("Confirm")
	worker.see("Your request has number")
	w.rests()
	worker.send("/forget")
	worker.press("Erase everything")
	worker.see("Everything is erased")
	if found := w.traces(secretWord); len(found) > 0 {
		t.Errorf("left: %q", found)
	}
	if w.state(ref) != "claimed" || w.count(`SELECT count(*) FROM messages WHERE text = 'bring two people'`) != 1 {
		t.Error("the worker's work is gone")
	}
	resident.send("are you there?")
	worker.see("are you there?")
	worker.send("/mine")
	worker.see("In your hands")
}

// TestForgetBeforeItIsHeard: a voice that is written down after its request was erased leaves nothing.
func TestForgetBeforeItIsHeard(t *testing.T) {
	t.Parallel()
	asked, heard := make(chan struct{}, 1), make(chan struct{})
	w := newWorld(t, withEars(endpoint(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		asked <- struct{}{}
		<-heard
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]string{"text": "my father has fallen and does not breathe, " + secretWord})
	})))
	s := w.secretive("en")
	s.ask()
	s.Voice(w.bot, []byte("x"), 3)
	<-asked
	s.forget()
	close(heard)
	w.eventually("it is heard", func() bool {
		return w.count(`SELECT count(*) FROM river_job WHERE kind = 'transcribe' AND state = 'completed'`) == 1
	})
	s.noTraces()
}

// times are a report's columns about clocks that have stopped or are overdue: what still runs ends with its request.
func times(report string) string {
	var all strings.Builder
	for line := range strings.Lines(report) {
		cells := strings.Split(line, ",")
		all.WriteString(strings.Join(cells[:min(len(cells), 14)], ",") + "\n")
	}
	return all.String()
}
