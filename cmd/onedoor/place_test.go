package main

import (
	"fmt"
	"testing"
)

// TestPositionInDanger: the station at a position sent by somebody in danger has the emergency, whatever their last
// place was, and the one told before can claim it, too.
func TestPositionInDanger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	far, near := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440303-1-1")
	p := w.person(10, "May", "en")
	requestOf(p, "I need a wheelchair for my father") // in 太平镇
	w.rests()
	p.send(inDanger)
	p.see("110")
	far.see("Emergency")
	p.Location(w.bot, 22.55, 114.13) // Luohu, 130 km away
	near.see("Emergency")
	p.see("we know where it is")
	w.rests()
	if n := w.count(`SELECT count(*) FROM requests r JOIN offers o ON o.request_id = r.id
		WHERE r.urgency = 'emergency' AND r.station = 'st-440303-1' AND o.station = 'st-440117-2'`); n != 1 {
		t.Error("the station that was told first has lost the emergency")
	}
	p.Location(w.bot, 22.56, 114.14)
	w.rests()
	if n := w.count(`SELECT count(*) FROM requests WHERE urgency = 'emergency' AND lat = 22.56 AND station = 'st-440303-1'`); n != 1 {
		t.Error("a better position is not taken")
	}
}

// answers are the ways to say that one is in 太平镇.
func answers() []func(*person) {
	return []func(*person){
		func(p *person) { p.Location(p.w.bot, 23.452, 113.488) },
		func(p *person) { p.send("Taiping Town, Conghua") },
		func(p *person) { p.send("/start 440117111") },
	}
}

// placed is how many requests are with the station of 太平镇.
func (w *world) placed() int {
	w.Helper()
	return w.count(`SELECT count(*) FROM requests WHERE lat IS NOT NULL AND station = 'st-440117-2'`)
}

// TestPlaceAnsweredAfterStart: the question for a place stays open when /start is pressed once more.
func TestPlaceAnsweredAfterStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i, answer := range answers() {
		p := w.person(int64(10+i), "May", "en")
		p.send(inDanger)
		p.see("send your location")
		p.send("/start")
		p.see("This is OneDoor")
		answer(p)
		w.eventually("the emergency has a place and a station", func() bool { return w.placed() == i+1 })
	}
}

// TestPlaceAnsweredAfterFiling: and when the clock has filed what had no place yet.
func TestPlaceAnsweredAfterFiling(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i, answer := range answers() {
		p := w.person(int64(10+i), "May", "en")
		p.send("I need a wheelchair for my father")
		p.see("send your location")
		w.clock()
		p.see("have not confirmed")
		w.clock()
		p.see("Your request has number")
		answer(p)
		w.eventually("the request has a place and a station", func() bool { return w.placed() == i+1 })
	}
}

// TestPlaceAnsweredAfterNew: a position of somebody in danger is about the danger, though they pressed for something new.
func TestPlaceAnsweredAfterNew(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(10, "May", "en")
	p.send(inDanger)
	p.see("send your location")
	p.send("/new")
	p.see("What do you need?")
	p.Location(w.bot, 23.452, 113.488)
	w.eventually("the emergency has a place and a station", func() bool { return w.placed() == 1 })
}

// TestPlaceInACryForHelp: a place named in a further cry for help is one, too.
func TestPlaceInACryForHelp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(10, "May", "en")
	p.send(inDanger)
	p.see("send your location")
	p.send("Taiping Town, Conghua, help, he is beating me again")
	w.eventually("the emergency has a place and a station", func() bool { return w.placed() == 1 })
}

// TestCancelKeepsAnothersQuestion: taking one request back leaves the question for another's place open.
func TestCancelKeepsAnothersQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(10, "May", "en")
	ref := requestOf(p, "I need a wheelchair for my father")
	w.exec(`UPDATE chats SET place_code = NULL, lat = NULL, lon = NULL, place_source = ''`) // its last place
	p.send(inDanger)
	p.see("110")
	w.rests()
	p.PressData(p.see("110"), "cancel:"+ref+":")
	p.see("Taken back")
	p.send("Taiping Town, Conghua")
	w.eventually("the emergency has a place and a station", func() bool {
		return w.count(`SELECT count(*) FROM requests WHERE urgency = 'emergency' AND station IS NOT NULL`) == 1
	})
}

// TestPositionAfterResolve: the answer to a question for a place that no longer matters is kept, and answered.
func TestPositionAfterResolve(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker, p := w.worker(901, "w-440117-2-1"), w.person(10, "May", "en")
	p.send(inDanger)
	p.see("send your location")
	worker.press("Claim")
	p.see("in good hands")
	worker.press("Resolve")
	worker.press("Solved")
	p.see("has been closed")
	p.Location(w.bot, 23.452, 113.488)
	p.see("we know where you are")
}

// TestFarPosition: a position far from all that is known is asked about, and reaches whoever has the request when it is said
// to be right, in an emergency at once; with no request it is kept.
func TestFarPosition(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, _ := claimed(w)
	w.rests()
	before := len(worker.Chat(w.bot))
	resident.Location(w.bot, 39.9, 116.4) // at work in Beijing
	resident.see("far from every place")
	w.rests()
	if len(worker.Chat(w.bot)) != before || resident.texts("Passed on") > 0 {
		t.Error("a position that may be a slip is passed on")
	}
	question := resident.last()
	resident.press("Yes, that is right")
	resident.see("Passed on")
	w.rests()
	toasts := len(resident.Answers(w.bot))
	button, _ := question.Button("Yes, that is right")
	resident.PressData(question, button.Data) // once more: it isn't passed on twice
	resident.waitToasts(toasts + 1)
	if chat := worker.Chat(w.bot); chat[len(chat)-1].Location == nil {
		t.Error("the worker isn't shown the position")
	}
	stranger, endangered := w.person(2, "Lin", "en"), w.person(3, "Zhu", "en")
	stranger.Location(w.bot, 39.9, 116.4)
	stranger.see("far from every place")
	endangered.send(inDanger)
	worker.see("Emergency")
	endangered.Location(w.bot, 39.9, 116.4)
	endangered.see("far from every place")
	worker.see("39.9")
	if n := w.count(`SELECT count(*) FROM messages WHERE text LIKE '39.9%'`); n != 3 {
		t.Errorf("%d of three positions are kept", n)
	}
}

// TestPositionAsANote: a worker's position is what was asked for, a note as well as a reply.
func TestPositionAsANote(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, worker, _ := claimed(w)
	worker.press("Note")
	worker.see("Only colleagues see it")
	worker.Location(w.bot, 23.452, 113.488)
	worker.see("Noted on")
	if n := w.count(`SELECT count(*) FROM messages WHERE kind = 'note' AND request_id IS NOT NULL`); n != 1 {
		t.Error("the position is not in the file")
	}
}

// TestPlaceOfAResolvedRequest: an old button doesn't move what is done.
func TestPlaceOfAResolvedRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, ref := claimed(w)
	worker.press("Resolve")
	worker.press("Solved")
	closed := resident.see("has been closed")
	toasts := len(resident.Answers(w.bot))
	resident.PressData(closed, "at:"+ref+":440303")
	resident.waitToasts(toasts + 1)
	if w.count(`SELECT count(*) FROM requests WHERE place_code = '440303'`) > 0 {
		t.Error("the place of a resolved request is changed")
	}
}

// TestTownOrVillage: a word and a county that name a town as well as a village there are asked about, in answer to the
// question and within a sentence.
func TestTownOrVillage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i, said := range [][]string{{"I need a wheelchair for my father", "Taiping, Conghua"}, {"I need a wheelchair for my father, in Taiping, Conghua"}} {
		p := w.person(int64(10+i), "May", "en")
		for _, words := range said {
			p.send(words)
		}
		p.see("Which of these is it?")
		p.seeButton("Taiping Town, Conghua District, Guangzhou City")
		p.press("Taiping Village, Taiping Town, Conghua District, Guangzhou City")
		p.press("Confirm")
		p.see("Your request has number")
	}
	if n := w.count(`SELECT count(*) FROM requests WHERE place_code = '440117111212' AND state = 'open'`); n != 2 {
		t.Errorf("%d requests are in the village that was chosen, want 2", n)
	}
}

// TestFarPositionIsRight: who says that a position far off is right has a request there, and nobody else's position counts.
func TestFarPositionIsRight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p, other := w.person(10, "May", "en"), w.person(11, "Eve", "en")
	p.send("I need a wheelchair for my father")
	p.see("send your location")
	p.Location(w.bot, 18.5, 115) // a fisherman
	question := p.seeButton("Yes, that is right")
	other.send("I need a wheelchair for my father")
	theirs := other.see("send your location")
	w.rests()
	var message int64
	if err := w.server.db.Get(&message, `SELECT id FROM messages WHERE kind = 'location'`); err != nil {
		t.Fatal(err)
	}
	for i, data := range []string{fmt.Sprintf("there:%s:%d", w.refOf(other), message), "there:" + w.refOf(other) + ":x"} {
		other.PressData(theirs, data)
		other.waitToasts(i + 1)
	}
	if n := w.count(`SELECT count(*) FROM requests WHERE lat IS NOT NULL`); n != 0 {
		t.Error("a forged button takes another's position")
	}
	button, _ := question.Button("Yes, that is right")
	p.PressData(question, button.Data)
	p.press("Confirm")
	p.see("Your request has number")
	if n := w.count(`SELECT count(*) FROM requests r JOIN messages m ON m.request_id = r.id WHERE r.lat = 18.5 AND r.state = 'open' AND m.kind = 'location'`); n != 1 {
		t.Error("the request isn't where its resident says")
	}
}

// TestKeepThisPlace: while another place is asked for, the card confirms nothing; one tap keeps the place after all.
func TestKeepThisPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(10, "May", "en")
	p.send("/start 440117111")
	p.send("I need a wheelchair for my father")
	p.press("Change place")
	p.see("Where is it, then?")
	w.rests()
	if n := p.withButton("Confirm"); n != 0 {
		t.Errorf("%d cards confirm a place that is being changed", n)
	}
	p.Photo(w.bot, []byte(pngHead), "") // says nothing about the place
	w.rests()
	if n := p.withButton("Confirm"); n != 0 {
		t.Errorf("after a picture %d cards do", n)
	}
	p.press("Keep this place")
	w.rests()
	if p.texts("Where is it, then?") > 0 || p.withButton("Keep this place") > 0 {
		t.Error("the question still stands")
	}
	p.press("Change place")
	p.see("Where is it, then?")
	p.send("Liangkou Town, Conghua")
	p.press("Confirm")
	p.see("Your request has number")
	if n := w.count(`SELECT count(*) FROM requests r JOIN places p ON p.code = r.place_code WHERE p.name_en = 'Liangkou Town'`); n != 1 {
		t.Error("it isn't in the place that was named")
	}
}
