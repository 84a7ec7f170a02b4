package prompts

import "testing"

// TestSaysHere: who is still where they were before says so in few words; who is elsewhere, or says something else, doesn't.
func TestSaysHere(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"here", "Yes", "yes, I'm here", "I am still there!", "Yes, hurry please", "that's right", "same place", "是的", "对", "對，我喺呢度", "喺度", "係呀", "我就在这里，快来", "在那里", "仲喺嗰度", "係，我喺嗰度", "是的，我在那里", "没错"} {
		if !SaysHere(text) {
			t.Errorf("%s is not understood", text)
		}
	}
	for _, text := range []string{"no", "not here", "I'm not there", "不是", "唔係", "不在这里", "我唔喺嗰度", "在家", "at home", "hurry", "come right now", "ok", "好的", "我在良口镇", "here comes the fire", "the fire is still burning here", "", "，", "快来", "这里有三个人"} {
		if SaysHere(text) {
			t.Errorf("%s is taken for it", text)
		}
	}
}
