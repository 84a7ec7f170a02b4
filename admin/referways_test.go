package admin_test

import (
	"net/http"
	"strings"
	"testing"

	"onedoor/intake"
)

const organisationChat = 802

// answers has somebody answer for an organisation in chat.
func (w *world) answers(organisation string) {
	w.Helper()
	w.must(w.execute(`INSERT INTO chats (bot_id, id, language, created_at) VALUES ($1, $2, 'en', now())`, testBot, organisationChat))
	w.must(w.execute(`INSERT INTO partners (code, kind, name, organisation, bot_id, chat_id, joined_at) VALUES ($1, 'organisation', '温伯', $1, $2, $3, now())`,
		organisation, testBot, organisationChat))
}

// TestReferAsPossible: asking in chat is offered only for organisations that somebody answers for there, and nothing for those that have
// no room, or while one is asked.
func TestReferAsPossible(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	w.press(firstChat, intake.ActClaim, ref, "")
	b := w.as("mei", "supervisor", taiping)
	const in = "They answer in chat"
	b.get(path).is(http.StatusOK, "They are telephoned", "☎ 020-00000301 · 温伯", "They have agreed by telephone").lacks(in, "Ask them in chat")
	b.post(path+"/refer", "organisation", "org-440117111-1", "text", "一位 <b> 老人").is(http.StatusConflict, "What you wrote", "一位 &lt;b&gt; 老人").lacks("Go on with what you wrote")
	w.must(w.execute(`UPDATE organisations SET phone = '' WHERE code = 'org-440117111-3'`))
	all := w.as("boss", "administrator", "")
	all.get("/admin/organisations?q=Taiping").is(http.StatusOK, ">by telephone<", ">no telephone number on record<").lacks(">in chat<")
	w.answers("org-440117111-1")
	all.get("/admin/organisations?q=Taiping").is(http.StatusOK, ">in chat<", ">by telephone<")
	page := b.get(path).is(http.StatusOK, in, "Ask them in chat", "They have agreed by telephone")
	chat, phone, _ := strings.Cut(page.body[strings.Index(page.body, in):], "They are telephoned")
	for organisation, inChat := range map[string]bool{"org-440117111-1": true, "org-440117111-2": false} {
		if strings.Contains(chat, organisation) != inChat || !strings.Contains(phone, organisation) {
			t.Errorf("%s is offered in chat: %t, by telephone: %t", organisation, strings.Contains(chat, organisation), strings.Contains(phone, organisation))
		}
	}
	w.must(w.execute(`UPDATE organisations SET capacity = 1`))
	w.must(w.execute(`INSERT INTO referrals (request_id, kind, organisation, worker, state, words, offered_at, accepted_at, expires_at)
		SELECT r.id, 'organisation', o.code, $1, 'accepted', '', now(), now(), now() + interval '1 day' FROM requests r, organisations o WHERE r.ref = $2 AND o.code = 'org-440117111-1'`,
		first, w.ask(3, "我奶奶没人照顾")))
	b.get(path).is(http.StatusOK, "No room at present: Taiping Elderly Association", "They have agreed by telephone").lacks("Ask them in chat", "org-440117111-1")
	w.must(w.execute(`UPDATE organisations SET capacity = 9`))
	b.post(path+"/refer", "organisation", "org-440117111-1", "text", "一位老人要人照顾").leadsTo(path)
	b.get(path).is(http.StatusOK, "An organisation is asked already").lacks("Ask them in chat", "They have agreed by telephone")
}
