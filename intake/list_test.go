package intake

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"onedoor/prompts"
)

// TestTurnsFitButtons: whatever a list is narrowed to, its buttons hold it.
func TestTurnsFitButtons(t *testing.T) {
	taxonomy, err := prompts.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range taxonomy.Categories() {
		for _, turn := range []Turn{
			{From: "K7P3QX", Service: c.Key, Place: strings.Repeat("x", 32)},
			{From: "K7P3QX", Back: true, Service: c.Key},
			{Menu: ByService, Place: "440117111"}, {Menu: ByPlace, Service: c.Key}, {}, {From: "K7P3QX"},
		} {
			data := turn.Press(ActQueue).String()
			if len(data) > 64 {
				t.Errorf("%s has %d bytes", data, len(data))
			}
			if p := ParsePress(data); p.Action != ActQueue || TurnOf(p.Ref, p.Arg) != turn {
				t.Errorf("%+v comes back as %+v", turn, TurnOf(p.Ref, p.Arg))
			}
		}
	}
}

// TestPagesLeaveNothingOut: whoever turns the pages from the first to the last sees each request that is there all the
// while once and in order, whatever goes in between; and all the way back as well.
func TestPagesLeaveNothingOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all entries
		for i := range rapid.IntRange(0, 45).Draw(t, "requests") {
			all = append(all, entry{ID: int64(i), Ref: strconv.Itoa(i), Listed: rapid.Bool().Draw(t, "listed")})
		}
		gone := map[int64]bool{}
		for _, back := range []bool{false, true} {
			var seen []int64
			turn := Turn{Back: back}
			if back {
				all = append(all, entry{ID: 99, Ref: "end"})
				turn.From = "end"
			}
			for {
				l, page := all.cut(turn)
				if len(page) > PageSize || l.After && len(page) < PageSize || l.Count != len(listed(all)) {
					t.Fatalf("a page of %d of %d, after %t", len(page), l.Count, l.After)
				}
				var ids []int64
				for _, e := range page {
					ids = append(ids, e.ID)
				}
				if back {
					seen = append(slices.DeleteFunc(ids, func(id int64) bool { return slices.Contains(seen, id) }), seen...)
				} else {
					seen = append(seen, slices.DeleteFunc(ids, func(id int64) bool { return slices.Contains(seen, id) })...)
				}
				if more := l.After && !back || l.Before && back; !more {
					break
				}
				turn.From = page[len(page)-1].Ref
				if back {
					turn.From = page[0].Ref
				}
				if rapid.Bool().Draw(t, "somebody claims") {
					i := rapid.IntRange(0, len(all)-1).Draw(t, "which")
					all[i].Listed = false
					gone[all[i].ID] = true
				}
			}
			if !slices.IsSorted(seen) {
				t.Fatalf("out of order: %v", seen)
			}
			for _, e := range all {
				if e.Listed && !gone[e.ID] && !slices.Contains(seen, e.ID) {
					t.Fatalf("%d is left out of %v (backwards %t)", e.ID, seen, back)
				}
			}
		}
	})
}

func TestFinds(t *testing.T) {
	r := Request{Ref: "K7P3QX", Text: "我爸爸行唔到，想申請輪椅。Wheelchair for my father", Summary: "申请轮椅"}
	const place = "从化区太平镇 taiping town, conghua district"
	for words, want := range map[string]bool{
		"K7P3QX": true, "k7p-3qx": true, "k7p 3qx": true, "K7P": true, "K7P3QY": false,
		"轮椅": true, "輪椅": true, "WHEELCHAIR": true, "wheel": true, "轮椅 太平": true, "太平镇轮椅": true, "申请轮椅太平镇": true,
		"wheelchair Taiping": true, "輪椅，從化": true, "轮椅 良口": false, "轮椅良口": false, "太平洋轮椅": false, "rent": false,
	} {
		if got := newSearch(words).finds(&r, place); got != want {
			t.Errorf("%q finds it: %t, want %t", words, got, want)
		}
	}
	for _, nothing := range []string{"", " ", "，。!", "%_"} {
		if s := newSearch(nothing); len(s.words) != 0 {
			t.Errorf("%q looks for %q", nothing, s.words)
		}
	}
}

func TestFindCommand(t *testing.T) {
	for name, want := range map[string]string{"find": " x", "find轮椅": "轮椅 x", "finder": "", "fin": "", "find_me": ""} {
		words, ok := Command{Name: name, Arg: "x"}.findCommand()
		if words != want || ok != (want != "") {
			t.Errorf("/%s x looks for %q, %t", name, words, ok)
		}
	}
}
