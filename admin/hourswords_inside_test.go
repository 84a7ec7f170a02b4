package admin

import (
	"strings"
	"testing"

	"onedoor/internal/texts"
)

// TestHoursInWords: opening hours are said in words, all of them; what can't be read stays.
func TestHoursInWords(t *testing.T) {
	t.Parallel()
	catalogue, err := texts.Load(files, Languages())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][3]string{{"", "always", "全天"}, {"24/7", "always", "全天"}, {" ; ", "always", "全天"},
		{"Mo-Fr 08:30-12:00, 14:30-17:30; Sa 09:00-12:00", "Mon to Fri 08:30–12:00, 14:30–17:30; Sat 09:00–12:00", "周一至周五 08:30–12:00、14:30–17:30；周六 09:00–12:00"},
		{"mo-su 08:00-20:00", "daily 08:00–20:00", "每天 08:00–20:00"}, {"09:00-17:00", "daily 09:00–17:00", "每天 09:00–17:00"},
		{"Mo,We-Th 9:00-17:00; PH,Su closed", "Mon, Wed to Thu 9:00–17:00; days off, Sun closed", "周一、周三至周四 9:00–17:00；节假日、周日 休息"},
		{"<b>never</b>", "<b>never</b>", "<b>never</b>"}} {
		for i, lang := range []string{"en", "zh-CN"} {
			if said := strings.ReplaceAll(page{Admin: &Admin{texts: catalogue}, Lang: lang}.HoursWords(c[0]), "\u2060", ""); said != c[i+1] {
				t.Errorf("%q in %s is %q, want %q", c[0], lang, said, c[i+1])
			}
		}
	}
}
