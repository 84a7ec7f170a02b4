package admin_test

import (
	"net/http"
	"testing"

	"onedoor/intake"
)

// TestReferWithWordsOfNothing: words of which nothing is left once they are clean are none, and no agreement by telephone either.
func TestReferWithWordsOfNothing(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	w.press(firstChat, intake.ActClaim, ref, "")
	w.answers("org-440117111-1")
	b := w.as("mei", "supervisor", taiping)
	for _, words := range []string{"\u202e", "\u2066\u2069", "\x01", "\ufffd"} {
		b.post(path+"/refer", "organisation", "org-440117111-1", "text", words).is(http.StatusConflict)
	}
	if v := w.view(ref); v.State != intake.Claimed || w.told(1, "helped") != 0 {
		t.Errorf("the request is %s, and its resident was told %d times who helps", v.State, w.told(1, "helped"))
	}
}
