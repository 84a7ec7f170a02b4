package prompts

import "testing"

// TestMaskInAnyWriting: what identifies somebody is masked in any of the ways in which people write it, and nothing else.
func TestMaskInAnyWriting(t *testing.T) {
	for text, want := range map[string]string{
		"电话13812345678":                     "电话[phone]",
		"电话１３８１２３４５６７８":                     "电话[phone]",
		"138.1234.5678":                     "[phone]",
		"138 12 34 56 78":                   "[phone]",
		"+86 138-1234-5678":                 "[phone]",
		"1381234\u200b5678":                 "[phone]",
		"幺三八一二三四五六七八":                       "[phone]",
		"身份证440117195001011234":             "身份证[id]",
		"440117-19750101-123X":              "[id]",
		"卡号6222.0212.3456.7890":             "卡号[card]",
		"张三@qq.com":                         "[email]",
		"zhang @ qq.com":                    "[email]",
		"我叫：李小明，想找工作":                       "我叫：[name]，想找工作",
		"我叫John Smith":                      "我叫[name]",
		"联系人:王五":                            "联系人:[name]",
		"my name is Chan Tai Man and I ask": "my name is [name] and I ask",
		"My name is: John":                  "My name is: [name]",
		"我是张伟，工资没发":                         "我是[name]，工资没发",
		"本人李小明，残疾":                          "本人[name]，残疾",
		"你好我係陳大文":                           "你好我係[name]",
		"我是高中生，想办助学金":                       "我是高中生，想办助学金",
		"我是江西人，在这打工":                        "我是江西人，在这打工",
		"我是低保户":                             "我是低保户",
		"找王小红女士或者陈老师":                       "找[name]女士或者[name]老师",
		"小学老师打人，高中老师不管":                     "小学老师打人，高中老师不管",
		"I am John Smith from Conghua":      "I am [name] from Conghua",
		"I'm Mary Anne Lee":                 "I'm [name]",
		"I am Deaf and I am very ill":       "I am Deaf and I am very ill",
		"I AM VERY ILL":                     "I AM VERY ILL",
		"我家墙裂了，三楼左手边12号":                    "我家墙裂了，三楼左手边12号",
		"工资欠了3000块，2024年5月":                 "工资欠了3000块，2024年5月",
	} {
		if got := Mask(text); got != want {
			t.Errorf("%q is masked as %q, want %q", text, got, want)
		}
	}
}
