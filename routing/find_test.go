package routing

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func codesOf(places []Place) string {
	var codes []string
	for _, p := range places {
		codes = append(codes, p.Code)
	}
	return strings.Join(codes, " ")
}

func TestFind(t *testing.T) {
	g := newGazetteer(somePlaces())
	for name, want := range map[string]string{
		"从化区":    "conghua",
		"从化":     "conghua",
		"從化區":    "conghua",
		"从化县":    "conghua", // as it was once called
		" 从化 。":  "conghua",
		"太平镇":    "ch-taiping xx-taiping",
		"太平鎮":    "ch-taiping xx-taiping",
		"太平":     "ch-taiping xx-taiping",
		"太平乡":    "ch-taiping xx-taiping",
		"从化区太平镇": "ch-taiping",
		"从化太平镇":  "ch-taiping",
		"从化太平":   "ch-taiping",
		"从化市太平镇": "ch-taiping",
		"新兴太平":   "xx-taiping",
		"广东省广州市从化区太平镇新村村委会": "ch-xincun",
		"从化太平新村":                "ch-xincun",
		"太平镇新村":                 "ch-xincun xx-xincun",
		"新村":                    "ch-xincun xx-xincun",
		"新村村":                   "ch-xincun xx-xincun",
		"新村村民委员会":               "ch-xincun xx-xincun",
		"大塘村":                   "ch-datang by-datang",
		"大塘":                    "ch-datang by-datang",
		"大塘村委会":                 "ch-datang by-datang",
		"大塘社区":                  "ch-datang by-datang",
		"白云区大塘村":                "by-datang",
		"我住在从化太平镇":              "ch-taiping",
		"连南":                    "liannan",
		"连南县":                   "liannan",
		"连南瑶族自治县":               "liannan",
		"东区":                    "zs-dongqu",
		"东区街道":                  "zs-dongqu",
		"齐东社区":                  "zs-qiwan",
		"和平":                    "heping",
		"广东":                    "gd",
		"Taiping":               "ch-taiping xx-taiping",
		"taiping town":          "ch-taiping xx-taiping",
		"taiping zhen":          "ch-taiping xx-taiping",
		"Taiping, Conghua":      "ch-taiping",
		"Taiping Town, Xinxing": "xx-taiping",
		"conghua":               "conghua",
		"Ｃｏｎｇｈｕａ　District":      "conghua",
		"Guangzhou":             "gz",
		"":                      "",
		"村":                     "",
		"镇":                     "",
		"火星":                    "",
		"Tai":                   "",
	} {
		if got := codesOf(g.Find(name, nil, 9)); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// TestFindAsks: where a word names a town as well as a village, nobody's choice is made for them.
func TestFindAsks(t *testing.T) {
	town := "ch-taiping"
	g := newGazetteer(append(somePlaces(), Place{Code: "ch-taiping-village", Name: "太平村村委会", NameEN: "Taiping Village", Level: "village", Parent: &town}))
	for text, want := range map[string]string{
		"Taiping, Conghua":         "ch-taiping ch-taiping-village",
		"从化太平":                     "ch-taiping ch-taiping-village",
		"Taiping Village, Conghua": "ch-taiping-village",
		"Taiping Town, Conghua":    "ch-taiping",
		"从化太平镇太平村":                 "ch-taiping-village",
	} {
		if got := codesOf(g.Find(text, nil, 9)); got != want {
			t.Errorf("found for %q: %q, want %q", text, got, want)
		}
		meant := g.Meant("水停了，在"+text, 9)
		slices.Reverse(meant)
		if got := codesOf(meant); got != want {
			t.Errorf("meant by %q: %q, want %q", text, got, want)
		}
	}
}

func TestNamesThatAreWords(t *testing.T) {
	g := newGazetteer([]Place{{Code: "cn", Name: "中国", NameEN: "China", Level: "country"}, {Code: "sw", Name: "城区", Level: "county"},
		{Code: "v", Name: "新村", Level: "village"}, {Code: "t", Name: "太平", Level: "township"}, {Code: "f", Name: "流溪河林场", Level: "township"}})
	if got := g.Mentioned("中国人在城区的新村过太平日子, in China"); len(got) > 0 {
		t.Errorf("ordinary words name %v", got)
	}
	if got := codesOf(g.Mentioned("流溪河林场着火")); got != "f" {
		t.Errorf("found %q", got)
	}
	for name, want := range map[string]string{"城区": "sw", "新村": "v", "太平": "t", "太平镇": "t", "中国": "cn"} {
		if got := codesOf(g.Find(name, nil, 5)); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestFindNearestFirst(t *testing.T) {
	g := newGazetteer(somePlaces())
	for _, c := range []struct {
		near  Point
		limit int
		want  string
	}{
		{Point{23.5, 113.5}, 9, "ch-taiping xx-taiping"},
		{Point{22.6, 112.2}, 9, "xx-taiping ch-taiping"},
		{Point{22.6, 112.2}, 1, "xx-taiping"},
	} {
		if got := codesOf(g.Find("太平镇", &c.near, c.limit)); got != c.want {
			t.Errorf("near %v: %q, want %q", c.near, got, c.want)
		}
	}
}

func TestMentioned(t *testing.T) {
	g := newGazetteer(somePlaces())
	for text, want := range map[string]string{
		"我妈妈在从化区太平镇,走不了路":                      "ch-taiping conghua",
		"我家在太平镇,是从化的":                          "ch-taiping conghua",
		"太平镇的路坏了":                              "ch-taiping xx-taiping",
		"广州从化的太平镇":                             "ch-taiping conghua gz",
		"从化太平新村有人受伤":                           "ch-xincun ch-taiping conghua",
		"太平镇大塘村的水脏了":                           "ch-datang ch-taiping xx-taiping",
		"大塘村停水":                                "ch-datang by-datang",
		"白云大塘村停水":                              "by-datang baiyun",
		"吕田镇同太和镇":                              "ch-lvtian by-taihe",
		"連南的低保":                                "liannan",
		"My mother in Taiping, Conghua fell":   "ch-taiping conghua",
		"She lives in Taiping Town in Xinxing": "xx-taiping xinxing",

		"新兴太平": "xx-taiping xinxing",

		"过上太平日子":       "",
		"我们新村建设":       "",
		"在广州打工,想过太平日子": "gz",
		"希望世界和平":       "",
		"空气清新":         "",
		"新兴产业":         "",
		"和平县停电":        "heping",
		"农村的村委会在哪里":    "",
		"中山路和中山大道":     "",
		"中山路口":         "",
		"家在中山":         "zhongshan",
		"城区东区都停水":      "",
		"xconghuax":    "",
		"Tai":          "",
		"":             "",
		"城区停水":         "",
		"Xinxingese":   "",
		"从前太平,现在大塘村停水": "ch-datang by-datang",
		"中国人民":         "",
	} {
		if diff := cmp.Diff(want, codesOf(g.Mentioned(text))); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"從化區 太平鎮":        "从化区 太平镇",
		"  Lu'an  CITY ": "luan city",
		"Ｔａｉｐｉｎｇ":        "taiping",
		"\xff太平":         "太平",
		"龍門縣龍江鎮":         "龙门县龙江镇",
	} {
		if got := fold(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
