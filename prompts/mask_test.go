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
		"我家墙裂了，三楼左手边12号":                    "我家墙裂了，三楼左手边12号",
		"工资欠了3000块，2024年5月":                 "工资欠了3000块，2024年5月",
	} {
		if got := Mask(text); got != want {
			t.Errorf("%q is masked as %q, want %q", text, got, want)
		}
	}
}
