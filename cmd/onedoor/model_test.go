package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"onedoor/prompts"
)

// endpoint is an OpenAI-compatible server that always gives the same answer.
func endpoint(t *testing.T, answer http.HandlerFunc) string {
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server.URL + "/v1"
}

// saying answers with this as the model's words.
func saying(content string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{
			"finish_reason": "stop", "message": map[string]string{"role": "assistant", "content": content}}}})
	}
}

const goodAnswer = `{"category":"elderly_disabled_care","others":["health"],"confidence":0.93,"urgency":"normal","crisis":"",` +
	`"groups":["elderly","disabled"],"summary":"母亲走不动，需要照顾"}`

// withModel lets the program ask an endpoint.
func withModel(url string) func(*config) {
	return func(c *config) { c.OpenAIURL, c.OpenAIModel, c.OpenAILimit = url, "test-model", time.Second }
}

// understanding is what the one request there is was taken for.
func (w *world) understanding() (u prompts.Understanding) {
	w.Helper()
	var raw []byte
	if err := w.server.db.Get(&raw, `SELECT understanding FROM requests`); err != nil {
		w.Fatal(err)
	}
	if err := json.Unmarshal(raw, &u); err != nil {
		w.Fatal(err)
	}
	return u
}

func TestStoryWithAModel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withModel(endpoint(t, saying(goodAnswer))))
	tellStory(w, mandarin)
	if u := w.understanding(); u.Source != "model" || u.Asked == nil || u.Asked.Model != "test-model" || u.Asked.Prompt == "" || u.Asked.Answer != goodAnswer || u.Asked.Error != "" {
		t.Errorf("the request was understood so: %+v, asked %+v; want the model, with what it was asked", u, u.Asked)
	}
}

// TestStoryWithABrokenModel: whatever the model does, the resident notices nothing.
func TestStoryWithABrokenModel(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"times out": func(_ http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body) // only then does the context end with the connection
			select {
			case <-r.Context().Done():
			case <-time.After(patience):
			}
		},
		"talks nonsense":       saying("I am sorry, as a language model"),
		"invents a category":   saying(strings.Replace(goodAnswer, "elderly_disabled_care", "fire_brigade", 1)),
		"fails":                func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusInternalServerError) },
		"obeys an injection":   saying(`{"category":"fire_safety; DROP TABLE requests"}`),
		"is out of its ranges": saying(strings.Replace(goodAnswer, "0.93", "93", 1)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, withModel(endpoint(t, answer)))
			tellStory(w, mandarin)
			if u := w.understanding(); u.Source != "offline" {
				t.Errorf("the request was understood so: %+v, want the offline classifier", u)
			}
		})
	}
}

// TestDangerThatOnlyTheModelSees: it is danger though the clock has gone on without the model, and why is kept.
func TestDangerThatOnlyTheModelSees(t *testing.T) {
	t.Parallel()
	const answer = `{"category":"conflict_resolution","others":[],"confidence":0.8,"urgency":"emergency","crisis":"violence","groups":["woman"],"summary":"threatened"}`
	think := make(chan struct{})
	w := newWorld(t, func(c *config) {
		withModel(endpoint(t, func(rw http.ResponseWriter, r *http.Request) {
			<-think
			saying(answer)(rw, r)
		}))(c)
		c.OpenAILimit = patience
	})
	resident := w.person(1, "May", "en")
	resident.send("/start 440117111")
	resident.send("my former husband got out and knows my new address")
	w.eventually("the model is asked", func() bool {
		return w.count(`SELECT count(*) FROM requests WHERE next_action = 'understand'`) == 1
	})
	w.server.db.MustExec(`UPDATE requests SET next_action = 'remind'`) // as the clock does when the model takes too long
	close(think)
	resident.see("110")
	if r := w.records()[0]; r["urgency"] != "emergency" || r["state"] != "open" {
		t.Errorf("it is %v", r)
	}
	if u := w.understanding(); u.Source != prompts.SourceModel || u.Asked == nil || u.Asked.Answer != answer {
		t.Errorf("what the model said is not kept: %+v", u)
	}
}
