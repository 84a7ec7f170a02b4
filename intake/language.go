package intake

import "strings"

// Languages are those that people can choose, in the order in which they are offered. The texts in zh-HK are Cantonese
// as Hong Kong writes it, in traditional characters.
func Languages() []string { return []string{"zh-CN", "zh-HK", "en"} }

// Language is the one of ours that fits an IETF tag: zh-HK for whoever reads traditional characters or speaks Cantonese.
// Without a tag it is Mandarin, most residents' language.
func Language(tag string) string {
	tag = strings.ReplaceAll(strings.ToLower(tag), "_", "-")
	for _, begin := range []string{"zh-hk", "zh-mo", "zh-tw", "zh-hant", "zh-yue", "yue"} {
		if strings.HasPrefix(tag, begin) {
			return "zh-HK"
		}
	}
	if tag == "" || strings.HasPrefix(tag, "zh") {
		return "zh-CN"
	}
	return "en"
}

// languageNamed is the one of ours that people call so, by its tag or by name, or "".
func languageNamed(name string) string {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "zh", "zh-cn", "zh-hans", "中文", "汉语", "漢語", "普通话", "普通話", "国语", "國語", "简体", "简体中文", "簡體", "簡體中文", "chinese", "mandarin":
		return "zh-CN"
	case "yue", "zh-hk", "zh-mo", "zh-tw", "zh-hant", "粤语", "粵語", "广东话", "廣東話", "白话", "白話", "繁体", "繁体中文", "繁體", "繁體中文", "cantonese":
		return "zh-HK"
	case "en", "英文", "英语", "英語", "english":
		return "en"
	}
	return ""
}
