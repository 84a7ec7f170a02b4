package admin_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"onedoor/intake"
	"onedoor/prompts"
)

// translated lets a machine translate from now on, with these answers, of which the last goes on; an empty one is none that can
// be used.
func (w *world) translated(answers ...string) {
	w.Helper()
	var next atomic.Int64
	model := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		words, _ := json.Marshal(map[string]string{"translation": answers[min(int(next.Add(1)), len(answers))-1]})
		_ = json.NewEncoder(rw).Encode(map[string]any{"choices": []any{map[string]any{"finish_reason": "stop", "message": map[string]string{"role": "assistant", "content": string(words)}}}})
	}))
	w.Cleanup(model.Close)
	w.intake.Model = prompts.NewModel(w.intake.Taxonomy, trained().Fork(), prompts.ModelConfig{BaseURL: model.URL + "/v1", Model: "test-model", Limit: 10 * time.Second})
	jobs, err := w.intake.Jobs(w.Context(), w.intake.Log, w.db.URL(), testBot)
	w.must(err)
	ctx, cancel := context.WithCancel(w.Context())
	done := make(chan error, 1)
	go func() { done <- jobs.Run(ctx) }()
	w.Cleanup(func() {
		cancel()
		w.must(<-done)
	})
}

// await waits until a query says yes.
func (w *world) await(what, query string) {
	w.Helper()
	for deadline := time.Now().Add(patience); !value[bool](w, query); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			w.Fatalf("%s never comes", what)
		}
	}
}

// TestTranslation: what the resident said is shown in the reader's language too; what the reader says is sent as it is, and what a
// machine makes of it with it. The timeline says both, and each can be asked for later.
func TestTranslation(t *testing.T) {
	t.Parallel()
	w, _, path := staffed(t)
	b := w.as("mei", "supervisor", taiping)
	b.get(path).is(http.StatusOK).lacks("/translate", `name="translate"`) // no machine
	b.post(path+"/translate").is(http.StatusConflict, "nothing to translate")
	w.translated("Nobody looks after my mother <b>", "", "We come tomorrow")
	b.get(path).is(http.StatusOK, "Translate</button>", `name="translate"`)
	b.post(path + "/translate").leadsTo(path)
	w.await("the translation", `SELECT EXISTS (SELECT FROM events WHERE kind = 'translated')`)
	page := b.get(path).is(http.StatusOK, "🌐 Nobody looks after my mother &lt;b&gt;", "Machine translation")
	page.lacks("mother <b>")
	if n := strings.Count(page.body, "🌐 Nobody"); n != 2 { // by the words at the top, and in the timeline
		t.Errorf("it stands there %d times", n)
	}
	if w.told(1, "translated") != 0 || w.told(firstChat, "translation") != 0 {
		t.Error("somebody is sent what is for the page")
	}

	// Of an answer: first it can't be had, which the page says; then it can.
	b.post(path+"/answer", "text", "我们明天上午来看您", "translate", "yes").leadsTo(path)
	w.await("the failure", `SELECT count(*) = 2 FROM events WHERE kind = 'translated'`)
	if w.told(1, "worker_said") != 1 || w.told(1, "translated") != 0 {
		t.Errorf("the resident is told %d times, and %d translations", w.told(1, "worker_said"), w.told(1, "translated"))
	}
	b.get(path).is(http.StatusOK, "No machine translation could be had", "Send a translation too</button>")
	id := value[string](w, `SELECT id::text FROM messages WHERE author = 'supervisor'`)
	li := w.as("li", "supervisor", taiping)
	li.post(path+"/translate", "message", id).is(http.StatusConflict) // another's words
	b.post(path+"/translate", "message", id).leadsTo(path)
	w.await("the translation", `SELECT EXISTS (SELECT FROM notices WHERE kind = 'translated')`)
	if text := b.get(path).is(http.StatusOK, "🌐 We come tomorrow").text(); !strings.Contains(text, "→ resident: a machine translation") {
		t.Errorf("the story doesn't say that it was sent: %s", text)
	}
	b.post(path+"/translate", "message", id).leadsTo(path) // again: nothing
	if w.told(1, "translated") != 1 {
		t.Errorf("the resident has it %d times", w.told(1, "translated"))
	}
	note := w.noted(b, path, "我们的备注不给别人看")
	w.ask(2, "我爸爸没人照顾") // whose words are another request's
	for _, wrong := range []string{note, value[string](w, `SELECT max(id)::text FROM messages WHERE chat_id = 2 AND text <> ''`), "999999999"} {
		b.post(path+"/translate", "message", wrong).is(http.StatusConflict)
	}
	b.post(path+"/answer", "text", "See you at nine tomorrow", "translate", "yes").leadsTo(path) // which the resident reads as it is
	b.post(path+"/translate", "message", value[string](w, `SELECT max(id)::text FROM messages WHERE author = 'supervisor' AND kind = 'text'`)).is(http.StatusConflict, "nothing to translate")
	for _, wrong := range []string{"x", "-1", "0", "\x00"} {
		b.post(path+"/translate", "message", wrong).is(http.StatusNotFound)
	}
	w.as("far", "supervisor", another).post(path + "/translate").is(http.StatusNotFound)
	w.as("an", "auditor", "").get(path).is(http.StatusOK, "🌐 Nobody").lacks("Translate</button>")
	b.post(path+"/answer", "text", "我们已经办好了这件事").leadsTo(path)
	b.post(path+"/resolve", "outcome", "solved").leadsTo(path)
	b.post(path+"/translate", "message", value[string](w, `SELECT max(id)::text FROM messages WHERE author = 'supervisor' AND kind = 'text'`)).is(http.StatusConflict) // nobody is sent more of what is over
	w.as("boss", "administrator", "").get("/admin/audit").is(http.StatusOK, "had words translated").lacks("mother", "tomorrow")
}

// noted makes a note, and returns its number.
func (w *world) noted(b *browser, path, words string) string {
	w.Helper()
	b.post(path+"/note", "text", words).leadsTo(path)
	return value[string](w, `SELECT max(id)::text FROM messages WHERE kind = 'note'`)
}

// TestTakeBackWords: a supervisor takes back what they have sent themselves, for as long as that can be done.
func TestTakeBackWords(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	w.press(firstChat, intake.ActClaim, ref, "")
	b, li := w.as("mei", "supervisor", taiping), w.as("li", "supervisor", taiping)
	b.post(path+"/answer", "text", "to somebody else").leadsTo(path)
	w.act(firstChat, intake.Pressed{Press: intake.Press{Action: intake.ActReply, Ref: ref}})
	w.act(firstChat, intake.Said{Text: "from the worker"})
	id := value[string](w, `SELECT id::text FROM messages WHERE author = 'supervisor'`)
	theirs := value[string](w, `SELECT id::text FROM messages WHERE author = 'worker'`)
	li.get(path).is(http.StatusOK).lacks("/takeback")
	li.post(path+"/takeback", "message", id).is(http.StatusConflict, "can&#39;t be taken back")
	b.post(path+"/takeback", "message", theirs).is(http.StatusConflict)
	b.get(path).is(http.StatusOK, "/takeback")
	b.post(path+"/takeback", "message", id).leadsTo(path)
	b.post(path+"/takeback", "message", id).is(http.StatusConflict)
	if n := value[int](w, `SELECT count(*) FROM notices e JOIN notices n ON n.id = e.edits WHERE n.kind = 'supervised' AND n.chat_id = $1 AND e.args ->> 'message' = $2`, firstChat, id); n != 1 {
		t.Errorf("the worker, who has read the words, is shown %d times that they are taken back", n)
	}
	if w.told(1, "worker_said") != 1 { // the worker's
		t.Errorf("the resident still has %d words", w.told(1, "worker_said"))
	}
	if text := b.get(path).text(); !strings.Contains(text, "Words taken back supervisor mei") {
		t.Errorf("the story doesn't say so: %s", text)
	}
	b.post(path+"/answer", "text", "two days ago").leadsTo(path)
	_, err := w.db.Exec(`UPDATE notices SET state = 'sent', sent_at = now() - interval '49 hours', message_id = 77 WHERE kind = 'worker_said' AND state = 'waiting'`)
	w.must(err)
	b.post(path+"/takeback", "message", value[string](w, `SELECT max(id)::text FROM messages WHERE author = 'supervisor'`)).is(http.StatusConflict, "too much time")
}
