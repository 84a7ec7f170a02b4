package prompts

import "testing"

// TestVillagersVoices: old people's and dialects' words for danger are heard in either script, and what only looks like them
// raises no alarm. Nothing was learnt from these.
func TestVillagersVoices(t *testing.T) {
	t.Parallel()
	_, offline := load(t)
	for _, text := range []string{"儿子打我，骂我老不死", "lost my granddaughter at the market", "my mother wants to sell me to marry an old man", "不得行了快来", "唔得喇 快啲嚟",
		"hospital far and wife start labour", "打完农药头晕恶心", "老公死了我也不想过了", "阿爺喺塘邊跣親仆咗落水", "老伴突然讲不出话嘴歪了", "塞滿煙走唔到", "佢夢遊行咗出去成晚未返", "俺娃掉井里头了"} {
		if offline.Crisis(text) == "" {
			t.Errorf("missed: %s", text)
		}
	}
	for _, text := range []string{"儿子打电话说过年不回", "快点来修路灯", "老鼠药去哪里领", "我係從化嘅，屋企漏水", "唉我也不知道这里是哪里啊"} {
		if got := offline.Crisis(text); got != "" {
			t.Errorf("%s is %s", text, got)
		}
	}
	for _, text := range []string{"心脏病的药吃完了买不到", "no insulin for my father", "锅都揭不开了"} {
		if u := offline.Classify(text); u.Urgency == Normal {
			t.Errorf("%s can wait", text)
		}
	}
	for traditional, simple := range map[string]string{"煙": "烟", "頸": "颈", "鎖鏈": "锁链", "燙傷": "烫伤"} {
		if got := Fold(traditional); got != simple {
			t.Errorf("%s is folded to %s", traditional, got)
		}
	}
}
