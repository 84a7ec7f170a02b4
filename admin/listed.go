package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"onedoor/internal/database"
)

// wasListed follows the route of a page that showed requests in a list, where that is on record.
const wasListed = "/listed"

// maxRefs is how many requests one line of the record names: of a list of more there are several. The schema holds it, too.
const maxRefs = 100

// listLook is a look at a list of requests, to be put on record.
type listLook struct {
	Account string            `json:"account"`
	Action  string            `json:"action"`
	Object  string            `json:"object"`
	Detail  map[string]string `json:"detail"`
	Session string            `json:"session"` // as it is listed
	Refs    []string          `json:"refs"`
	Again   bool              `json:"again"` // nobody has asked for it: only what is new to the session is a look
}

// putListsSQL puts looks on record. Of those that nobody has asked for it leaves out what the session's same list has on record
// already, as far as lookLasts goes back. The newest lines of the account are read for that, by its index: between, not equal, or
// PostgreSQL may take the whole record from its end for the shorter way.
const putListsSQL = `
	INSERT INTO audit (account, action, object, detail, session, refs)
	SELECT l.account, l.action, l.object, l.detail, l.session, fresh.refs
	FROM jsonb_to_recordset(CAST($1 AS jsonb)) AS l (account text, action text, object text, detail jsonb, session text, refs text[], again boolean)
	CROSS JOIN LATERAL (SELECT coalesce(array_agg(DISTINCT ref), '{}') AS refs
		FROM (SELECT * FROM audit WHERE l.again AND account BETWEEN l.account AND l.account ORDER BY account DESC, id DESC LIMIT 200) newest, unnest(newest.refs) AS ref
		WHERE newest.action = l.action AND newest.object = l.object AND newest.session = l.session AND l.session <> ''
			AND newest.at > now() - make_interval(secs => $2)) known
	CROSS JOIN LATERAL (SELECT coalesce(array_agg(ref ORDER BY n), '{}') AS refs
		FROM unnest(l.refs) WITH ORDINALITY AS shown (ref, n) WHERE ref <> ALL (known.refs)) fresh
	WHERE NOT l.again OR cardinality(fresh.refs) > 0`

// putLists puts looks on record with one statement, however many they are.
func putLists(ctx context.Context, db *database.DB, looks []listLook) error {
	var lines []listLook
	for _, look := range looks {
		lines = append(lines, look.lines()...)
	}
	text, err := json.Marshal(lines)
	if err != nil {
		return fmt.Errorf("write lists for the record: %w", err)
	}
	if _, err = db.ExecContext(ctx, putListsSQL, string(text), lookLasts.Seconds()); err != nil {
		return fmt.Errorf("put lists on record: %w", err)
	}
	return nil
}

// lines are the lines of the record for a look: one, unless the list is long.
func (l listLook) lines() []listLook {
	refs := onceEach(l.Refs)
	if l.Refs = refs; len(refs) <= maxRefs {
		return []listLook{l}
	}
	var all []listLook
	for part := range slices.Chunk(refs, maxRefs) {
		l.Refs = part
		all = append(all, l)
	}
	return all
}

// onceEach are references in their order, each once; none is an empty list.
func onceEach(refs []string) []string {
	known, all := map[string]bool{}, []string{}
	for _, ref := range refs {
		if !known[ref] {
			known[ref] = true
			all = append(all, ref)
		}
	}
	return all
}

// listPage is a page that shows requests in a list.
type listPage interface {
	Listed() []string // the references of all that it shows
}

// renderList draws a page that shows requests in a list and, when it is drawn, puts on record which. Of what they were looked for by, only
// the names of the filters are: their values may name somebody.
func (a *Admin) renderList(w http.ResponseWriter, r *http.Request, name string, p listPage, filters ...string) error {
	if err := a.render(w, name, http.StatusOK, p); err != nil {
		return err
	}
	look := listLook{Account: accountOf(r).Name, Action: r.Pattern + wasListed, Object: objectOf(r), Detail: map[string]string{},
		Session: a.sessions.GetString(r.Context(), "login"), Refs: p.Listed(), Again: r.Header.Get(redrawHeader) != ""}
	if len(filters) > 0 {
		look.Detail["filters"] = strings.Join(filters, " ")
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), recordWithin)
	defer cancel()
	if err := putLists(ctx, a.DB, []listLook{look}); err != nil {
		a.Log.Error("admin: putting on record fails", "account", look.Account, "action", look.Action, "error", err)
	}
	return nil
}

// Listed are the requests on a board: those that need somebody, and those in hand that stand beside them.
func (p *boardPage) Listed() []string {
	var refs []string
	for _, i := range p.Items {
		refs = append(refs, i.Ref)
	}
	return append(refs, p.inHandRefs()...)
}

// inHandRefs are the requests beside the items of a board.
func (p *boardPage) inHandRefs() (refs []string) {
	for _, i := range p.InHand {
		refs = append(refs, i.Ref)
	}
	return refs
}

// Listed are a station's requests.
func (p *stationPage) Listed() (refs []string) {
	for _, v := range slices.Concat(p.Waiting, p.InHand) {
		refs = append(refs, v.Ref)
	}
	return refs
}

// Listed are the requests that were found.
func (p *searchPage) Listed() (refs []string) {
	for _, v := range p.Found.Views {
		refs = append(refs, v.Ref)
	}
	return refs
}

// Listed are the requests behind a figure.
func (p *behindPage) Listed() (refs []string) {
	for _, c := range p.Cycles {
		refs = append(refs, c.Ref)
	}
	return refs
}

// Listed are the requests that a map shows one by one.
func (p *mapPage) Listed() (refs []string) {
	var links []string
	for _, m := range p.Marks {
		links = append(links, m.Link)
	}
	if p.Here != nil {
		for _, t := range p.Here.Things {
			links = append(links, t.Link)
		}
	}
	for _, link := range links {
		if ref, ok := strings.CutPrefix(link, "/admin/requests/"); ok {
			refs = append(refs, ref)
		}
	}
	return refs
}

// Listed are the troubles, by their numbers, and the requests that they are about.
func (p *troublesPage) Listed() (refs []string) {
	for _, t := range p.Troubles {
		refs = append(refs, fmt.Sprint(t.ID))
		if t.Ref != nil {
			refs = append(refs, *t.Ref)
		}
	}
	return refs
}
