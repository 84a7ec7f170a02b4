package routing

import "testing"

// TestUnknown: a place that nobody here knows is named as it was written; what is known, or no name, isn't.
func TestUnknown(t *testing.T) {
	t.Parallel()
	g := newGazetteer(somePlaces())
	for text, want := range map[string]string{
		"There is a fire in Liujia Village, hurry":    "Liujia Village",
		"my father collapsed in liujia village":       "liujia village",
		"fire at Wangjiawan, come quickly":            "Wangjiawan",
		"着火了，我在刘家庄，快来":                                "刘家庄",
		"我老豆喺王家村暈低咗":                                  "王家村",
		"王庄村着火了":                                      "王庄村",
		"救命啊我们是河东乡的":                                  "河东乡",
		"刘家庄":                                         "刘家庄",
		"我们在太平镇":                                      "",
		"There is a fire in Taiping Town":             "",
		"There is a fire in our village":              "",
		"the whole village is on fire, in the school": "",
		"我们村着火了":                                      "",
		"隔壁村打起来了":                                     "",
		"农村里着火":                                       "",
		"my husband is beating me":                    "",
		"I live in a small village":                   "",
	} {
		if got := g.Unknown(text); got != want {
			t.Errorf("%s names %q, want %q", text, got, want)
		}
	}
}
