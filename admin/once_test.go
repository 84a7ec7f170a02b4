package admin_test

import (
	"bytes"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// serverLog is what the server has to say.
type serverLog struct {
	sync.Mutex
	bytes.Buffer
}

func (l *serverLog) Write(line []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.Buffer.Write(line)
}

func (l *serverLog) String() string {
	l.Lock()
	defer l.Unlock()
	return l.Buffer.String()
}

// TestSessionNotKept: where the session can't be kept, all that is sent is a page that says so, whatever was to be sent.
func TestSessionNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	w.server.Close()
	said := &serverLog{}
	w.server = httptest.NewUnstartedServer(w.admin.Handler())
	w.server.Config.ErrorLog = log.New(said, "", 0)
	w.server.Start()
	b := w.as("mei", "administrator", "")
	w.must(w.execute(`CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'going down' USING ERRCODE = '57P03'; END $$;
		CREATE TRIGGER away BEFORE INSERT OR UPDATE ON sessions FOR EACH ROW EXECUTE FUNCTION away()`))
	for _, a := range []answer{
		b.get("/admin/"), b.get("/admin/requests/" + ref), b.get("/admin/requests/export?format=csv"), b.get("/admin/requests/export?format=xlsx"),
		b.get("/admin/live"), b.get("/admin/live?board=1"), b.get("/admin/nowhere"), b.post("/admin/language", "language", "en"),
	} {
		a.is(http.StatusServiceUnavailable, "The database does not answer").lacks("going down", "没人照顾", "data-board")
		if n := strings.Count(a.body, "<!doctype"); n != 1 || !strings.HasSuffix(strings.TrimSpace(a.body), "</html>") {
			t.Errorf("%v; it has %d pages", a, n)
		}
		for _, name := range []string{"Location", "Content-Disposition"} {
			if a.Header.Get(name) != "" {
				t.Errorf("%v; its %s is %q", a, name, a.Header.Get(name))
			}
		}
		if kind := a.Header.Get("Content-Type"); kind != "text/html; charset=utf-8" {
			t.Errorf("%v; it is %s", a, kind)
		}
	}
	if text := said.String(); text != "" {
		t.Errorf("the server says %s", text)
	}
	w.must(w.execute(`DROP TRIGGER away ON sessions`))
	b.get("/admin/requests/"+ref).is(http.StatusOK, "没人照顾")
}
