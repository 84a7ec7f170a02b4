package routing

import (
	"testing"

	"pgregory.net/rapid"
)

// somePlaces are places that share names: towns and villages of two cities.
func somePlaces() []Place {
	located := func(p Place, lat, lon float64) Place {
		p.Lat, p.Lon = &lat, &lon
		return p
	}
	in := func(parent, code, level, name, english string) Place {
		p := Place{Code: code, Name: name, NameEN: english, Level: level}
		if parent != "" {
			p.Parent = &parent
		}
		return p
	}
	return []Place{
		in("", "cn", "country", "中国", "China"),
		located(in("cn", "gd", "province", "广东省", "Guangdong Province"), 23.13, 113.27),
		located(in("gd", "gz", "city", "广州市", "Guangzhou City"), 23.13, 113.26),
		located(in("gz", "conghua", "county", "从化区", "Conghua District"), 23.55, 113.59),
		located(in("conghua", "ch-taiping", "township", "太平镇", "Taiping Town"), 23.45, 113.49),
		in("ch-taiping", "ch-xincun", "village", "新村村委会", ""),
		in("ch-taiping", "ch-datang", "village", "大塘村委会", ""),
		in("conghua", "ch-lvtian", "township", "吕田镇", "Lütian Town"),
		located(in("gz", "baiyun", "county", "白云区", "Baiyun District"), 23.16, 113.27),
		located(in("baiyun", "by-taihe", "township", "太和镇", "Taihe Town"), 23.29, 113.36),
		in("by-taihe", "by-datang", "village", "大塘村委会", ""),
		located(in("gd", "yunfu", "city", "云浮市", "Yunfu City"), 22.93, 112.04),
		located(in("yunfu", "xinxing", "county", "新兴县", "Xinxing County"), 22.70, 112.23),
		located(in("xinxing", "xx-taiping", "township", "太平镇", "Taiping Town"), 22.63, 112.17),
		in("xx-taiping", "xx-xincun", "village", "新村村委会", ""),
		located(in("gd", "qingyuan", "city", "清远市", "Qingyuan City"), 23.68, 113.06),
		located(in("qingyuan", "liannan", "county", "连南瑶族自治县", "Liannan Yao Autonomous County"), 24.72, 112.29),
		located(in("qingyuan", "qingxin", "county", "清新区", "Qingxin District"), 23.74, 112.98),
		located(in("gd", "heping", "county", "和平县", "Heping County"), 24.44, 114.94),
		located(in("gd", "zhongshan", "city", "中山市", "Zhongshan City"), 22.52, 113.39),
		in("zhongshan", "zs-dongqu", "township", "东区街道办事处", ""),
		in("zs-dongqu", "zs-qiwan", "village", "齐东社区居民委员会", ""),
	}
}

func TestPosition(t *testing.T) {
	g := newGazetteer(append(somePlaces(), Place{Code: "nowhere", Name: "无名村", Level: "village"}))
	for _, c := range []struct {
		code            string
		of              string // whose position it is
		approximate, ok bool
	}{
		{"ch-taiping", "ch-taiping", false, true},
		{"ch-xincun", "ch-taiping", true, true},
		{"ch-lvtian", "conghua", true, true},
		{"zs-qiwan", "zhongshan", true, true},
		{"nowhere", "", false, false},
		{"cn", "", false, false},
		{"unknown", "", false, false},
	} {
		at, approximate, ok := g.Position(c.code)
		if ok != c.ok || approximate != c.approximate {
			t.Errorf("%s: approximate %v, ok %v", c.code, approximate, ok)
		}
		if of, known := g.Lookup(c.of); known && at != (Point{*of.Lat, *of.Lon}) {
			t.Errorf("%s is at %v, want %s's", c.code, at, c.of)
		}
	}
}

func TestDescribe(t *testing.T) {
	g := newGazetteer(somePlaces())
	for _, c := range []struct{ code, lang, want string }{
		{"ch-xincun", "zh-CN", "广州市从化区太平镇新村村委会"},
		{"ch-taiping", "en", "Taiping Town, Conghua District, Guangzhou City"},
		{"ch-xincun", "en", "新村村委会, Taiping Town, Conghua District, Guangzhou City"},
		{"gd", "zh-CN", "广东省"},
		{"gz", "en", "Guangzhou City"},
		{"unknown", "en", "unknown"},
	} {
		if got := g.Describe(c.code, c.lang); got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.code, c.lang, got, c.want)
		}
	}
}

func TestNear(t *testing.T) {
	g := newGazetteer(somePlaces())
	place, km, ok := g.Near(Point{23.46, 113.48})
	if !ok || place.Code != "ch-taiping" || km < 1 || km > 2 {
		t.Errorf("%v, %v km, %v", place, km, ok)
	}
	if place, _, ok := newGazetteer(nil).Near(Point{23, 113}); ok {
		t.Errorf("an empty gazetteer has %v", place)
	}
}

// TestParentsInCircles: the database can't have them; a gazetteer must come to an end all the same.
func TestParentsInCircles(t *testing.T) {
	a, b := "a", "b"
	g := newGazetteer([]Place{{Code: a, Name: "甲镇", Level: "township", Parent: &b}, {Code: b, Name: "乙镇", Level: "township", Parent: &a}})
	if _, _, ok := g.Position(a); ok {
		t.Error("there is no position")
	}
	g.Mentioned("甲镇乙镇")
}

func TestKnows(t *testing.T) {
	station := Station{Code: "s", Point: Point{30, 100}}
	places, stations := routerOf(somePlaces()), routerOf(nil, station)
	for _, c := range []struct {
		name   string
		router *Router
		at     Point
		want   bool
	}{
		{"near a place", places, Point{23.2, 113.3}, true},
		{"in the sea", places, Point{15, 115}, false},
		{"near a station", stations, Point{30.5, 100}, true},
		{"far from the only station", stations, Point{40, 100}, false},
		{"nothing is known", routerOf(nil), Point{15, 115}, true},
		{"no position", routerOf(nil), Point{}, false},
	} {
		if got := c.router.Knows(c.at, 100); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// TestMentionedInAnything: no text is too strange, and all that is found is in the gazetteer, the smallest first.
func TestMentionedInAnything(t *testing.T) {
	g := newGazetteer(somePlaces())
	word := rapid.OneOf(rapid.SampledFrom([]string{"太平", "镇", "从化", "新村", "广州市", "Taiping", " ", ",", "\xff", "的", "大塘村"}), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		var text string
		for _, w := range rapid.SliceOf(word).Draw(t, "words") {
			text += w
		}
		smallest := len(levels)
		for _, p := range g.Mentioned(text) {
			if _, ok := g.Lookup(p.Code); !ok || p.depth() > smallest {
				t.Fatalf("%q: %v is not known, or smaller than what comes before", text, p)
			}
			smallest = p.depth()
		}
		if found := g.Find(text, nil, 3); len(found) > 3 {
			t.Fatalf("%q: %d places", text, len(found))
		}
	})
}
