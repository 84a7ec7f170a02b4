package prompts

import (
	"strings"
	"testing"
)

// TestPlacesNameNoService: the name of a place isn't taken for a need, and turns none into another.
func TestPlacesNameNoService(t *testing.T) {
	t.Parallel()
	taxonomy, offline := load(t)
	for _, text := range []string{"医院路", "学校路", "平安村", "我住医院路3号", "健康路", "民政街", "公安村", "學校路", "我喺醫院路住", "in School Road", "Hospital Street", "I am in Hospital Road"} {
		if u := offline.Classify(text); u.Confidence >= 0.5 {
			t.Errorf("%s is %s with %.2f", text, u.Category, u.Confidence)
		}
	}
	for _, place := range []string{"我是平安村的，", "我住医院路，", "我係學校村嘅，", "长寿镇，", "I live in Hospital Road. ", "I am from School Village, "} {
		report, err := taxonomy.EvaluateOnTestSet(func(text string) Understanding { return offline.Classify(place + text) })
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: accuracy %.3f", place, report.Accuracy())
		if report.Accuracy() < 0.958 {
			t.Errorf("behind %q the accuracy is %.3f, want at least 0.958", place, report.Accuracy())
		}
	}
}

// TestPlacesStandOut: what stands before a kind of place without being a name stays.
func TestPlacesStandOut(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"我是平安村的": "我是 的", "家住医院路": "家住", "住在從化太平鎮": "住在从", "in hospital road, please": "in , please",
		"孩子在村里没人管": "", "公路坏了": "", "低保村里不给": "", "打细路": "", "我们村的路灯坏了": "", "在镇上上学": "", "农村的低保": "", "学校路边的电线": "", "the main road is broken": "", "in our village": "", "near the town": ""} {
		if want == "" {
			want = fold(text).text
		}
		if got := fold(text).withoutPlaces().text; strings.TrimSpace(got) != want {
			t.Errorf("%s becomes %q, want %q", text, got, want)
		}
	}
}
