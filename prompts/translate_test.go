package prompts

import "testing"

func TestTongue(t *testing.T) {
	for text, want := range map[string]string{
		"我星期一来":                        "zh",
		"我哋星期一嚟":                       "zh",
		"请带 ID card 和照片":               "zh",
		"I come on Monday":             "en",
		"Please bring your 身份证 to us":  "en",
		"OK":                           "",
		"好":                            "",
		"13800138000":                  "",
		"👍":                            "",
		"":                             "",
		"Je viens lundi avec mon père": "en", // what isn't Chinese is for those who read English
	} {
		if got := Tongue(text); got != want {
			t.Errorf("%q is in %q, want %q", text, got, want)
		}
	}
	if Foreign("我星期一来", "zh-HK") || !Foreign("我星期一来", "en") || !Foreign("I come on Monday", "zh-CN") || Foreign("OK", "zh-CN") {
		t.Error("who reads what is wrong")
	}
}

func TestReadTranslation(t *testing.T) {
	for name, c := range map[string]struct {
		answer, text, language string
		ok                     bool
	}{
		"plain":              {`{"translation":"I come on Monday"}`, "我星期一来", "en", true},
		"a number in words":  {`{"translation":"3000 yuan are owed since 2024"}`, "欠我三千块，从2024年起", "en", true},
		"a number of theirs": {`{"translation":"call 020-8765 4321"}`, "请打 020-87654321", "en", true},
		"another number":     {`{"translation":"call 020-8765 4322"}`, "请打 020-87654321", "en", false},
		"an account":         {`{"translation":"write to @helper_bot please"}`, "请写给我们", "en", false},
		"a link":             {`{"translation":"see https://evil.example"}`, "请看", "en", false},
		"their own link":     {`{"translation":"see www.gov.cn"}`, "请看 www.gov.cn", "en", true},
		"left as it was":     {`{"translation":"我星期一来"}`, "我星期一来", "en", false},
		"nothing":            {`{}`, "我星期一来", "en", false},
	} {
		if _, err := readTranslation(c.answer, c.text, c.language); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
