package admin_test

import (
	"net/http"
	"strings"
	"testing"

	"onedoor/intake"
)

// TestRatingsAndNames: the page of a request says how well its resident found it solved, and not who they are where
// they stay unnamed.
func TestRatingsAndNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	w.act(1, intake.Sent{Kind: "contact", Text: "May Lin +8613800138000"})
	w.act(1, intake.Sent{Kind: "contact", Text: "May +8613800138001", Phone: "+8613800138001", Own: true})
	b := w.as("mei", "administrator", "")
	b.get("/admin/requests/"+ref).is(http.StatusOK, "May Lin")
	w.press(1, intake.ActUnnamed, ref, "")
	w.act(1, intake.Sent{Kind: "contact", Text: "May Lin +8613800138000"})
	w.act(1, intake.Command{Name: "quiet"})
	page := b.get("/admin/requests/" + ref)
	page.is(http.StatusOK, "Stays unnamed", "No messages until they write", "我妈妈没人照顾")
	for _, secret := range []string{"May Lin", "1380013800"} {
		if strings.Contains(page.text(), secret) {
			t.Errorf("the page shows %q", secret)
		}
	}
	w.act(1, intake.Said{Text: "他在家"})
	w.join(900, "w-440117-2-1")
	w.press(900, intake.ActClaim, ref, "")
	w.press(900, intake.ActOutcome, ref, "solved")
	w.press(1, intake.ActRate, ref, "4")
	w.act(1, intake.Said{Text: "她人很好"})
	b.get("/admin/requests/"+ref).is(http.StatusOK, "How well solved", "★★★★ 4/5", "她人很好", "<b>Rated</b>")
	b.Accept = "zh-CN"
	b.get("/admin/requests/"+ref).is(http.StatusOK, "办得怎么样", "不留姓名", "评价", "不再如此")
}
