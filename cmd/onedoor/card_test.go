package main

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/internal/simulator"
)

// cardWords are what one language says in the tests of the card.
type cardWords struct {
	code, need, unclear, number                              string
	confirm, change, care, health, other, self, back, cancel string
	list, location, upper, mother, where                     string
	city, county, town, village, here, whole                 string
	opens, opensUrgent, now                                  string
}

// cards are the words of each language in which the card is tested.
func cards() []cardWords {
	return []cardWords{{
		code: "en", need: "My mother needs a wheelchair", unclear: "Please come and look", number: "Your request has number",
		confirm: "Confirm", change: "Change service", care: "Health, care, benefits »", health: "Health and sanitation", other: "It is for somebody else",
		self: "It is for me", back: "« Back", cancel: "Cancel", list: "☰ Choose from a list", location: "📍 Send my location", upper: "« Other places",
		mother: "For your mother or father", where: "send your location",
		city: "Guangzhou City", county: "Conghua District", town: "Taiping Town", village: "Qiangang Village", here: "Confirm: ", whole: "Somewhere in Conghua District",
		opens: "Conghua District opens tomorrow 09:00, answers by ", opensUrgent: "Conghua District opens tomorrow 09:00, answers by 11:00.",
		now: " now: waiting for a social worker.",
	}, {
		code: "zh-hans", need: "我妈妈需要一架轮椅", unclear: "麻烦你们来看看", number: "您的求助编号是",
		confirm: "确认", change: "换服务", care: "看病、照顾、补助 »", health: "医疗卫生", other: "是帮别人求助",
		self: "是我自己需要", back: "« 返回", cancel: "取消", list: "☰ 从列表里选", location: "📍 发送我的位置", upper: "« 别的地方",
		mother: "帮您的父母", where: "您在哪里",
		city: "广州市", county: "从化区", town: "太平镇", village: "钱岗村", here: "确认：", whole: "就在从化区",
		opens: "服务站明天上午9:00开门，", opensUrgent: "服务站明天上午9:00开门，上午11:00前有人回复您。",
		now: " 现在：等待社工接单。",
	}, {
		code: "zh-hk", need: "我阿媽要一架輪椅", unclear: "麻煩你們來看看", number: "你嘅求助編號係",
		confirm: "確認", change: "改服務", care: "睇病、照顧、補助 »", health: "醫療衛生", other: "幫其他人求助",
		self: "係我自己需要", back: "« 返回", cancel: "取消", list: "☰ 喺清單度揀", location: "📍 傳送我嘅位置", upper: "« 其他地方",
		mother: "幫你嘅父母", where: "你喺邊度",
		city: "廣州市", county: "從化區", town: "太平鎮", village: "錢崗村", here: "確認：", whole: "就喺從化區",
		opens: "服務站聽日上晝9:00開門，", opensUrgent: "服務站聽日上晝9:00開門，上晝11:00前有人回覆你。",
		now: " 而家：等社工接手。",
	}}
}

// hand is a person whose taps are counted.
type hand struct {
	*person
	taps int
}

// tap presses a button under a message.
func (h *hand) tap(label string) {
	h.w.Helper()
	h.press(label)
	h.taps++
}

// key presses one in the place of the letters. The location key is followed by the position.
func (h *hand) key(label string) {
	h.w.Helper()
	h.taps++
	h.w.eventually("the key "+label, func() bool {
		k, err := h.Keyboard(h.w.bot)
		return err == nil && slices.ContainsFunc(k.Rows, func(row []simulator.Key) bool {
			return slices.ContainsFunc(row, func(key simulator.Key) bool { return key.Text == label })
		})
	})
	if strings.HasPrefix(label, "📍") {
		h.Location(h.w.bot, 23.452, 113.488)
		return
	}
	h.send(label)
}

// TestTapsToANumber: a plain request takes one tap where the village is known, and never more than four.
func TestTapsToANumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	chat := int64(10)
	for _, l := range cards() {
		ask := func(h *hand) { h.send(l.need); h.see(l.where) }
		for name, way := range map[string]struct {
			most   int
			choose func(h *hand)
		}{
			"the village's link": {1, func(h *hand) { h.send("/start 440117111203"); h.send(l.need); h.tap(l.confirm) }},
			"named in the words": {1, func(h *hand) { h.send(l.need + "，从化太平镇"); h.tap(l.confirm) }},
			"the location key":   {2, func(h *hand) { ask(h); h.key(l.location); h.tap(l.confirm) }},
			"a name of its own":  {1, func(h *hand) { ask(h); h.send("从化太平镇"); h.tap(l.confirm) }},
			"a name of several": {2, func(h *hand) {
				ask(h)
				h.send("太平镇")
				h.tap(map[string]string{"en": "Taiping Town, Conghua District, Guangzhou City", "zh-hans": "广州市从化区太平镇", "zh-hk": "廣州市從化區太平鎮"}[l.code])
				h.tap(l.confirm)
			}},
			"the lists, from a whole province":  {3, func(h *hand) { ask(h); h.key(l.city); h.tap(l.county); h.tap(l.here + l.county) }},
			"the lists in a city that is named": {3, func(h *hand) { ask(h); h.send("广州"); h.tap(l.county); h.tap(l.town); h.tap(l.village) }},
			"four lists, from a whole province down to the village": {4, func(h *hand) {
				ask(h)
				h.key(l.city) // the last of the four confirms
				h.tap(l.county)
				h.tap(l.town)
				h.tap(l.village)
			}},
			"a service that isn't clear": {1, func(h *hand) { h.send("/start 440117111203"); h.send(l.unclear); h.tap(l.confirm) }},
			"nothing is clear":           {2, func(h *hand) { h.send(l.unclear); h.see(l.where); h.key(l.location); h.tap(l.confirm) }},
			"a service chosen on the card": {3, func(h *hand) {
				h.send(l.unclear)
				h.see(l.where)
				h.key(l.location)
				w.rests()
				h.tap(h.seeButton(l.confirm).Labels()[0])
				w.rests()
				h.tap(l.confirm)
			}},
		} {
			chat++
			h := &hand{person: w.person(chat, name, l.code)}
			way.choose(h)
			h.see(l.number)
			if h.taps > way.most {
				t.Errorf("%s, %s: %d taps, want at most %d", l.code, name, h.taps, way.most)
			}
		}
	}
	if n := w.count(`SELECT count(*) FROM requests WHERE state = 'open' AND station IS NOT NULL`); n != 33 {
		t.Errorf("%d requests are with a station, want 33", n)
	}
}

// TestWalk: the way down from list to list, begun where the resident was last, with a way back up, to a village.
func TestWalk(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i, l := range cards() {
		h := &hand{person: w.person(int64(10+i), l.code, l.code)}
		h.send("/start 440117")
		h.send(l.need)
		h.tap(map[string]string{"en": "Change place", "zh-hans": "换地点", "zh-hk": "改地點"}[l.code])
		h.key(l.list)
		list := h.seeButton(l.town)
		if labels := list.Labels(); !slices.Contains(labels, l.whole) || slices.Contains(labels, l.city) {
			t.Errorf("it doesn't begin in the county of the link: %q", labels)
		}
		h.tap(l.upper)
		h.tap(l.county)
		h.tap(l.town)
		h.tap(l.village)
		w.rests()
		if card := h.seeButton(l.confirm); !strings.Contains(card.Text, l.village) {
			t.Errorf("the card has another place: %s", card.Text)
		}
		for _, m := range h.Chat(w.bot) {
			if m.ID == list.ID && (len(m.Labels()) > 0 || !strings.Contains(m.Text, "✓")) {
				t.Errorf("the list doesn't say what was chosen: %s %q", m.Text, m.Labels())
			}
		}
	}
	if n := w.count(`SELECT count(*) FROM requests WHERE place_code = '440117111203' AND place_source = 'choice'`); n != 3 {
		t.Errorf("%d requests have the chosen village, want 3", n)
	}
}

// TestWalkInDanger: whoever is in danger and can't write can say where with their thumb, too.
func TestWalkInDanger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(10, "May", "en")
	p.send(inDanger)
	p.see("send your location")
	p.send("☰ Choose from a list")
	p.press("Guangzhou City")
	p.press("Conghua District")
	p.press("Somewhere in Conghua District")
	p.see("we know where it is")
	w.eventually("the station has it", func() bool {
		return w.count(`SELECT count(*) FROM requests WHERE urgency = 'emergency' AND station = 'st-440117-1'`) == 1
	})
	p.send("☰ Choose from a list") // an emergency's place may always be better known
	p.press("Taiping Town")
}

// TestPages: a list of many places turns over, and takes nobody anywhere by a forged button.
func TestPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(10, "May", "en")
	p.send("My mother needs a wheelchair")
	p.see("send your location")
	p.send("☰ Choose from a list")
	list := p.seeButton("More »")
	if n := len(list.Labels()); n != 12 {
		t.Errorf("a page has the buttons %q, want ten places, the next page and the way out", list.Labels())
	}
	p.press("More »")
	p.press("More »")
	p.press("« Previous")
	var ref string
	if err := w.server.db.Get(&ref, `SELECT ref FROM requests`); err != nil {
		t.Fatal(err)
	}
	w.rests()
	toasts := len(p.Answers(w.bot))
	for i, arg := range []string{"nowhere.0", "440100", "440100.-1", "440100.x", "440100.99999999999999999999", ".."} {
		p.PressData(list, "walk:"+ref+":"+arg)
		p.waitToasts(toasts + i + 1)
		if text := p.Answers(w.bot)[toasts+i].Text; !strings.Contains(text, "no longer applies") {
			t.Errorf("a forged %q is answered with %q", arg, text)
		}
	}
	p.PressData(list, "walk:"+ref+":440100.77") // only past the end
	p.seeButton("Conghua District")
	p.PressData(list, "here:"+ref+":100000")
	p.PressData(list, "group:"+ref+":leisure")
	p.PressData(list, "for:"+ref+":everybody")
	p.waitToasts(toasts + 10)
	w.rests()
	if n := w.count(`SELECT count(*) FROM requests WHERE state = 'draft' AND lat IS NULL`); n != 1 {
		t.Error("a forged button has placed or submitted the draft")
	}
}

// TestWhatWasUnderstood: the card says for whom and what; menus change both, in the reader's language.
func TestWhatWasUnderstood(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i, l := range cards() {
		p := w.person(int64(10+i), l.code, l.code)
		p.send("/start 440117111")
		p.send(l.need)
		if card := p.seeButton(l.confirm); !strings.Contains(card.Text, l.mother) || strings.Contains(card.Text, l.need) || strings.Count(card.Text, "\n") > 5 {
			t.Errorf("the card must say for whom, not repeat the words, and have six lines at most: %s", card.Text)
		}
		p.press(l.change)
		p.press(l.self)
		w.rests()
		if card := p.seeButton(l.confirm); strings.Contains(card.Text, l.mother) {
			t.Errorf("it is for the writer: %s", card.Text)
		}
		p.send(l.need) // said once more, it stays theirs
		w.rests()
		if card := p.seeButton(l.confirm); strings.Contains(card.Text, l.mother) {
			t.Errorf("it is for the writer, still: %s", card.Text)
		}
		p.press(l.change)
		menu := p.seeButton(l.other)
		if n := len(menu.Labels()); n != 9 {
			t.Errorf("a wheelchair is one service's, so the menu has six groups and three more: %q", menu.Labels())
		}
		p.press(l.care)
		p.press(l.back)
		p.press(l.care)
		p.press(l.health)
		p.see(l.health)
		p.press(l.confirm)
		p.see(l.number)
	}
	for _, r := range w.records() {
		if r["category"] != "health" {
			t.Errorf("the record is %v", r)
		}
	}
	if n := w.count(`SELECT count(*) FROM requests WHERE understanding ->> 'for' = 'self'`); n != 3 {
		t.Errorf("%d requests are their writers', want 3", n)
	}
}

// TestLikeliestServices: what was hardly doubted comes before the groups.
func TestLikeliestServices(t *testing.T) {
	t.Parallel()
	w := newWorld(t, withModel(endpoint(t, saying(goodAnswer))))
	p := w.person(10, "May", "zh-hans")
	p.send("/start 440117111")
	p.send("我妈妈今年九十岁了，走不动了，家里没人照顾她")
	if card := p.seeButton("确认"); !strings.Contains(card.Text, "“母亲走不动，需要照顾”") {
		t.Errorf("the card doesn't say what the model understood: %s", card.Text)
	}
	p.press("换服务")
	labels := p.seeButton("看病、照顾、补助 »").Labels()
	if labels[0] != "医疗卫生" || slices.Contains(labels, "养老助残") {
		t.Errorf("the menu is %q, want the other likely service first and the present one only in its group", labels)
	}
}

// TestHowSoon: what is promised is the standard's, and says when a closed station opens.
func TestHowSoon(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	china := time.FixedZone("CST", 8*60*60)
	tomorrow := func() string { return time.Now().In(china).AddDate(0, 0, 1).Weekday().String()[:2] }
	closed := func() {
		w.exec(`UPDATE stations SET hours = '` + tomorrow() + ` 09:00-10:00' WHERE code = 'st-440117-2'`)
		w.eventually("routing knows the hours", func() bool {
			s, _ := w.server.intake.Router.Station("st-440117-2")
			next := time.Now().In(china).AddDate(0, 0, 1)
			at := func(hour int) time.Time {
				return time.Date(next.Year(), next.Month(), next.Day(), hour, 30, 0, 0, china)
			}
			return s.Hours.Open(at(9)) && !s.Hours.Open(at(10))
		})
	}
	closed()
	urgent := map[string]string{"en": "My mother ran out of medicine and needs a wheelchair, it is urgent", "zh-hans": "我家断药了，要找村医开药", "zh-hk": "我屋企斷藥喇，要搵村醫開藥"}
	for i, l := range cards() {
		p := w.person(int64(10+i), l.code, l.code)
		p.send("/start 440117111")
		p.send(l.need)
		if card := p.seeButton(l.confirm); !strings.Contains(card.Text, l.opens) {
			t.Errorf("the card doesn't say when the station opens: %s", card.Text)
		}
		p.press(l.confirm)
		receipt := p.see(l.number).Text
		var due time.Time
		if err := w.server.db.Get(&due, `SELECT max(answer_due) FROM requests`); err != nil {
			t.Fatal(err)
		}
		if clock := due.In(china).Format("15:04"); l.code == "en" && !strings.Contains(receipt, "by "+due.In(china).Weekday().String()+" "+clock) {
			t.Errorf("it promises another moment than is measured, %s: %s", clock, receipt)
		}
		q := w.person(int64(20+i), l.code, l.code)
		q.send("/start 440117111")
		q.send(urgent[l.code])
		if card := q.seeButton(l.confirm); !strings.Contains(card.Text, l.opensUrgent) {
			t.Errorf("the card promises what nobody is there for: %s", card.Text)
		}
	}
	w.exec(`UPDATE stations SET hours = '' WHERE code = 'st-440117-2'`)
	w.eventually("routing knows the hours", func() bool {
		s, _ := w.server.intake.Router.Station("st-440117-2")
		return s.Hours.Open(time.Now())
	})
	w.worker(901, "w-440117-2-1") // where nobody is on duty, the card says so
	p := w.person(30, "May", "en")
	p.send("/start 440117111")
	p.send("My mother needs a wheelchair")
	if card := p.seeButton("Confirm"); !strings.Contains(card.Text, "Conghua District answers by "+time.Now().In(china).AddDate(0, 0, 2).Weekday().String()) {
		t.Errorf("the card of an open station promises something else: %s", card.Text)
	}
}

// TestBadPlaces: a position in the sea or at 0, 0 and a name that nobody knows are asked about, with a way on.
func TestBadPlaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i, l := range cards() {
		p := w.person(int64(10+i), l.code, l.code)
		far := map[string]string{"en": "far from every place", "zh-hans": "离我们服务的地方太远", "zh-hk": "離我哋服務嘅地方太遠"}[l.code]
		unknown := map[string]string{"en": "We can't find", "zh-hans": "找不到", "zh-hk": "搵唔到"}[l.code]
		p.send(l.need)
		p.see(l.where)
		for n, at := range [][2]float64{{18.5, 115}, {0, 0}, {39.9, 116.4}, {-33.9, 151.2}} {
			p.Location(w.bot, at[0], at[1])
			w.eventually("it is asked about, below the answer", func() bool {
				return w.count(`SELECT count(*) FROM messages WHERE kind = 'location'`) == 4*i+n+1 && strings.Contains(p.last().Text, far)
			})
		}
		p.send(map[string]string{"en": "Xanadu", "zh-hans": "仙乐都村", "zh-hk": "仙樂都村"}[l.code])
		p.see(unknown)
		h := &hand{person: p}
		h.tap(l.list) // under the question now
		h.tap(l.city)
		h.tap(l.county)
		h.tap(l.here + l.county)
		p.see(l.number)
	}
	if n := w.count(`SELECT count(*) FROM messages WHERE kind = 'location' OR text IN ('Xanadu', '仙乐都村', '仙樂都村')`); n != 15 {
		t.Errorf("%d of fifteen answers are kept", n)
	}
}

// TestTwoPhones: two phones of one account that press at once make one request, and the second one is told what is.
func TestTwoPhones(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for i, l := range cards() {
		p := w.person(int64(10+i), l.code, l.code)
		p.send("/start 440117111")
		p.send(l.need)
		card := p.seeButton(l.confirm)
		button, _ := card.Button(l.confirm)
		var group sync.WaitGroup
		for range 2 {
			group.Go(func() { p.PressData(card, button.Data) })
		}
		group.Wait()
		p.waitToasts(2)
		w.rests()
		told := 0
		for _, a := range p.Answers(w.bot) {
			if strings.Contains(a.Text, l.now) {
				told++
			}
		}
		if told != 1 || p.texts(l.number) != 1 {
			t.Errorf("%d of the phones are told what is, and %d receipts sent; want one each", told, p.texts(l.number))
		}
	}
	if n := w.count(`SELECT count(*) FROM requests`); n != 3 {
		t.Errorf("%d requests, want one of each account", n)
	}
}

// TestOldButtons: a message of last month does nothing, and says what has become of it.
func TestOldButtons(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	p := w.person(10, "May", "en")
	p.send("My mother needs a wheelchair")
	p.see("send your location")
	p.send("☰ Choose from a list")
	list := p.seeButton("Guangzhou City")
	p.send("从化太平镇")
	card := p.seeButton("Confirm")
	p.press("Cancel")
	p.see("Taken back")
	w.rests()
	w.exec(`UPDATE notices SET created_at = created_at - interval '31 days', sent_at = sent_at - interval '31 days'`)
	var old string
	if err := w.server.db.Get(&old, `SELECT ref FROM requests`); err != nil {
		t.Fatal(err)
	}
	p.send("My mother needs a wheelchair") // something new is begun meanwhile
	p.seeButton("Confirm")
	w.rests()
	toasts, said := len(p.Answers(w.bot)), len(p.Chat(w.bot))
	presses := []string{"confirm", "services", "group", "service", "unsure", "for", "place", "here", "back", "walk", "at", "cancel"}
	for i, action := range presses {
		message := card
		if i%2 == 1 {
			message = list
		}
		p.PressData(message, action+":"+old+":"+map[string]string{"group": "care", "service": "health", "for": "self", "here": "440117", "walk": "440117.0", "at": "440117111"}[action])
		p.waitToasts(toasts + i + 1)
		if text := p.Answers(w.bot)[toasts+i].Text; !strings.Contains(text, "no longer applies") && text != "Request "+old+" now: taken back by the resident." {
			t.Errorf("an old %s is answered with %q", action, text)
		}
	}
	w.rests()
	if n := len(p.Chat(w.bot)); n != said {
		t.Errorf("old buttons made %d new messages", n-said)
	}
	if n := w.count(`SELECT count(*) FROM requests WHERE state = 'draft' AND ref <> '` + old + `'`); n != 1 {
		t.Error("an old button has changed what is begun now")
	}
}
