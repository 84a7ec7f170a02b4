package routing

import (
	"slices"
	"testing"
)

func TestInside(t *testing.T) {
	g := newGazetteer(somePlaces())
	codes := func(places []Place) (all []string) {
		for _, p := range places {
			all = append(all, p.Code)
		}
		return all
	}
	for _, c := range []struct {
		in, level string
		want      []string
	}{
		{"conghua", "village", []string{"ch-datang", "ch-xincun"}},
		{"gz", "village", []string{"by-datang", "ch-datang", "ch-xincun"}},
		{"ch-xincun", "village", []string{"ch-xincun"}},
		{"conghua", "township", []string{"ch-lvtian", "ch-taiping"}},
		{"ch-lvtian", "village", nil},
		{"unknown", "village", nil},
		{"", "village", nil},
	} {
		if got := codes(g.Inside(c.in, c.level)); !slices.Equal(got, c.want) {
			t.Errorf("of level %s in %q are %q, want %q", c.level, c.in, got, c.want)
		}
	}
	if got := codes(g.OfLevel("city")); !slices.Equal(got, []string{"gz", "qingyuan", "yunfu", "zhongshan"}) {
		t.Errorf("the cities are %q", got)
	}
	if g.Lies("ch-xincun", "baiyun") || !g.Lies("ch-xincun", "gd") {
		t.Error("it is lost where a village lies")
	}
	if own, above := g.Called("ch-taiping", "en"), g.DescribeAbove("ch-taiping", "zh-CN"); own != "Taiping Town" || above != "广州市从化区" {
		t.Errorf("it is called %q in %q", own, above)
	}
	if g.Called("unknown", "en")+g.DescribeAbove("unknown", "en")+g.DescribeAbove("cn", "en") != "" {
		t.Error("what isn't known has a name")
	}
}
