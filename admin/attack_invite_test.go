package admin_test

import (
	"net/http"
	"testing"
)

// TestInvitingIsNoWayUp: whoever may invite a worker can't become them where that leads into an account with more rights: only
// administrators invite those whom they have given an account, and what others had ready for them is void.
func TestInvitingIsNoWayUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.newAccount("chief", "administrator", "")
	boss, b := w.as("boss", "administrator", ""), w.as("mei", "supervisor", taiping)
	const button = "/admin/workers/" + first + "/invite"
	b.get("/admin/workers/"+first).is(http.StatusOK, button)
	b.post("/admin/workers/"+first+"/invite").is(http.StatusOK, "t.me/")
	boss.post("/admin/accounts/chief/worker", "worker", first).leadsTo("/admin/accounts")
	if n := value[int](w, `SELECT count(*) FROM invites WHERE worker = $1 AND used_at IS NULL`, first); n != 0 {
		t.Errorf("%d invitations of others still make somebody an administrator", n)
	}
	b.get("/admin/workers/" + first).is(http.StatusOK).lacks(button) // what answers 403 is not offered
	boss.get("/admin/workers/"+first).is(http.StatusOK, button)
	b.post("/admin/workers/" + first + "/invite").is(http.StatusForbidden)
	if n := value[int](w, `SELECT count(*) FROM invites WHERE worker = $1 AND used_at IS NULL`, first); n != 0 {
		t.Errorf("%d invitations were made", n)
	}
	b.post("/admin/workers/"+second+"/invite").is(http.StatusOK, "t.me/")
	boss.post("/admin/workers/"+first+"/invite").is(http.StatusOK, "t.me/")
}
