package main

import (
	"testing"

	"onedoor/internal/texts"
)

// TestTextsWordedAnew: what an administrator has worded anew is what residents read from then on.
func TestTextsWordedAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(10, "May", "en")
	p.send("/help")
	w.rests()
	if err := w.server.texts.Save(w.ctx, w.server.db, "boss", texts.Change{Language: "en", Key: "help", Text: "Ring the bell."}); err != nil {
		t.Fatal(err)
	}
	w.eventually("the new words are said", func() bool {
		p.send("/help")
		w.rests()
		return p.texts("Ring the bell.") > 0
	})
}
