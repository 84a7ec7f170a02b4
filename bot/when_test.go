package bot

import (
	"testing"
	"time"

	"onedoor/intake"
)

// TestWhen: a moment to come, as people say it.
func TestWhen(t *testing.T) {
	catalogue, err := LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 26, 15, 30, 0, 0, time.UTC) // a Thursday, 23:30 in China
	for _, c := range []struct {
		at    string
		texts map[string]string
	}{
		{"2026-11-26 23:59", map[string]string{"en": "today 23:59", "zh-CN": "今天晚上11:59"}},
		{"2026-11-27 00:05", map[string]string{"en": "tomorrow 00:05", "zh-CN": "明天凌晨0:05"}},
		{"2026-11-27 10:30", map[string]string{"en": "tomorrow 10:30", "zh-CN": "明天上午10:30"}},
		{"2026-11-28 12:00", map[string]string{"en": "Saturday 12:00", "zh-CN": "星期六中午12:00"}},
		{"2026-11-30 07:30", map[string]string{"en": "Monday 07:30", "zh-CN": "星期一早上7:30"}},
		{"2026-12-02 17:45", map[string]string{"en": "Wednesday 17:45", "zh-CN": "星期三下午5:45"}},
		{"2026-12-03 08:00", map[string]string{"en": "3 Dec 08:00", "zh-CN": "12月3日上午8:00"}},
		{"2027-01-01 18:00", map[string]string{"en": "1 Jan 18:00", "zh-CN": "1月1日晚上6:00"}},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", c.at, china)
		if err != nil {
			t.Fatal(err)
		}
		for lang, want := range c.texts {
			p := &page{Bot: &Bot{texts: catalogue}, lang: lang}
			if got := p.when(at, now); got != want {
				t.Errorf("%s is %q, want %q", c.at, got, want)
			}
		}
	}
}

// TestButtonsFit: what the buttons of lists carry fits into Telegram's 64 bytes, however long a place's code is.
func TestButtonsFit(t *testing.T) {
	p := &page{view: intake.View{Request: intake.Request{Ref: "K7P3QX"}}}
	longest := "12345678901234567890123456789012" // as the database allows
	for _, b := range []button{p.walkButton("", longest, 9999), p.placeButton("", longest)} {
		if data := b.press.String(); len(data) > 64 || intake.ParsePress(data) != b.press {
			t.Errorf("%q doesn't fit, or isn't read back", data)
		}
	}
}
