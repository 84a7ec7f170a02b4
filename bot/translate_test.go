package bot

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"onedoor/intake"
)

// FuzzDecode feeds anything to what reads updates: it may refuse, and must not fall over.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"update_id":1}`, `{"update_id":1,"message":{"message_id":1,"date":1,"chat":{"id":1,"type":"private"},"from":{"id":1},"text":"/start@x y"}}`,
		`{"update_id":2,"callback_query":{"id":"1","from":{"id":1},"data":"claim:X:","message":{"message_id":1,"date":0,"chat":{"id":1,"type":"private"}}}}`,
		`{"update_id":3,"my_chat_member":{"chat":{"id":1,"type":"private"},"from":{"id":1},"date":1,"old_chat_member":{"status":"member","user":{"id":1}},"new_chat_member":{"status":"kicked","user":{"id":1},"until_date":0}}}`,
		`{"update_id":4,"message":{"forward_origin":{"type":"new"}}}`, `[]`, ``, `{"update_id":"x"}`} {
		f.Add(seed)
	}
	b := &Bot{ID: 1}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := decode(json.RawMessage(text))
		if err != nil || u.update == nil {
			return
		}
		act, ok := b.translate(u.update)
		if ok && (act.Act == nil || act.ID != u.id) {
			t.Errorf("%s became %+v", text, act)
		}
	})
}

// TestUpdatesWithoutNumber: one that can never be confirmed keeps nothing else from being received.
func TestUpdatesWithoutNumber(t *testing.T) {
	for text, want := range map[string]int{`{"ok":true,"result":[{"update_id":5},{"message":{}},7,{"update_id":"x"},{"update_id":6}]}`: 2, `{"ok":true,"result":[]}`: 0} {
		if batch, err := readUpdates(strings.NewReader(text)); err != nil || len(batch) != want {
			t.Errorf("%s gives %d updates (%v), want %d", text, len(batch), err, want)
		}
	}
	if _, err := readUpdates(strings.NewReader(`{"ok":true,"result":[{"message":{}}]}`)); err == nil {
		t.Error("a batch with nothing to confirm must be an error: it would come again at once, for ever")
	}
}

func TestCommands(t *testing.T) {
	for text, want := range map[string]intake.Command{
		"/start":              {Name: "start"},
		"/start w_abc":        {Name: "start", Arg: "w_abc"},
		"/Start@some_bot x y": {Name: "start", Arg: "x y"},
		"/":                   {},
		"/new\nsecond line":   {Name: "new", Arg: "second line"},
		"/😀@":                 {Name: "😀"},
	} {
		if got := command(text); got != want {
			t.Errorf("%q is %+v, want %+v", text, got, want)
		}
	}
}

func TestSplit(t *testing.T) {
	for text, want := range map[string][]string{"": {""}, "abc": {"abc"}, "abcd": {"abc", "d"}, "😀😀": {"😀", "😀"}, "abcabcabc": {"abc", "abc", "abc"}} {
		if got := split(text, 3); !slices.Equal(got, want) {
			t.Errorf("split(%q, 3) is %q, want %q", text, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, test := range []struct {
		text  string
		limit int
		want  string
	}{{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"😀😀", 4, "😀😀"}, {"😀😀😀", 4, "😀…"}, {"", 3, ""}} {
		if got := cut(test.text, test.limit); got != test.want {
			t.Errorf("cut(%q, %d) is %q, want %q", test.text, test.limit, got, test.want)
		}
	}
}
