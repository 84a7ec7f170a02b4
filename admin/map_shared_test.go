package admin_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// TestMapNamesWhatIsShared: requests that are drawn as one are named by the smallest place in which all of them lie, with their
// number; where that is wider than a county, by the county around which they are, too.
func TestMapNamesWhatIsShared(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "administrator", "")
	refs := []string{w.ask(1, "a wheelchair"), w.ask(2, "a wheelchair, too"), w.ask(3, "one more wheelchair")}
	place := func(ref, code string, lat, lon float64) {
		t.Helper()
		_, err := w.db.Exec(`UPDATE requests SET place_code = $2, lat = $3, lon = $4 WHERE ref = $1`, ref, code, lat, lon)
		w.must(err)
	}
	named := func(query, lang string) string {
		t.Helper()
		b.Accept = lang
		rows := strings.Split(b.get("/admin/map"+query).is(http.StatusOK).body, `<details id="list-`)[1]
		return strings.TrimSpace(spaces.ReplaceAllString(tags.ReplaceAllString(regexp.MustCompile(`(?s)<tbody>.*</tbody>`).FindString(rows), " "), " "))
	}
	place(refs[0], "440117111", 23.452, 113.488)
	place(refs[1], "440117111", 23.472, 113.488)
	place(refs[2], "440117111", 23.452, 113.508)
	const near = "?z=9&at=23.5,113.5"
	for _, c := range []struct{ lang, query, want string }{
		{"en", near, "Taiping Town, Conghua District 3 requests wait"},
		{"zh-CN", near, "从化区太平镇 3 件"}, {"zh-HK", near, "從化區太平鎮 3 宗"},
	} {
		if got := named(c.query, c.lang); !strings.HasPrefix(got, c.want) {
			t.Errorf("those of one town are %q, want %q", got, c.want)
		}
	}
	place(refs[2], "440117103", 23.50, 113.55)
	if got := named("?z=7&at=23.5,113.5", "en"); !strings.HasPrefix(got, "Conghua District, Guangzhou City 3 requests wait") {
		t.Errorf("those of one county are %q", got)
	}
	place(refs[2], "440106", 23.40, 113.45)
	for lang, want := range map[string]string{"en": "Guangzhou City, around Conghua District 3 requests", "zh-CN": "广州市，从化区一带 3 件"} {
		if got := named("?z=7&at=23.5,113.5", lang); !strings.HasPrefix(got, want) {
			t.Errorf("those of one city are %q, want %q", got, want)
		}
	}
	place(refs[2], "441802", 23.40, 113.45)
	for lang, want := range map[string]string{"en": "Guangdong Province, around Conghua District, Guangzhou City 3 requests", "zh-CN": "广东省，广州市从化区一带 3 件"} {
		if got := named("?z=7&at=23.5,113.5", lang); !strings.HasPrefix(got, want) {
			t.Errorf("those of one province are %q, want %q", got, want)
		}
	}
}
