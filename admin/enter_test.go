package admin_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
)

const (
	lead  = "w-440117-2-1" // the supervisor among the workers of taiping
	plain = "w-440117-2-2"
)

// link is what is in a worker's link, who joins with that chat.
func (w *world) link(chat int64, code string) string {
	w.Helper()
	w.join(chat, code)
	return w.linkOf(chat)
}

func (w *world) linkOf(chat int64) string {
	w.Helper()
	link, err := w.intake.LoginLink(w.Context(), testBot, chat)
	w.must(err)
	return link
}

// enter opens a link and presses the button.
func (b *browser) enter(link string) answer {
	b.w.Helper()
	b.get("/admin/enter?link=" + link)
	return b.post("/admin/enter", "link", link)
}

// dead checks that a link lets nobody in, whether it is only looked at or used.
func (b *browser) dead(link string) {
	b.w.Helper()
	b.get("/admin/enter?link="+link).is(http.StatusNotFound, "lets nobody in any more").lacks(`name="link"`)
	b.post("/admin/enter", "link", link).is(http.StatusNotFound, "lets nobody in any more")
	b.get("/admin/").leadsTo("/admin/login")
}

func TestLinkLetsASupervisorInOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, others := w.ask(1, "我妈妈没人照顾"), w.ask(2, "我爸爸没人照顾")
	w.must(w.intake.SendTo(w.Context(), others, another, "root"))
	link := w.link(901, lead)
	b := w.browser()
	for range 3 { // previews look at links
		b.get("/admin/enter?link="+link).is(http.StatusOK, "This link is for", `value="`+link+`"`)
	}
	b.get("/admin/").leadsTo("/admin/login")
	b.post("/admin/enter", "link", link).leadsTo("/admin/")
	b.get("/admin/").is(http.StatusOK, lead).lacks("/admin/accounts", others)
	b.get("/admin/requests/" + mine).is(http.StatusOK)
	b.get("/admin/requests/" + others).is(http.StatusNotFound)
	b.get("/admin/stations/" + another).is(http.StatusNotFound)
	w.browser().dead(link)

	again := w.browser()
	again.enter(w.linkOf(901)).leadsTo("/admin/")
	again.get("/admin/me").is(http.StatusOK, "this one")
	w.as("zhu", "auditor", "").get("/admin/audit?who="+lead).is(http.StatusOK, "logged in by the bot&#39;s link").lacks(link)
	var accounts, kept int
	w.must(w.db.Get(&accounts, `SELECT count(*) FROM accounts WHERE worker = $1 AND by_worker AND role = 'supervisor' AND station = $2 AND name = $1`, lead, taiping))
	w.must(w.db.Get(&kept, `SELECT count(*) FROM login_links l WHERE l::text LIKE '%' || $1 || '%'`, link))
	if accounts != 1 || kept != 0 {
		t.Errorf("%d accounts, and %d links are kept as they are", accounts, kept)
	}
}

// TestLinksAtOnce: of many who use one link at the same time, one is let in.
func TestLinksAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.link(901, lead)
	var group sync.WaitGroup
	var mu sync.Mutex
	in := 0
	for range 8 {
		group.Go(func() {
			if a := w.browser().post("/admin/enter", "link", link); a.StatusCode == http.StatusSeeOther {
				mu.Lock()
				defer mu.Unlock()
				in++
			}
		})
	}
	group.Wait()
	if in != 1 {
		t.Errorf("a link has let %d in", in)
	}
}

func TestLinksThatLetNobodyIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := w.link(901, lead)
	w.must(w.execute(`UPDATE login_links SET expires_at = now() - interval '1 second'`))
	w.browser().dead(old)
	before := w.linkOf(901)
	link := w.linkOf(901) // takes its place
	for _, forged := range []string{"", "x", before, strings.ToLower(link), link + "A", link[1:], "%00", "%FF", "'%20OR%201=1"} {
		w.browser().dead(forged)
	}
	cross := w.browser().form("/admin/enter", "link", link)
	cross.Header.Set("Sec-Fetch-Site", "cross-site")
	w.browser().do(cross).is(http.StatusForbidden)
	w.browser().enter(link).leadsTo("/admin/")

	w.join(902, plain)
	if _, err := w.intake.LoginLink(t.Context(), testBot, 902); err == nil {
		t.Error("a plain worker gets a link")
	}
	if _, err := w.intake.LoginLink(t.Context(), testBot, 1); err == nil {
		t.Error("a resident gets a link")
	}
}

// TestDismissedAreOut: with a worker go their link, what they are logged in to, and their password.
func TestDismissedAreOut(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]string{
		"dismissed":     `UPDATE workers SET active = false, on_duty = false WHERE code = $1`,
		"no supervisor": `UPDATE workers SET role = 'worker' WHERE code = $1`,
		"another phone": `UPDATE workers SET bot_id = NULL, chat_id = NULL, joined_at = NULL, on_duty = false WHERE code = $1`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.browser()
			b.enter(w.link(901, lead)).leadsTo("/admin/")
			b.post("/admin/password", "password", secret, "again", secret).leadsTo("/admin/")
			link := w.linkOf(901)
			w.must(w.execute(change, lead))
			b.get("/admin/").leadsTo("/admin/login")
			w.browser().dead(link)
			login := w.browser().login(lead, secret)
			if name == "another phone" {
				login.leadsTo("/admin/")
				return
			}
			login.is(http.StatusUnauthorized)
			if _, err := w.intake.LoginLink(t.Context(), testBot, 901); err == nil {
				t.Error("they get another link")
			}
		})
	}
}

// TestAccountFollowsItsWorker: an account made of a worker sees the station where they work now.
func TestAccountFollowsItsWorker(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.enter(w.link(901, lead)).leadsTo("/admin/")
	w.must(w.execute(`UPDATE workers SET station = $2 WHERE code = $1`, lead, another))
	b.get("/admin/").leadsTo("/admin/login")
	b.enter(w.linkOf(901)).leadsTo("/admin/")
	b.get("/admin/stations/" + another).is(http.StatusOK)
	b.get("/admin/stations/" + taiping).is(http.StatusNotFound)
}

func TestLinkedAccounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stop()
	boss := w.as("root", "administrator", "")
	w.as("zhu", "auditor", "")
	w.join(902, plain)
	link := func(account, worker string) answer {
		return boss.post("/admin/accounts/"+account+"/worker", "worker", worker)
	}
	link("zhu", plain).leadsTo("/admin/accounts")
	boss.get("/admin/accounts").is(http.StatusOK, "/admin/workers/"+plain)
	b := w.browser()
	b.enter(w.linkOf(902)).leadsTo("/admin/")
	b.get("/admin/audit").is(http.StatusOK)

	boss.post("/admin/accounts/zhu", "change", "code").leadsTo("/admin/accounts")
	b = w.browser()
	b.enter(w.linkOf(902)).leadsTo("/admin/")
	b.get("/admin/").leadsTo("/admin/code")
	b.enrol()
	b.get("/admin/").is(http.StatusOK)
	b.enter(w.linkOf(902)).leadsTo("/admin/") // the same session anew
	b.get("/admin/").leadsTo("/admin/code")

	for account, worker := range map[string]string{"zhu": "nobody", "root": plain} {
		link(account, worker).is(http.StatusBadRequest, "no worker of that code")
	}
	link("nobody", lead).is(http.StatusNotFound)
	w.as("wu", "supervisor", "").post("/admin/accounts/wu/worker", "worker", lead).is(http.StatusForbidden)

	used := w.linkOf(902)
	boss.post("/admin/accounts/zhu", "change", "off").leadsTo("/admin/accounts")
	w.browser().dead(used)
	boss.post("/admin/accounts/zhu", "change", "on").leadsTo("/admin/accounts")
	link("zhu", "").leadsTo("/admin/accounts")
	w.browser().dead(used)
}

// TestNameOfAnAccountIsTaken: who has a worker's code for a name keeps their account to themself.
func TestNameOfAnAccountIsTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.newAccount(lead, "administrator", "")
	b := w.browser()
	b.enter(w.link(901, lead)).is(http.StatusBadRequest, "Ask an administrator to link it.")
	b.get("/admin/").leadsTo("/admin/login")
}

func (w *world) execute(statement string, args ...any) error {
	_, err := w.db.Exec(statement, args...)
	return err
}
