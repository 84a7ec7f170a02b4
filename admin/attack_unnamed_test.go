package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"onedoor/intake"
)

// TestUnnamedNowhere: of who stays unnamed, before or after they have sent their number, or somebody's, neither a number nor a name is on any
// page, in any list, file or record, nor is anything found by them; not by who sees all, nor by who is only offered it.
func TestUnnamedNowhere(t *testing.T) {
	t.Parallel()
	w, _, _ := staffed(t)
	ref, path := w.cry(7)
	contacts := func(n int) {
		w.act(7, intake.Sent{Kind: intake.KindContact, Text: fmt.Sprintf("Qiuverin +8613911112%03d", n), Phone: fmt.Sprintf("+8613911112%03d", n), Own: true})
		w.act(7, intake.Sent{Kind: intake.KindContact, Text: fmt.Sprintf("Brotwasser +8613977778%03d", n), Phone: fmt.Sprintf("+8613977778%03d", n)})
	}
	contacts(1)
	all, offered := w.as("boss", "administrator", ""), w.as("mei", "supervisor", taiping)
	if page := all.get(path).is(http.StatusOK).text(); !strings.Contains(page, "139") {
		t.Fatal("before, nobody reads a number")
	}
	w.press(7, intake.ActUnnamed, ref, "")
	contacts(2)
	secrets := []string{"Qiuverin", "Brotwasser", "1391111", "1397777", "139 1111", "139 7777"}
	for name, b := range map[string]*browser{"all": all, "offered": offered} {
		for _, at := range []string{"/admin/", path, "/admin/requests", "/admin/requests?unnamed=1", "/admin/requests/export", "/admin/map", "/admin/requests?q=Qiuverin",
			"/admin/requests?q=Brotwasser", "/admin/requests?q=13911112001", "/admin/requests?q=13911112002", "/admin/requests?q=13977778001", "/admin/requests?q=2002"} {
			page := b.get(at).is(http.StatusOK).body
			if _, q, searched := strings.Cut(at, "?q="); searched {
				if strings.Contains(page, ref) {
					t.Errorf("%s: %s finds it", name, at)
				}
				page = strings.ReplaceAll(page, q, "")
			}
			for _, secret := range secrets {
				if strings.Contains(page, secret) {
					t.Errorf("%s: %s says %s", name, at, secret)
				}
			}
		}
		book, err := excelize.OpenReader(strings.NewReader(b.get("/admin/requests/export?format=xlsx").is(http.StatusOK).body))
		w.must(err)
		rows, err := book.GetRows(book.GetSheetName(0))
		w.must(err)
		for _, secret := range secrets {
			if sheet := fmt.Sprint(rows); strings.Contains(sheet, secret) || !strings.Contains(sheet, ref) {
				t.Errorf("%s: the sheet says %s", name, secret)
			}
		}
	}
	audit := all.get("/admin/audit").is(http.StatusOK).body
	for _, secret := range secrets[:2] {
		if strings.Count(audit, secret) > 0 && !strings.Contains(audit, "q="+secret) {
			t.Errorf("the record says %s", secret)
		}
	}
	if words := w.view(ref).Text; strings.Contains(words, "139") || strings.Contains(words, "Brotwasser") {
		t.Errorf("its words are %q", words)
	}
}
