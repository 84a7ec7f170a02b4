package main

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"onedoor/bot"
	"onedoor/intake"
	"onedoor/internal/simulator"
)

// document waits for a file from the bot, and is what is in it with the words beside it.
func (p *person) document() (words string, content []byte) {
	p.w.Helper()
	var sent simulator.Message
	p.w.eventually("a file comes", func() bool {
		for _, m := range p.Chat(p.w.bot) {
			if m.FromBot() && m.Document != nil {
				sent = m
			}
		}
		return sent.Document != nil
	})
	file, _, err := p.w.server.bot.File(p.w.ctx, p.w.server.bot.ID, sent.Document.FileID)
	if err != nil {
		p.w.Fatal(err)
	}
	defer file.Close()
	content, err = io.ReadAll(file)
	if err != nil || !strings.HasSuffix(sent.Document.FileName, ".json") {
		p.w.Fatalf("%s: %v", sent.Document.FileName, err)
	}
	return sent.Caption, content
}

// TestExport: a resident is sent all that is kept of them and what they were told, and nothing that is others'.
func TestExport(t *testing.T) {
	t.Parallel()
	for _, language := range intake.Languages() {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			other := w.person(2, "Lin", "en")
			worker := w.worker(901, "w-440117-2-1")
			worker.solve(requestOf(other, "I need a seat at the village school, persimmon"))
			s := w.secretive(language)
			ref := s.tellAll(worker)
			w.exec(`UPDATE troubles SET raw = '' WHERE chat_id IS NULL`)
			s.send("/export")
			words, content := s.document()
			if words != s.say("export") {
				t.Errorf("beside it stands %q", words)
			}
			text := string(content)
			for _, part := range []string{s.need(), secretWord + " on Tuesdays", secretWord + " on Mondays", "Dear " + s.name, secretPhone, `"number": "` + ref + `"`,
				"113.4899", "太平镇社会工作服务站", `"by": "you"`, `"kind": "voice"`} {
				if !strings.Contains(text, strings.Trim(mustJSON(part), `"`)) && !strings.Contains(text, part) {
					t.Errorf("it lacks %q:\n%s", part, text)
				}
			}
			if !strings.Contains(text, firstLine(s.say("cancelled"))) || !strings.Contains(text, claimedWords(s, ref)) {
				t.Errorf("it lacks what was told:\n%s", text)
			}
			for _, part := range []string{"is confused", "persimmon", "confidence", "file_id", "Claim", `"notes"`} {
				if strings.Contains(text, part) {
					t.Errorf("it has %q:\n%s", part, text)
				}
			}
			var kept intake.Export
			if err := json.Unmarshal(content, &kept); err != nil || len(kept.Requests) != 2 || kept.Language != language {
				t.Errorf("it has %d requests in %q: %v", len(kept.Requests), kept.Language, err)
			}
			before := len(w.sentDocuments())
			s.send("/export")
			s.see(s.say("export_wait"))
			if after := len(w.sentDocuments()); after != before {
				t.Error("it is sent twice within a minute")
			}
			w.exec(`UPDATE notices SET created_at = created_at - interval '2 minutes' WHERE kind = 'export'`)
			s.send("/export")
			w.eventually("it is sent again", func() bool { return len(w.sentDocuments()) == before+1 })
		})
	}
}

func mustJSON(text string) string { b, _ := json.Marshal(text); return string(b) }

// claimedWords is what a resident is told when a worker has their request.
func claimedWords(s *secretive, ref string) string {
	texts, err := bot.LoadTexts()
	if err != nil {
		s.w.Fatal(err)
	}
	var worker string
	if err := s.w.server.db.Get(&worker, `SELECT name FROM workers WHERE chat_id = 901`); err != nil {
		s.w.Fatal(err)
	}
	return texts.Say(s.language, "claimed_by", map[string]any{"Worker": worker, "Ref": ref})
}

// sentDocuments are the calls that have sent a file.
func (w *world) sentDocuments() (calls []simulator.Call) {
	for _, c := range w.telegram.Calls() {
		if c.Method == "sendDocument" && c.Code == 200 {
			calls = append(calls, c)
		}
	}
	return calls
}

// TestExportOfAWorker has nothing of the requests that they work on.
func TestExportOfAWorker(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, worker, ref := claimed(w)
	worker.send("/queue")
	worker.see("nothing is waiting")
	worker.send("/export")
	_, content := worker.document()
	if strings.Contains(string(content), "wheelchair") || strings.Contains(string(content), ref) {
		t.Errorf("it has a resident's words: %s", content)
	}
}
