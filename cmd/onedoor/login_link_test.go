package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// surfer is a browser without a screen, that keeps cookies.
type surfer struct {
	http.Client
	w *world
}

func (w *world) surfer() *surfer {
	w.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.Fatal(err)
	}
	return &surfer{http.Client{Jar: jar}, w}
}

// reads is what a page says, in the end; words are some of it.
func (s *surfer) reads(response *http.Response, err error) string {
	s.w.Helper()
	if err != nil {
		s.w.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.w.Fatal(err)
	}
	return string(body)
}

// enter opens a link and presses the button there.
func (s *surfer) enter(link string) string {
	s.w.Helper()
	at, err := url.Parse(link)
	if err != nil {
		s.w.Fatal(err)
	}
	s.reads(s.Get(link))
	token := at.Query()["link"]
	at.RawQuery = ""
	return s.reads(s.PostForm(at.String(), url.Values{"link": token}))
}

var loginLink = regexp.MustCompile(`http\S+/admin/enter\?link=\w+`)

// link has a worker ask for a link into the admin.
func (p *person) link() string {
	p.w.Helper()
	p.send("/admin")
	p.w.rests()
	all := p.Chat(p.w.bot)
	link := loginLink.FindString(all[len(all)-1].Text)
	if link == "" {
		p.w.Fatalf("%s is told %q", p.name, all[len(all)-1].Text)
	}
	return link
}

// TestLinkFromTheChat: a supervisor writes /admin and is in, once; nobody else is.
func TestLinkFromTheChat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *config) {
		c.Listen = freeAddress(t)
		c.PublicURL = "http://" + c.Listen + "/"
	})
	supervisor, worker := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-2-2")
	link := supervisor.link()
	if !strings.HasPrefix(link, "http://"+w.config.Listen+"/admin/enter?") {
		t.Errorf("the link is %s", link)
	}
	_, token, _ := strings.Cut(link, "=")
	if found := w.traces(token); len(found) > 0 {
		t.Errorf("the link is kept: %q", found)
	}
	b := w.surfer()
	b.reads(b.Get(link)) // as a preview would
	if page := b.enter(link); !strings.Contains(page, "等待处理") || !strings.Contains(page, "w-440117-2-1") {
		t.Errorf("the link leads to %s", page)
	}
	if page := b.reads(b.Get("http://" + w.config.Listen + "/admin/me")); !strings.Contains(page, "当前") {
		t.Errorf("they are not in: %s", page)
	}
	const dead = "这个链接已经不能用了"
	for name, link := range map[string]string{"again": link, "forged": link[:len(link)-3] + "AAA", "of nothing": "http://" + w.config.Listen + "/admin/enter"} {
		if page := w.surfer().enter(link); !strings.Contains(page, dead) {
			t.Errorf("%s: %s", name, page)
		}
	}
	old := supervisor.link()
	w.exec(`UPDATE login_links SET expires_at = now() WHERE used_at IS NULL`)
	if page := w.surfer().enter(old); !strings.Contains(page, dead) {
		t.Errorf("an old one: %s", page)
	}

	worker.send("/admin")
	worker.see("an administrator can give you an account")
	resident := w.person(1, "May", "en")
	resident.send("/admin")
	resident.see("/status")
	group := w.bot.Group("Taiping")
	group.Add(supervisor.User)
	group.Send(supervisor.User, "/admin@onedoor_test_bot")
	w.rests()
	for _, m := range group.Chat() {
		if loginLink.MatchString(m.Text) {
			t.Errorf("the group reads %q", m.Text)
		}
	}

	unused := supervisor.link()
	if err := w.server.intake.Dismiss(t.Context(), "w-440117-2-1"); err != nil {
		t.Fatal(err)
	}
	if page := w.surfer().enter(unused); !strings.Contains(page, dead) {
		t.Errorf("of somebody dismissed: %s", page)
	}
	if page := b.reads(b.Get("http://" + w.config.Listen + "/admin/")); !strings.Contains(page, "登录") || strings.Contains(page, "w-440117-2-1") {
		t.Errorf("somebody dismissed is still in: %s", page)
	}
	supervisor.send("/admin")
	w.rests()
	if all := supervisor.Chat(w.bot); loginLink.MatchString(all[len(all)-1].Text) {
		t.Error("somebody dismissed gets another link")
	}
}

// TestSupervisorsCommands: the chat of a supervisor lists what they have there, in their language, until they are dismissed.
func TestSupervisorsCommands(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	supervisor, worker := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-2-2")
	w.eventually("the commands are listed", func() bool {
		return strings.Contains(strings.Join(w.commandsOf(901), "\n"), "admin Open the supervisors' web")
	})
	if listed := w.commandsOf(902); len(listed) > 0 {
		t.Errorf("%s has a list of their own: %q", worker.name, listed)
	}
	supervisor.send("/admin")
	supervisor.see("has no address yet") // for ONEDOOR_PUBLIC_URL isn't set
	if err := w.server.intake.Dismiss(t.Context(), "w-440117-2-1"); err != nil {
		t.Fatal(err)
	}
	w.eventually("the commands are those of all", func() bool { return len(w.commandsOf(901)) == 0 })
}
