package admin

import (
	"os"
	"testing"
	"time"

	"onedoor/internal/texts"
)

// TestLength: figures change from one unit to the next at one place, and never say 60 minutes, 48 hours or 0.0.
func TestLength(t *testing.T) {
	t.Parallel()
	catalogue, err := texts.Load(os.DirFS("."), Languages())
	if err != nil {
		t.Fatal(err)
	}
	for length, want := range map[time.Duration][3]string{
		0:                                {"0 min", "0 分钟", "0 分鐘"},
		2 * time.Second:                  {"0 min", "0 分钟", "0 分鐘"},
		40 * time.Second:                 {"0.7 min", "0.7 分钟", "0.7 分鐘"},
		5 * time.Minute:                  {"5 min", "5 分钟", "5 分鐘"},
		9*time.Minute + 58*time.Second:   {"10 min", "10 分钟", "10 分鐘"},
		59*time.Minute + 20*time.Second:  {"59 min", "59 分钟", "59 分鐘"},
		59*time.Minute + 40*time.Second:  {"1 h", "1 小时", "1 小時"},
		117 * time.Minute:                {"2 h", "2 小时", "2 小時"},
		114 * time.Minute:                {"1.9 h", "1.9 小时", "1.9 小時"},
		121 * time.Minute:                {"2 h", "2 小时", "2 小時"},
		23*time.Hour + 20*time.Minute:    {"23 h", "23 小时", "23 小時"},
		47*time.Hour + 20*time.Minute:    {"47 h", "47 小时", "47 小時"},
		47*time.Hour + 40*time.Minute:    {"2 days", "2 天", "2 日"},
		9*24*time.Hour + 5*time.Hour:     {"9.2 days", "9.2 天", "9.2 日"},
		1000*24*time.Hour + 14*time.Hour: {"1001 days", "1001 天", "1001 日"},
	} {
		for i, lang := range []string{"en", "zh-CN", "zh-HK"} {
			p, seconds := page{Admin: &Admin{texts: catalogue}, Lang: lang}, length.Seconds()
			if got := p.Length(&seconds); got != want[i] {
				t.Errorf("%v in %s is %q, want %q", length, lang, got, want[i])
			}
		}
	}
	if got := (page{}).Length(nil); got != "–" {
		t.Errorf("what isn't known is %q", got)
	}
}
