package main

import (
	"slices"
	"strings"
	"testing"

	"onedoor/internal/simulator"
	"onedoor/internal/texts"
)

// wasThere is a resident of 太平镇, who has asked for something and told where long ago.
func (p *person) wasThere(say says) {
	p.w.Helper()
	p.open(say, wheelchair)
	p.w.exec(`UPDATE chats SET told_at = told_at - interval '11 minutes'`)
}

// emergency is what there is of the emergency of somebody.
func (p *person) emergency() (e struct{ Source, Station, Ref string }) {
	p.w.Helper()
	if err := p.w.server.db.Get(&e, `SELECT place_source AS source, coalesce(station, '') AS station, ref FROM requests
		WHERE urgency = 'emergency' AND chat_id = $1 ORDER BY id DESC LIMIT 1`, p.ID()); err != nil {
		p.w.Fatal(err)
	}
	return e
}

// keys are in the place of the letters.
func (p *person) keys() (all []string) {
	k, err := p.Keyboard(p.w.bot)
	if err != nil {
		p.w.Fatal(err)
	}
	for _, row := range k.Rows {
		for _, key := range row {
			all = append(all, key.Text)
		}
	}
	return all
}

// seenIn is the last message of somebody's with all of these words in it.
func (p *person) seenIn(words ...string) (m simulator.Message) {
	p.w.Helper()
	p.w.eventually("they read "+strings.Join(words, ", "), func() bool {
		for _, m = range slices.Backward(p.Chat(p.w.bot)) {
			if !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(m.Text, word) }) {
				return true
			}
		}
		return false
	})
	return m
}

// supposed is what a resident reads who was in 太平镇 before.
func (s says) supposed() string {
	return s("ask_place_supposed", texts.Data{"Place": "\x00"})
}

// TestDangerElsewhere: in danger the alarm goes out at once where somebody was before. They read which place that is, and are asked for
// another; workers and supervisors read that it isn't confirmed. A position elsewhere, or its name, has the station there alarmed.
func TestDangerElsewhere(t *testing.T) {
	answers := []func(p *person){
		func(p *person) { p.Location(p.w.bot, 22.55, 114.13) },
		func(p *person) { p.send("我在深圳罗湖") },
		func(p *person) { p.send("喺羅湖區") },
	}
	asked := 0
	eachResident(t, func(w *world, p *person, say says) {
		if asked == 0 {
			w.worker(901, "w-440117-2-1")
			w.worker(902, "w-440303-1-1")
		}
		first, near := &person{w.telegram.User(simulator.Profile{ID: 901}), "first", w}, &person{w.telegram.User(simulator.Profile{ID: 902}), "near", w}
		p.wasThere(say)
		p.send("着火了，房子着火了，快来")
		before, after, _ := strings.Cut(say.supposed(), "\x00")
		question := p.seenIn(before, after)
		if text := question.Text; !strings.Contains(text, "Taiping") && !strings.Contains(text, "太平") {
			t.Errorf("it isn't said which place: %s", text)
		}
		if keys := p.keys(); !slices.Contains(keys, say.button("location")) || !slices.Contains(keys, say.button("still")) {
			t.Errorf("the keys are %q", keys)
		}
		e := p.emergency()
		if e.Station != "st-440117-2" || e.Source != "last" {
			t.Errorf("it is with %s, %s", e.Station, e.Source)
		}
		first.seenIn(e.Ref, "Emergency", "not confirmed")
		if page := w.supervisor().get("/admin/requests/" + e.Ref); !strings.Contains(page, "not confirmed") {
			t.Error("the supervisor's page doesn't say that the place isn't confirmed")
		}
		p.send("快啲")
		first.seenIn(e.Ref, "快啲")
		answers[asked](p)
		near.seenIn(e.Ref, "Emergency", "Luohu")
		first.seenIn(e.Ref, "is elsewhere", "Luohu")
		p.see(say("place_told", nil))
		w.rests()
		if e := p.emergency(); e.Station != "st-440303-1" || e.Source == "last" {
			t.Errorf("it is with %s, %s", e.Station, e.Source)
		}
		if n := w.count(`SELECT count(*) FROM requests r JOIN offers o ON o.request_id = r.id WHERE r.ref = '` + e.Ref + `' AND o.station = 'st-440117-2'`); n != 1 {
			t.Error("those who were called first can't claim it any more")
		}
		if card := near.seenIn(e.Ref, "Emergency"); strings.Contains(card.Text, "not confirmed") {
			t.Errorf("the card still says that it isn't confirmed: %s", card.Text)
		}
		near.send("/duty off") // the next one's nearest station is the first again
		near.see("off duty")
		near.send("/duty on")
		w.rests()
		asked++
	})
}

// TestDangerStillThere: who is where they were before says so with a tap or a word, and then it is confirmed; nobody is alarmed anew.
func TestDangerStillThere(t *testing.T) {
	first := true
	eachResident(t, func(w *world, p *person, say says) {
		if first {
			w.worker(901, "w-440117-2-1")
		}
		worker := &person{w.telegram.User(simulator.Profile{ID: 901}), "worker", w}
		p.wasThere(say)
		p.send("着火了，房子着火了，快来")
		w.rests()
		e := p.emergency()
		worker.seenIn(e.Ref, "Emergency", "not confirmed")
		cards := w.cards("901")
		if first {
			p.send("I am still here, hurry")
		} else {
			p.send(say.button("still"))
		}
		first = false
		p.see(say("place_told", nil))
		w.rests()
		if now := p.emergency(); now.Source != "choice" || now.Station != e.Station {
			t.Errorf("it is with %s, %s", now.Station, now.Source)
		}
		if n := w.cards("901"); n != cards {
			t.Errorf("%d cards more", n-cards)
		}
		for _, m := range worker.Chat(w.bot) {
			if strings.Contains(m.Text, e.Ref) && strings.Contains(m.Text, "not confirmed") {
				t.Errorf("the card still says so: %s", m.Text)
			}
		}
	})
}

// TestDangerWhereToldNow: a place that was told in this talk, or in the very words, isn't asked about.
func TestDangerWhereToldNow(t *testing.T) {
	eachResident(t, func(w *world, p *person, say says) {
		before, _, _ := strings.Cut(say.supposed(), "\x00")
		p.open(say, wheelchair) // confirmed just now
		p.send("着火了，房子着火了，快来")
		w.rests()
		if e := p.emergency(); p.texts(before) > 0 || e.Source != "link" || e.Station != "st-440117-2" {
			t.Errorf("told just now: asked %d times, and it is %v", p.texts(before), e)
		}
		w.exec(`UPDATE requests SET state = 'cancelled', closed_at = now(), next_action = NULL, next_action_at = NULL WHERE urgency = 'emergency'`)
		w.exec(`UPDATE chats SET told_at = told_at - interval '11 minutes'`)
		p.send("深圳罗湖着火了，快来")
		w.rests()
		if e := p.emergency(); p.texts(before) > 0 || e.Source != "text" {
			t.Errorf("told in these words: asked %d times, and it is %v", p.texts(before), e)
		}
	})
}

// TestClaimedDangerElsewhere: where somebody has it already, they read the new place, and the station there is alarmed, too.
func TestClaimedDangerElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	first, near := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440303-1-1")
	p := w.person(10, "May", "en")
	requestOf(p, "I need a wheelchair for my father")
	w.exec(`UPDATE chats SET told_at = told_at - interval '11 minutes'`)
	p.send("my house is on fire, hurry")
	p.see("as you told us earlier")
	w.rests()
	e := p.emergency()
	first.PressData(first.seenIn(e.Ref, "not confirmed"), "claim:"+e.Ref+":")
	p.see("has taken on")
	p.send("help, it is in Luohu District, Shenzhen, the fire comes nearer")
	first.seenIn(e.Ref, "Emergency", "Place: Luohu")
	near.seenIn(e.Ref, "Emergency", "Place: Luohu")
	w.rests()
	if n := w.count(`SELECT count(*) FROM requests WHERE urgency = 'emergency' AND worker = 'w-440117-2-1' AND state = 'claimed'`); n != 1 {
		t.Error("whoever had it has lost it")
	}
}

// TestTalkInDangerMovesNothing: what somebody says in a long talk with whoever has the emergency moves it no more.
func TestTalkInDangerMovesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	first := w.worker(901, "w-440117-2-1")
	p := w.person(10, "May", "en")
	requestOf(p, "I need a wheelchair for my father")
	w.exec(`UPDATE chats SET told_at = told_at - interval '11 minutes'`)
	p.send("my house is on fire, hurry")
	p.see("as you told us earlier")
	w.rests()
	e := p.emergency()
	first.PressData(first.seenIn(e.Ref, "not confirmed"), "claim:"+e.Ref+":")
	p.see("has taken on")
	w.exec(`UPDATE requests SET cycle_at = cycle_at - interval '11 minutes' WHERE urgency = 'emergency'`)
	p.send("my brother has a shop in Luohu District, Shenzhen")
	first.see("my brother has a shop in Luohu District")
	w.rests()
	if now := p.emergency(); now.Source != "last" || now.Station != e.Station || w.count(`SELECT count(*) FROM offers`) != 0 {
		t.Errorf("it is with %s, %s", now.Station, now.Source)
	}
}

// TestOldLinkInDanger: a village's link that somebody came by long ago is an earlier place, too, and what the cry itself names is surer.
func TestOldLinkInDanger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i, cry := range []string{"my house is on fire, hurry", "my house in Luohu District, Shenzhen is on fire, hurry"} {
		p := w.person(int64(10+i), "May", "en")
		p.send("/start 440117111")
		p.see("OneDoor, for")
		w.exec(`UPDATE chats SET told_at = told_at - interval '11 minutes'`)
		p.send(cry)
		w.rests()
		e := p.emergency()
		if want := []string{"last", "text"}[i]; e.Source != want || p.texts("as you told us earlier") != 1-i {
			t.Errorf("%q: it is %s", cry, e.Source)
		}
	}
}

// TestDangerInAnUnknownPlace: whoever names a place that isn't known in danger reads that it isn't found, and what helps; it is a key away.
func TestDangerInAnUnknownPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i, c := range []struct{ code, cry, again, name, cries, last, unknown string }{
		{"en", "There is a fire in Liujia Village, hurry", "in Wangjia Village", "Wangjia Village", "help, the house in Chenjia Village is on fire", "Chenjia Village", "We can't find “"},
		{"zh-hans", "着火了，我在刘家庄，快来", "在王家村", "王家村", "救命啊，陈家村着火了", "陈家村", "找不到“"},
		{"zh-hk", "火燭呀，我喺劉家莊，快啲嚟", "喺王家村", "王家村", "救命呀，陳家村火燭呀", "陳家村", "搵唔到「"},
	} {
		p := w.person(int64(10+i), "May", c.code)
		p.send(c.cry)
		first := p.see(c.unknown)
		if !strings.Contains(c.cry, strings.Trim(strings.FieldsFunc(strings.SplitN(first.Text, c.unknown, 2)[1], func(r rune) bool { return strings.ContainsRune("”」", r) })[0], " ")) {
			t.Errorf("it isn't said what isn't found: %s", first.Text)
		}
		if keys := p.keys(); len(keys) != 2 {
			t.Errorf("the keys are %q", keys)
		}
		p.send(c.again)
		p.see(c.unknown + c.name)
		p.send(c.cries)
		p.see(c.unknown + c.last)
		p.Location(w.bot, 23.452, 113.488)
		w.eventually("it is placed", func() bool { return w.placed() == i+1 })
	}
	for _, table := range []string{"events", "notices"} {
		column := map[string]string{"events": "data", "notices": "args"}[table]
		if n := w.count(`SELECT count(*) FROM ` + table + ` WHERE CAST(` + column + ` AS text) ~ '刘家|劉家|Liujia|王家|Wangjia|陈家|陳家|Chenjia'`); n != 0 {
			t.Errorf("the name is in %d %s", n, table)
		}
	}
}

// TestDangerElsewhereInTheTalk: a place told just now for something else is taken without a question, and words that say another one
// move the emergency. What lies around it, or names no place, moves nothing.
func TestDangerElsewhereInTheTalk(t *testing.T) {
	answers := []string{"it is in Luohu District, Shenzhen", "着火的地方在深圳罗湖", "係深圳羅湖區火燭"}
	i := 0
	eachResident(t, func(w *world, p *person, say says) {
		if i == 0 {
			w.worker(901, "w-440117-2-1")
			w.worker(902, "w-440303-1-1")
		}
		near := &person{w.telegram.User(simulator.Profile{ID: 902}), "near", w}
		p.open(say, wheelchair) // confirmed just now
		p.send("着火了，房子着火了，快来")
		w.rests()
		p.send("我们在从化")
		p.send("快啲")
		p.send("我不在深圳罗湖区")
		w.rests()
		e := p.emergency()
		if e.Station != "st-440117-2" || e.Source != "link" {
			t.Errorf("it is with %s, %s", e.Station, e.Source)
		}
		p.send(answers[i])
		near.seenIn(e.Ref, "Emergency", "Luohu")
		p.see(say("place_told", nil))
		w.rests()
		if e := p.emergency(); e.Station != "st-440303-1" || e.Source != "text" {
			t.Errorf("%s: it is with %s, %s", answers[i], e.Station, e.Source)
		}
		near.send("/duty off") // the next one's nearest station is the first again
		near.see("off duty")
		near.send("/duty on")
		w.rests()
		i++
	})
}

// TestDangerAsksAgain: who was asked where before there was danger is asked once more beneath the alarm, in place of that question.
func TestDangerAsksAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i, c := range []struct{ code, need, cry, question string }{
		{"en", "I don't know whom to ask", "there is a fire", "Where is it?"},
		{"zh-hans", "我不知道找谁", "着火了", "您在哪里？"},
		{"zh-hk", "我唔知搵邊個", "火燭呀", "喺邊"},
	} {
		p := w.person(int64(10+i), "May", c.code)
		p.send(c.need)
		p.see(c.question)
		p.send(c.cry)
		p.see("119")
		p.w.rests()
		chat := p.Chat(w.bot)
		if last := chat[len(chat)-1]; !strings.Contains(last.Text, c.question) {
			t.Errorf("%s: the last words are %q", c.code, last.Text)
		}
		if n := p.texts(c.question); n != 1 {
			t.Errorf("%s: the question stands %d times", c.code, n)
		}
		if keys := p.keys(); len(keys) < 2 {
			t.Errorf("%s: the keys are %q", c.code, keys)
		}
	}
}

// TestNotThere: who says that they are not, or no more, in the supposed place confirms nothing by naming it; where they say where they are
// instead, the alarm goes there.
func TestNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i, c := range []struct{ words, source, station string }{
		{"我不在太平镇", "last", "st-440117-2"},
		{"I am not in Taiping Town", "last", "st-440117-2"},
		{"I left Taiping Town", "last", "st-440117-2"},
		{"我离开太平镇了", "last", "st-440117-2"},
		{"我唔喺太平鎮", "last", "st-440117-2"},
		{"不是太平镇，是深圳罗湖区", "text", "st-440303-1"},
		{"唔係太平鎮，係深圳羅湖區", "text", "st-440303-1"},
		{"Not in Taiping Town. I am in Luohu District, Shenzhen", "text", "st-440303-1"},
		{"Not in Taiping Town, Conghua. I am in Luohu District, Shenzhen", "last", "st-440117-2"}, // which of both is asked
		{"我在深圳罗湖区，不在太平镇", "text", "st-440303-1"},
		{"come here", "last", "st-440117-2"},
		{"快来这里", "last", "st-440117-2"},
		{"在太平镇", "choice", "st-440117-2"},
		{"yes, Taiping Town", "choice", "st-440117-2"},
	} {
		p := w.person(int64(10+i), "May", "en")
		requestOf(p, "I need a wheelchair for my father")
		w.exec(`UPDATE chats SET told_at = told_at - interval '11 minutes'`)
		p.send("my house is on fire, hurry")
		p.see("as you told us earlier")
		p.send(c.words)
		w.rests()
		if e := p.emergency(); e.Source != c.source || e.Station != c.station {
			t.Errorf("%q: it is with %s, %s", c.words, e.Station, e.Source)
		}
	}
}

// TestEditedElsewhere: who writes into the cry itself, by an edit, where they are moves the alarm there, as by words of its own.
func TestEditedElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	near := w.worker(902, "w-440303-1-1")
	for i, edit := range []string{"my house in Luohu District, Shenzhen is on fire, hurry", "we are in Luohu District, Shenzhen"} {
		p := w.person(int64(10+i), "May", "en")
		requestOf(p, "I need a wheelchair for my father")
		w.exec(`UPDATE chats SET told_at = told_at - interval '11 minutes'`)
		p.send("my house is on fire, hurry")
		p.see("as you told us earlier")
		if _, err := p.Edit(w.bot, p.lastOf("my house is on fire, hurry"), edit); err != nil {
			t.Fatal(err)
		}
		w.rests()
		if e := p.emergency(); e.Source != "text" || e.Station != "st-440303-1" {
			t.Errorf("%q: it is with %s, %s", edit, e.Station, e.Source)
		} else {
			near.seenIn(e.Ref, "Emergency", "Luohu")
		}
	}
}

// TestCryAfterLongTalk: what was told of other places in a long talk moves an emergency no more when its resident cries again.
func TestCryAfterLongTalk(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	first := w.worker(901, "w-440117-2-1")
	p := w.person(10, "May", "en")
	requestOf(p, "I need a wheelchair for my father")
	w.exec(`UPDATE chats SET told_at = told_at - interval '11 minutes'`)
	p.send("my house is on fire, hurry")
	p.see("as you told us earlier")
	w.rests()
	e := p.emergency()
	first.PressData(first.seenIn(e.Ref, "not confirmed"), "claim:"+e.Ref+":")
	p.see("has taken on")
	w.exec(`UPDATE requests SET cycle_at = cycle_at - interval '11 minutes' WHERE urgency = 'emergency'`)
	p.send("my brother has a shop in Luohu District, Shenzhen")
	first.see("my brother has a shop in Luohu District")
	p.send("help, my house is on fire, the fire comes nearer")
	first.see("the fire comes nearer")
	w.rests()
	if now := p.emergency(); now.Source != "last" || w.count(`SELECT count(*) FROM offers`) != 0 {
		t.Errorf("it is with %s, %s", now.Station, now.Source)
	}
}

// TestClaimedElsewhereAskedBefore: a station that was asked before somebody far off had an emergency hears once more that it is there; once.
func TestClaimedElsewhereAskedBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	first, near := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440303-1-1")
	p := w.person(10, "May", "en")
	requestOf(p, "I need a wheelchair for my father")
	w.exec(`UPDATE chats SET told_at = told_at - interval '11 minutes'`)
	p.send("my house is on fire, hurry")
	p.see("as you told us earlier")
	w.rests()
	e := p.emergency()
	w.exec(`INSERT INTO offers (request_id, station, offered_at) SELECT id, 'st-440303-1', now() FROM requests WHERE ref = '` + e.Ref + `'`)
	first.PressData(first.seenIn(e.Ref, "not confirmed"), "claim:"+e.Ref+":")
	p.see("has taken on")
	p.send("in Luohu District, Shenzhen")
	near.seenIn(e.Ref, "Emergency", "Place: Luohu")
	w.rests()
	cards := w.cards("902")
	p.Location(w.bot, 22.55, 114.13)
	w.rests()
	if n := w.cards("902"); n != cards {
		t.Errorf("%d cards more", n-cards)
	}
}

// TestDeniedInTheCry: who names in the cry itself the place where they were before, to say that they aren't there, isn't there for certain,
// even if they told of it in this talk; where they name another, the alarm goes there.
func TestDeniedInTheCry(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i, c := range []struct {
		words, source, station string
		lately                 bool
	}{
		{"房子着火了，快来，我不在太平镇", "last", "st-440117-2", false},
		{"my house is on fire, hurry, I am not in Taiping Town", "last", "st-440117-2", false},
		{"房子着火了，快来，我不在太平镇", "last", "st-440117-2", true},
		{"房子着火了，快来，我不在太平镇，在深圳罗湖区", "text", "st-440303-1", false},
		{"房子着火了，快来，我在太平镇", "text", "st-440117-2", false},
	} {
		p := w.person(int64(10+i), "May", "en")
		requestOf(p, "I need a wheelchair for my father")
		if !c.lately {
			w.exec(`UPDATE chats SET told_at = told_at - interval '11 minutes'`)
		}
		p.send(c.words)
		w.rests()
		if e := p.emergency(); e.Source != c.source || e.Station != c.station {
			t.Errorf("%q: it is with %s, %s", c.words, e.Station, e.Source)
		}
	}
}

// TestDangerMovesLive: an emergency whose place is only supposed, or is that of a live location, goes where the live location goes, at
// its station too; those who were called first read that it is elsewhere.
func TestDangerMovesLive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	first, near := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440303-1-1")
	p := w.person(1, "May", "en")
	p.send("I need a wheelchair for my father")
	p.see("send your location")
	live := p.LiveLocation(w.bot, 23.452, 113.488, 28800)
	p.press("Confirm")
	p.see("Your request has number")
	w.exec(`UPDATE chats SET told_at = told_at - interval '11 minutes'`)
	p.send("my house is on fire, hurry")
	p.see("as you told us earlier")
	w.rests()
	e := p.emergency()
	if e.Source != "last" || e.Station != "st-440117-2" {
		t.Fatalf("it is with %s, %s", e.Station, e.Source)
	}
	for _, to := range []struct {
		lat, lon    float64
		station     string
		called, was *person
		place       string
	}{
		{22.55, 114.13, "st-440303-1", near, first, "Luohu"},
		{23.452, 113.488, "st-440117-2", first, near, "Taiping"},
	} {
		p.move(live, to.lat, to.lon)
		if e := p.emergency(); e.Source != "location" || e.Station != to.station {
			t.Errorf("it is with %s, %s", e.Station, e.Source)
		}
		to.was.seenIn(e.Ref, "is elsewhere", to.place)
		to.called.seenIn(e.Ref, "Emergency", to.place)
	}
	p.see("Thank you") // the place is confirmed
}

// TestCryOfTwoPlaces: who names in a cry the place where they were before, and another one, isn't taken to be in the former for certain.
func TestCryOfTwoPlaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i, words := range []string{"房子着火了，快来，我从太平镇到了鳌头镇", "my house is on fire, hurry, I went from Taiping Town to Aotou Town"} {
		p := w.person(int64(10+i), "May", "en")
		requestOf(p, "I need a wheelchair for my father")
		w.exec(`UPDATE chats SET told_at = told_at - interval '11 minutes'`)
		p.send(words)
		w.rests()
		if e := p.emergency(); e.Source == "text" {
			t.Errorf("%q: it is with %s, %s", words, e.Station, e.Source)
		}
	}
}
