package intake_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/intake"
	"onedoor/internal/bulk"
	"onedoor/internal/sample"
)

// refs are the references that a search finds, over all of its pages.
func (w *world) refs(sight intake.Sight, f intake.Filter, perPage int) (all []string) {
	w.Helper()
	for after := ""; ; {
		found, err := w.Find(context.Background(), sight, f, after, perPage)
		w.must(err)
		for _, v := range found.Views {
			all = append(all, v.Ref)
		}
		if after = found.Next; after == "" {
			return all
		}
		if len(all) > 2000 {
			w.Fatal("the pages have no end")
		}
	}
}

// finds checks what a search finds, in its order.
func (w *world) finds(sight intake.Sight, f intake.Filter, want ...string) {
	w.Helper()
	if got := w.refs(sight, f, 2); !slices.Equal(got, want) {
		w.Errorf("%+v finds %q, want %q", f, got, want)
	}
}

// file files a request with words of its own near the station n.
func (w *world) file(chat int64, words string) string {
	w.Helper()
	w.now = w.now.Add(time.Minute)
	ref := w.ask(chat)
	w.act(chat, intake.Said{Text: words})
	w.must(w.db.Get(&ref, `SELECT ref FROM requests WHERE chat_id = $1 ORDER BY id LIMIT 1`, chat))
	return ref
}

// TestFindByWords: what a resident has said finds their request, in either script and case, and so does who has it, a note, a
// telephone number's end and the reference as it is typed.
func TestFindByWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.file(10, "我家的輪椅壞了，電話 138 0013-8000，Bus stop No. 7")
	b := w.file(11, "隔壁半夜排污水")
	w.join(900, "n1")
	w.exec(`UPDATE workers SET name = '王小芳' WHERE code = 'n1'`)
	w.press(900, intake.ActClaim, b, "")
	w.press(900, intake.ActNote, b, "")
	w.act(900, intake.Said{Text: "要带梯子"})
	for words, want := range map[string][]string{
		"轮椅坏": {a}, "輪椅": {a}, "轮": {a}, "BUS": {a}, "stop bus": {a}, "轮椅 bus": {a}, "ｂｕｓ": {a},
		"8000": {a}, "13800138000": {a}, "+86 138 0013 8000": {a}, "0013-8000": {a},
		"污水": {b}, "排污水": {b}, "污水 轮椅": nil, "小芳": {b}, "王小芳 污水": {b}, "n1": {b}, "N1 污水": {b}, "梯子": {b},
		strings.ToLower(a[:3]) + "-" + a[3:]: {a}, " " + b: {b}, "wheelchair": {b, a}, "wheelc": {b, a}, "heelchair": nil,
		"，。！": nil, "' | ! & <->": nil, "\x00": nil, "\u202e": nil, "' OR 1=1 --": nil, "轮\u200b椅": {a}, "%": nil, "污_": {b},
		strings.Repeat("轮", 10_000): nil, strings.Repeat("' ", 5_000): nil,
	} {
		w.finds(everything, intake.Filter{Words: words}, want...)
	}
}

// TestFindByFilters: each filter narrows what is found, and they go together.
func TestFindByFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.now
	var all []string
	for chat := range int64(5) {
		all = append(all, w.file(10+chat, fmt.Sprint("number ", chat)))
	}
	w.join(900, "n1")
	w.press(900, intake.ActClaim, all[1], "")
	w.exec(`UPDATE requests SET urgency = 'urgent', triage = 'handed_up' WHERE ref = $1`, all[2])
	w.exec(`UPDATE requests SET category = NULL, unnamed = true WHERE ref = $1`, all[3])
	w.exec(`UPDATE requests SET station = 'x', claim_due = $2 WHERE ref = $1`, all[4], w.now)
	w.exec(`INSERT INTO ratings (request_id, resolved_at, score, rated_at) SELECT id, $2, 2, $2 FROM requests WHERE ref = $1`, all[0], w.now)
	w.now = w.now.Add(time.Minute)
	for _, test := range []struct {
		f    intake.Filter
		want []int
	}{
		{intake.Filter{}, []int{4, 3, 2, 1, 0}},
		{intake.Filter{State: "claimed"}, []int{1}},
		{intake.Filter{State: "closed"}, nil},
		{intake.Filter{State: "nonsense"}, nil},
		{intake.Filter{Urgency: "urgent"}, []int{2}},
		{intake.Filter{Triage: "handed_up"}, []int{2}},
		{intake.Filter{Category: intake.None}, []int{3}},
		{intake.Filter{Unnamed: true}, []int{3}},
		{intake.Filter{Station: "x"}, []int{4}},
		{intake.Filter{Station: intake.None}, nil},
		{intake.Filter{County: "2"}, []int{4}},
		{intake.Filter{County: "1"}, []int{3, 2, 1, 0}},
		{intake.Filter{County: "1", Words: "number"}, []int{3, 2, 1, 0}},
		{intake.Filter{County: "1", Words: "number", Urgency: "urgent"}, []int{2}},
		{intake.Filter{Worker: "N1"}, []int{1}},
		{intake.Filter{Worker: "nobody"}, nil},
		{intake.Filter{Overdue: true}, []int{4}},
		{intake.Filter{Unhappy: true}, []int{0}},
		{intake.Filter{Unhappy: true, Unnamed: true}, nil},
		{intake.Filter{From: first.Add(2 * time.Minute), To: first.Add(4 * time.Minute)}, []int{2, 1}},
		{intake.Filter{Pressing: true}, []int{2, 4, 0, 3, 1}},
		{intake.Filter{Pressing: true, State: "closed"}, nil},
		{intake.Filter{Pressing: true, Words: "number", State: "open"}, []int{2, 4, 0, 3}},
		{intake.Filter{Words: all[4], Station: "n"}, nil},
	} {
		var want []string
		for _, i := range test.want {
			want = append(want, all[i])
		}
		w.finds(everything, test.f, want...)
	}
}

// TestFindInSight: nobody finds what isn't in their sight, nor how much of it there is, by whatever they look for.
func TestFindInSight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ours, theirs := w.file(10, "我家的轮椅坏了 13800138000"), w.file(11, "我家的轮椅坏了 13800138000")
	w.exec(`UPDATE requests SET station = 'x' WHERE ref = $1`, theirs)
	for _, f := range []intake.Filter{{}, {Words: "轮椅"}, {Words: "8000"}, {Words: "我"}, {Pressing: true}, {County: "1"}} {
		w.finds(w.SightOf("n", ""), f, ours)
		found, err := w.Find(context.Background(), w.SightOf("n", ""), f, "", 10)
		if err != nil || found.Count != 1 || found.Next != "" {
			t.Errorf("%+v finds %d (%v)", f, found.Count, err)
		}
	}
	w.finds(w.SightOf("n", ""), intake.Filter{Words: theirs})
	w.finds(w.SightOf("", "2"), intake.Filter{Words: "轮椅"}, theirs)
	w.finds(intake.Sight{Stations: []string{"f"}}, intake.Filter{Words: "轮椅"})
	for _, f := range []intake.Filter{{Station: "x"}, {County: "2"}, {Station: intake.None}, {Station: "x", Words: theirs}, {County: "nowhere"}} {
		if _, err := w.Find(context.Background(), w.SightOf("n", ""), f, "", 10); !errors.Is(err, intake.ErrNotFound) {
			t.Errorf("%+v is %v, want it not found", f, err)
		}
	}
	if _, err := w.Find(context.Background(), intake.Sight{}, intake.Filter{}, "", 10); !errors.Is(err, intake.ErrNotFound) {
		t.Errorf("who sees nothing: %v", err)
	}
}

// TestFindOffered: what waits and is offered to a station is found by who sees that station, wherever they look but at stations and
// counties of which it isn't; by nobody else; and not when somebody has it.
func TestFindOffered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	theirs, nowhere := w.file(10, "我家的轮椅坏了 13800138000"), w.file(11, "我家的轮椅坏了 13800138000")
	w.exec(`UPDATE requests SET station = 'x' WHERE ref = $1`, theirs)
	w.exec(`UPDATE requests SET station = NULL, place_code = NULL WHERE ref = $1`, nowhere)
	w.exec(`INSERT INTO offers (request_id, station, offered_at) SELECT id, 'n', now() FROM requests`)
	looks := func(sight intake.Sight, want ...string) {
		t.Helper()
		for _, f := range []intake.Filter{{}, {Words: "轮椅"}, {Words: "8000"}, {Words: "我"}} {
			for _, look := range [][4]int{{1 << 20, 1 << 20, 1 << 20, 1 << 20}, {10, 0, 0, 60}, {10, 50, 50, 60}} {
				w.Look(look[0], look[1], look[2], look[3])
				w.finds(sight, f, want...)
			}
		}
	}
	n, far, county := w.SightOf("n", ""), intake.Sight{Stations: []string{"f"}}, w.SightOf("", "2")
	looks(n, nowhere, theirs)
	looks(far)
	looks(county, theirs)
	w.finds(n, intake.Filter{Pressing: true}, theirs, nowhere)
	w.finds(w.SightOf("", "1"), intake.Filter{State: "open", Station: intake.None}, nowhere)
	w.finds(n, intake.Filter{Words: theirs}, theirs)
	w.finds(far, intake.Filter{Words: theirs})
	w.finds(n, intake.Filter{Station: "n"})
	w.finds(n, intake.Filter{County: "1"})
	w.join(900, "n1")
	w.exec(`UPDATE requests SET state = 'claimed', worker = 'n1', station = 'x', claimed_at = now()`)
	looks(n)
	w.finds(n, intake.Filter{Words: theirs})
	w.finds(n, intake.Filter{Pressing: true})
	looks(county, nowhere, theirs)
}

// TestPagesStandStill: what arrives while somebody turns pages neither repeats nor leaves out what was there.
func TestPagesStandStill(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all []string
	for chat := range int64(5) {
		all = append(all, w.file(10+chat, "轮椅"))
	}
	slices.Reverse(all)
	for _, f := range []intake.Filter{{}, {Words: "轮椅"}} {
		var got []string
		for after, chat := "", int64(100); ; chat++ {
			found, err := w.Find(context.Background(), everything, f, after, 2)
			w.must(err)
			for _, v := range found.Views {
				got = append(got, v.Ref)
			}
			if after = found.Next; after == "" {
				break
			}
			all = append([]string{w.file(chat+int64(len(f.Words)), "轮椅")}, all...)
		}
		if n := len(all) - len(got); !slices.Equal(got, all[n:]) {
			t.Errorf("%+v: the pages have %q, want %q", f, got, all[n:])
		}
	}
	for _, after := range []string{"x", "0_0_0", "9_9_9", "0_99999999999999999999_1", "-1_1_1", "0_1", strings.Repeat("0", 5000)} {
		if _, err := w.Find(context.Background(), everything, intake.Filter{}, after, 2); err != nil {
			t.Errorf("after %.20q: %v", after, err)
		}
	}
}

// TestErasedIsFoundByReference alone: its words are gone in the transaction that erases it, though they are written just then.
func TestErasedIsFoundByReference(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.file(10, "我家的轮椅坏了 13800138000")
	w.finds(everything, intake.Filter{Words: "轮椅"}, ref)
	w.act(10, intake.Said{Text: "还有水管"}) // is not worded yet
	w.act(10, intake.Command{Name: "forget"})
	w.act(10, intake.Pressed{Press: intake.Press{Action: intake.ActForget, Arg: "yes"}})
	if erased := w.count(`SELECT count(*) FROM requests WHERE erased_at IS NOT NULL`); erased != 1 {
		t.Fatalf("%d requests are erased", erased)
	}
	if n := w.count(`SELECT count(*) FROM request_words`); n != 0 {
		t.Errorf("the words of %d requests are left", n)
	}
	for _, words := range []string{"轮椅", "水管", "8000", "我"} {
		w.finds(everything, intake.Filter{Words: words})
	}
	w.finds(everything, intake.Filter{})
	w.finds(everything, intake.Filter{Words: ref}, ref)
	w.finds(w.SightOf("x", ""), intake.Filter{Words: ref})
	if n := w.count(`SELECT count(*) FROM request_words`); n != 0 {
		t.Errorf("%d requests have words again", n)
	}
}

// TestHoweverItLooks: pages that look at a few requests each find the same in the end as one that looks at all.
func TestHoweverItLooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(sample.Load(t.Context(), w.db, func(string) bool { return true }))
	w.must(w.Router.Reload(t.Context()))
	w.must(bulk.Fill(t.Context(), w.db, w.Router, w.Taxonomy, bulk.Options{Requests: 400, Seed: 3, Now: w.now}))
	w.exec(`UPDATE stations SET county_code = '440117' WHERE code LIKE 'st-4401%'`)
	w.exec(`INSERT INTO offers (request_id, station, offered_at) SELECT id, 'st-440117-2', now() FROM requests WHERE state = 'open' ON CONFLICT DO NOTHING`)
	w.must(w.Router.Reload(t.Context()))
	for _, sight := range []intake.Sight{everything, w.SightOf("", "440117"), w.SightOf("st-440117-2", "")} {
		for _, f := range []intake.Filter{{}, {Words: "照顾"}, {Words: "我"}, {Words: "138"}, {Words: "wheelchair"}, {Words: "轮椅", Category: "health"}, {Words: "工", State: "closed"},
			{Urgency: "emergency"}, {Unhappy: true}, {State: "cancelled", Category: intake.None}} {
			var first []string
			for i, look := range [][4]int{{1 << 20, 1 << 20, 1 << 20, 1 << 20}, {1 << 20, 0, 0, 1 << 20}, {10, 1, 5, 60}, {50, 50, 20, 33}, {50, 0, 0, 40}} {
				w.Look(look[0], look[1], look[2], look[3])
				got := w.refs(sight, f, 25)
				if i == 0 {
					first = got
				}
				if !slices.Equal(got, first) {
					t.Errorf("%+v: looking %v finds %d, and first it was %d", f, look, len(got), len(first))
				}
			}
			if f.Category == "" && !f.Unhappy && sight.All && len(first) == 0 {
				t.Errorf("%+v finds %d", f, len(first))
			}
		}
	}
}

// TestNoWordsOfWhatIsErased: what somebody is erasing isn't worded meanwhile, and is when they didn't.
func TestNoWordsOfWhatIsErased(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.file(10, "轮椅")
	for n := 1; n > 0; {
		var err error
		n, err = w.WriteWords(context.Background(), 100)
		w.must(err)
	}
	w.act(10, intake.Said{Text: "水管"})
	tx, err := w.db.Beginx()
	w.must(err)
	_, err = tx.Exec(`SELECT FROM requests FOR UPDATE`)
	w.must(err)
	if n, err := w.WriteWords(t.Context(), 100); n != 0 || err != nil {
		t.Errorf("the words of %d requests are written (%v)", n, err)
	}
	w.must(tx.Rollback())
	if n, err := w.WriteWords(t.Context(), 100); n != 1 || err != nil {
		t.Errorf("the words of %d requests are written (%v), want one", n, err)
	}
}

// TestUnnamedIsNotFoundByName: the name and number that a resident wishes nobody to see find nothing.
func TestUnnamedIsNotFoundByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.file(10, "轮椅")
	w.act(10, intake.Sent{Kind: intake.KindContact, Text: "陈大文 13800138000", Own: true, Phone: "13800138000"})
	w.finds(everything, intake.Filter{Words: "大文"}, ref)
	w.finds(everything, intake.Filter{Words: "8000"}, ref)
	w.press(10, intake.ActUnnamed, ref, "")
	w.finds(everything, intake.Filter{Words: "大文"})
	w.finds(everything, intake.Filter{Words: "8000"})
	w.finds(everything, intake.Filter{Words: "轮椅"}, ref)
}
