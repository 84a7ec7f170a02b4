package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// hearing is an endpoint that hears in each voice message the words that it is made of; it says how often it was asked.
func hearing(t *testing.T) (url string, asked *transcript) {
	asked = &transcript{}
	return endpoint(t, func(w http.ResponseWriter, r *http.Request) {
		file, header, err := r.FormFile("file")
		if err != nil || r.URL.Path != "/v1/audio/transcriptions" || r.FormValue("model") != "ears" || !strings.Contains(header.Filename, ".") {
			http.Error(w, "no", http.StatusBadRequest)
			return
		}
		words, _ := io.ReadAll(file)
		asked.Write(append(words, '\n'))
		if strings.HasPrefix(string(words), "mumble") {
			http.Error(w, "no", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]string{"text": string(words)})
	}), asked
}

func withEars(url string) func(*config) {
	return func(c *config) { c.OpenAIURL, c.Transcribe, c.OpenAILimit = url, "ears", time.Second }
}

// TestVoiceIsUnderstood: what is only spoken takes the way of what is written, and its audio goes along.
func TestVoiceIsUnderstood(t *testing.T) {
	t.Parallel()
	url, _ := hearing(t)
	w := newWorld(t, withEars(url))
	worker := w.worker(901, "w-440117-2-1")
	resident := w.person(1, "May", "en")
	resident.send("/start 440117111")
	resident.Voice(w.bot, []byte("I need a wheelchair for my father"), 3)
	if card := resident.seeButton("Confirm"); !strings.Contains(card.Text, "Care for old and disabled") {
		t.Errorf("the card is %s", card.Text)
	}
	resident.press("Confirm")
	if card := worker.seeButton("Claim"); !strings.Contains(card.Text, "🎤 I need a wheelchair") || !strings.Contains(card.Text, "Voice or pictures: 1") {
		t.Errorf("the worker's card is %s", card.Text)
	}
	resident.Voice(w.bot, []byte("The best time is Tuesday after lunch"), 3)
	worker.see("Tuesday after lunch")
}

// TestDangerInAVoice: it is heard in the first message and in a later one.
func TestDangerInAVoice(t *testing.T) {
	t.Parallel()
	url, _ := hearing(t)
	w := newWorld(t, withEars(url))
	worker := w.worker(901, "w-440117-2-1")
	first := w.person(1, "May", "en")
	first.send("/start 440117111")
	first.Voice(w.bot, []byte("the house is on fire, hurry"), 3)
	first.see("119")
	worker.see("Emergency")
	second := w.person(2, "Lin", "en")
	second.send("/start 440117111")
	second.send("I need a wheelchair for my father")
	second.press("Confirm")
	second.see("Your request has number")
	second.Voice(w.bot, []byte("my father has fallen and does not breathe"), 3)
	second.see("120")
	w.eventually("it is an emergency", func() bool { return w.records()[1]["urgency"] == "emergency" })
}

// TestVoiceThatNobodyHears: where it can't be written down, a person listens.
func TestVoiceThatNobodyHears(t *testing.T) {
	t.Parallel()
	url, asked := hearing(t)
	w := newWorld(t, withEars(url))
	resident := w.person(1, "May", "en")
	resident.send("/start 440117111")
	resident.Voice(w.bot, []byte("mumble"), 3)
	resident.see("Somebody listens")
	asked.wait(t, "mumble")
	if r := w.records()[0]; r["state"] != "open" || r["urgency"] != "urgent" || r["update_id"] == nil {
		t.Errorf("it is %v", r)
	}
}

// TestVoiceBesideWords: a voice that can't be written down is listened to, though words were written before.
func TestVoiceBesideWords(t *testing.T) {
	t.Parallel()
	url, _ := hearing(t)
	w := newWorld(t, withEars(url))
	resident := w.person(1, "May", "en")
	resident.send("/start 440117111")
	resident.send("I need a wheelchair for my father")
	resident.seeButton("Confirm")
	resident.Voice(w.bot, []byte("mumble"), 3)
	resident.see("Your request has number")
	if r := w.records()[0]; r["state"] != "open" || r["urgency"] != "urgent" || r["category"] != "elderly_disabled_care" {
		t.Errorf("it is %v", r)
	}
}

// TestVoiceAfterTheEnd: danger in a voice is heard, though its request has ended meanwhile.
func TestVoiceAfterTheEnd(t *testing.T) {
	t.Parallel()
	heard := make(chan struct{})
	w := newWorld(t, withEars(endpoint(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-heard
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]string{"text": "my father has fallen and does not breathe\x00"})
	})))
	resident, worker, ref := claimed(w)
	resident.Voice(w.bot, []byte("x"), 3)
	resident.see("Passed on")
	worker.press("Resolve")
	worker.press("Solved")
	w.eventually("it is resolved", func() bool { return w.state(ref) == "resolved" })
	close(heard)
	resident.see("120")
	w.eventually("there is an emergency", func() bool { return w.emergencies() == 1 })
}

// TestPlaceInAVoice: whoever is in danger somewhere unknown may say where instead of writing it.
func TestPlaceInAVoice(t *testing.T) {
	t.Parallel()
	url, _ := hearing(t)
	w := newWorld(t, withEars(url))
	worker := w.worker(901, "w-440117-2-1")
	resident := w.person(1, "May", "en")
	resident.send("our house is on fire, hurry")
	resident.see("119")
	resident.see("Where is it")
	resident.Voice(w.bot, []byte("we are in Taiping Town, Conghua"), 3)
	w.eventually("its place is known", func() bool {
		return w.count(`SELECT count(*) FROM requests WHERE urgency = 'emergency' AND lat IS NOT NULL`) == 1
	})
	worker.see("Taiping")
}

// TestVoiceAsANewMatter: a voice that is a matter of its own is understood by what was heard in it.
func TestVoiceAsANewMatter(t *testing.T) {
	t.Parallel()
	url, _ := hearing(t)
	w := newWorld(t, withEars(url))
	w.worker(901, "w-440117-2-1")
	resident := w.person(1, "May", "en")
	resident.send("/start 440117111")
	resident.send("I need a wheelchair for my father")
	resident.press("Confirm")
	resident.see("Your request has number")
	resident.Voice(w.bot, []byte("my boss has not paid my wages for three months"), 3)
	w.eventually("it is written down", func() bool { return w.count(`SELECT count(*) FROM messages WHERE transcript <> ''`) == 1 })
	resident.press("This is a new matter")
	w.eventually("it is understood", func() bool {
		return w.count(`SELECT count(*) FROM requests WHERE category = 'workers_rights' AND text LIKE '%wages%'`) == 1
	})
	if n := w.count(`SELECT count(*) FROM requests WHERE category = 'elderly_disabled_care' AND text LIKE '%wages%'`); n != 0 {
		t.Error("its words stand in the old request as well")
	}
}
