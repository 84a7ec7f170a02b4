package prompts

import "testing"

// TestAlike: the same said twice is well above what else people ask of one service.
func TestAlike(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		same bool
	}{
		{"我妈妈走不动了，家里没人照顾", "我妈走不动了没人照顾她", true},
		{"我妈妈走不动了，家里没人照顾", "我媽媽走不動了，屋企冇人照顧", true},
		{"村口水管爆了，水流满地", "水管爆裂，村口全是水", true},
		{"村口水管爆了", "我们村口的自来水管爆了，没水用", true},
		{"I need a wheelchair for my father", "my father needs a wheelchair", true},
		{"A water pipe has burst by the market", "The water pipe at the market burst, water everywhere", true},
		{"老板拖欠我三个月工资不给", "工资三个月没发，老板不给", true},
		{"我妈妈走不动了，家里没人照顾", "残疾证怎么办", false},
		{"村口水管爆了", "村里的厕所太臭了", false},
		{"村口水管爆了", "卫生站今天开门吗", false},
		{"I need a wheelchair for my father", "How do I get a disability certificate", false},
		{"A water pipe has burst by the market", "When does the clinic open", false},
		{"老板拖欠我三个月工资不给", "工地上受伤了，老板不管", false},
		{"", "", false}, {"", "a", false},
	} {
		if alike := Alike(test.a, test.b); alike != Alike(test.b, test.a) || test.same && alike < 0.4 || !test.same && alike > 0.2 {
			t.Errorf("%q and %q are alike to %.2f, and the other way round to %.2f", test.a, test.b, alike, Alike(test.b, test.a))
		}
	}
}
