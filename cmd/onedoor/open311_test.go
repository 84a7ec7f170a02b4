package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// files posts a request of another system's, and returns its number.
func (w *world) files(key string, values url.Values) string {
	w.Helper()
	values.Set("api_key", key)
	response, err := http.PostForm("http://"+w.server.address+"/open311/v2/requests.json", values)
	if err != nil {
		w.Fatal(err)
	}
	defer response.Body.Close()
	var filed []struct {
		ID string `json:"service_request_id"`
	}
	if err := json.NewDecoder(response.Body).Decode(&filed); err != nil || response.StatusCode != http.StatusOK {
		w.Fatalf("filing is answered %s, %v", response.Status, err)
	}
	return filed[0].ID
}

// follows reads a request with a system's key.
func (w *world) follows(key, ref string) string {
	w.Helper()
	r, err := http.NewRequestWithContext(w.ctx, http.MethodGet, "http://"+w.server.address+"/open311/v2/requests/"+ref+".json", nil)
	if err != nil {
		w.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Accept-Language", "en")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		w.Fatal(err)
	}
	return string(body)
}

// TestFiledByASystem: a danger that a county's system files alarms the station's worker, who reads that there is no chat; what
// they do and write is what the system reads, and nothing is ever sent to who has no chat.
func TestFiledByASystem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	_, key, err := w.server.intake.NewSystem(w.ctx, "Conghua Hotline", "440117", false, "boss")
	if err != nil {
		t.Fatal(err)
	}
	ref := w.files(key, url.Values{"service_code": {"unclear"}, "address_string": {"从化区太平镇广场路3号"}, "description": {"着火了，快来人"},
		"last_name": {"陈"}, "phone": {"13900000001"}})
	card := worker.see("From Conghua Hotline. There is no chat: please call.")
	for _, words := range []string{"Emergency", ref, "着火了，快来人", "广场路3号", "13900000001"} {
		if !strings.Contains(card.Text, words) {
			t.Errorf("the card lacks %q: %s", words, card.Text)
		}
	}
	worker.press("Claim")
	worker.see("陈 · 13900000001")
	worker.press("Reply")
	worker.see("there is no chat. Your words are kept for Conghua Hotline to read")
	worker.send("消防员正在路上")
	worker.see("kept for Conghua Hotline, which can read it")
	if said := w.follows(key, ref); !strings.Contains(said, `"status":"open","status_notes":"A social worker is on it\n消防员正在路上"`) {
		t.Errorf("the system reads %s", said)
	}
	worker.press("Resolve")
	worker.press("Solved")
	worker.see("A sentence on it? Conghua Hotline can read your next message.")
	worker.send("火已扑灭")
	w.eventually("the system reads the end", func() bool {
		return strings.Contains(w.follows(key, ref), `"status":"closed","status_notes":"Solved\n火已扑灭"`)
	})
	w.rests()
	if n := w.count(`SELECT count(*) FROM notices WHERE bot_id < 0 OR state = 'failed'`) + w.count(`SELECT count(*) FROM troubles`); n != 0 {
		t.Errorf("%d notices for nobody, or troubles", n)
	}
}
