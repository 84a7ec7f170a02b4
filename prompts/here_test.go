package prompts

import "testing"

// TestSaysHere: who is still where they were before says so in few words; who is elsewhere, or says something else, doesn't.
func TestSaysHere(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"here", "Yes", "yes, I'm here", "Yes, come here", "I am still there!", "Yes, hurry please", "that's right", "same place", "是的", "对", "對，我喺呢度", "喺度", "係呀", "我就在这里，快来", "在那里", "仲喺嗰度", "係，我喺嗰度", "是的，我在那里", "没错"} {
		if !SaysHere(text) {
			t.Errorf("%s is not understood", text)
		}
	}
	for _, text := range []string{"no", "not here", "I'm not there", "不是", "唔係", "不在这里", "我唔喺嗰度", "在家", "at home", "hurry", "come right now", "ok", "好的", "我在良口镇", "here comes the fire", "the fire is still burning here", "", "，", "快来", "这里有三个人", "come here", "please come here!", "快来这里", "快啲嚟呢度", "到這裡來"} {
		if SaysHere(text) {
			t.Errorf("%s is taken for it", text)
		}
	}
}

// TestWithoutDenied: of an answer is left what doesn't say where somebody is not.
func TestWithoutDenied(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"I am in Taiping Town": "I am in Taiping Town", "我喺太平鎮": "我喺太平鎮", "不在太平镇": "", "唔喺太平鎮": "", "I'm not in Taiping": "", "I left Taiping Town": "", "离开太平镇了": "",
		"唔係太平鎮，係羅湖": "係罗湖", "I can't get out of my house in Taiping": "I can't get out of my house in Taiping", "It isn't Taiping, it is Luohu": "it is luohu", "in Luohu, no longer in Taiping": "in luohu",
	} {
		if rest, denied := WithoutDenied(text); rest != want || denied != (rest != text) {
			t.Errorf("of %s is left %q", text, rest)
		}
	}
}
