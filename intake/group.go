package intake

import (
	"context"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"
)

// A Group is the group chat of a station, in which its workers are told together. Everybody in it reads what is posted there:
// so it has nothing of a resident's words. Whoever presses a button there acts as the worker of their own chat, or not at all.
type Group struct {
	Station string `db:"station"`
	Bot     int64  `db:"bot_id"`
	Chat    int64  `db:"chat_id"`
	Forum   bool   `db:"forum"` // each request has a topic of its own there
}

const groupColumns = `g.station, g.bot_id, g.chat_id, g.forum`

// groupWhere is the one group that the condition names, or ErrNotFound.
func groupWhere(ctx context.Context, tx sqlx.QueryerContext, condition string, args ...any) (*Group, error) {
	var g Group
	err := sqlx.GetContext(ctx, tx, &g, `SELECT `+groupColumns+` FROM station_groups g
		JOIN chats c ON c.bot_id = g.bot_id AND c.id = g.chat_id WHERE `+condition, args...)
	if noRows(err) {
		return nil, ErrNotFound
	}
	return &g, wrap(err, "load a station's group")
}

// GroupOfChat is the group that a chat is, or ErrNotFound.
func (s *Service) GroupOfChat(ctx context.Context, bot, chat int64) (*Group, error) {
	return groupWhere(ctx, s.DB, `g.bot_id = $1 AND g.chat_id = $2`, bot, chat)
}

// inGroups are the kinds of notice that a group is told in the place of those that a worker is.
func inGroups() map[string]string {
	return map[string]string{NoticeCard: NoticeGroupCard, NoticeAlarm: NoticeGroupAlarm}
}

// tellGroup writes a notice to the station's group. It is false where the station has none, or none is told such things.
func (s *step) tellGroup(r *Request, station, kind string) (bool, error) {
	kind, ok := inGroups()[kind]
	if !ok {
		return false, nil
	}
	g, err := groupWhere(s.ctx, s.tx, `g.station = $1 AND c.unreachable_at IS NULL`, station)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	s.tellChat(g.Bot, g.Chat, kind, r, nil)
	return true, nil
}

// redrawGroups shows the request as it now is in the groups where it was posted, and writes into its topics what has become
// of it.
func (s *step) redrawGroups(r *Request) error {
	if err := s.redrawPosted(r, NoticeGroupCard, "", `n.chat_id < 0`); err != nil {
		return err
	}
	var told []struct {
		Group
		Last string `db:"last"`
	}
	err := s.tx.SelectContext(s.ctx, &told, `
		SELECT `+groupColumns+`, coalesce((SELECT n.args ->> 'now' FROM notices n WHERE n.bot_id = g.bot_id AND n.chat_id = g.chat_id
			AND n.request_id = t.request_id AND n.kind = $2 ORDER BY n.id DESC LIMIT 1), 'open') AS last
		FROM topics t JOIN station_groups g ON g.bot_id = t.bot_id AND g.chat_id = t.chat_id WHERE t.request_id = $1 AND g.forum`,
		r.ID, NoticeGroupStatus)
	if err != nil {
		return wrap(err, "find the topics of a request")
	}
	now := string(r.State)
	if r.Worker != nil {
		now += " " + *r.Worker
	}
	for _, g := range told {
		if g.Last != now && !s.writes(g.Chat, NoticeGroupStatus, r) {
			s.tellChat(g.Bot, g.Chat, NoticeGroupStatus, r, Args{"now": now})
		}
	}
	return nil
}

// writes tells whether this step writes such a notice already.
func (s *step) writes(chat int64, kind string, r *Request) bool {
	for _, n := range s.notices {
		if n.Chat == chat && n.Kind == kind && equal(n.Request, &r.ID) {
			return true
		}
	}
	return false
}

// bindGroup makes the chat of this step the group of a station, for which a supervisor of it has asked here. What waits in the
// group that it had before is posted here.
func (s *step) bindGroup(w *Worker, ask groupAsk) error {
	before, err := groupWhere(s.ctx, s.tx, `g.station = $1`, w.Station)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if _, err := s.tx.ExecContext(s.ctx, `
		INSERT INTO station_groups (station, bot_id, chat_id, forum, bound_by, bound_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (station) DO UPDATE SET bot_id = $2, chat_id = $3, forum = $4, bound_by = $5, bound_at = $6`,
		w.Station, s.chat.Bot, s.chat.ID, ask.Forum, ask.Worker, s.now); err != nil {
		return wrap(err, "bind a group")
	}
	if err := s.speakAs(w); err != nil {
		return err
	}
	s.redraw(ask.posted, nil, Args{"station": w.Station, "menu": "closed"})
	s.tell(NoticeGroupBound, nil, Args{"station": w.Station})
	if before == nil || before.Bot == s.chat.Bot && before.Chat == s.chat.ID {
		return nil
	}
	s.tellChat(before.Bot, before.Chat, NoticeGroupOff, nil, Args{"station": w.Station})
	return s.postAnew(before, &Group{Station: w.Station, Bot: s.chat.Bot, Chat: s.chat.ID})
}

// speakAs has the chat of this step speak the language of a worker's.
func (s *step) speakAs(w *Worker) error {
	_, err := s.tx.ExecContext(s.ctx, `UPDATE chats SET language_set = true, language = (SELECT language FROM chats WHERE bot_id = $3 AND id = $4)
		WHERE bot_id = $1 AND id = $2`, s.chat.Bot, s.chat.ID, w.Bot, w.Chat)
	return wrap(err, "set a group's language")
}

// waitingIn are the requests that wait and were posted in a group.
func (s *step) waitingIn(g *Group) (ids []int64, err error) {
	err = s.tx.SelectContext(s.ctx, &ids, `
		SELECT r.id FROM requests r WHERE r.state = 'open' AND (r.station = $3 OR EXISTS (SELECT FROM offers o WHERE o.request_id = r.id AND o.station = $3))
		  AND EXISTS (SELECT FROM notices n WHERE n.request_id = r.id AND n.bot_id = $1 AND n.chat_id = $2 AND n.kind = $4 AND n.edits IS NULL
			AND n.state IN ('waiting', 'sent')) ORDER BY r.id`, g.Bot, g.Chat, g.Station, NoticeGroupCard)
	return ids, wrap(err, "find what waits in a group")
}

// eachWaitingIn does something to each request that waits and was posted in a group.
func (s *step) eachWaitingIn(g *Group, do func(*Request) error) error {
	ids, err := s.waitingIn(g)
	if err != nil {
		return err
	}
	for _, id := range ids {
		r, err := lockRequest(s.ctx, s.tx, `r.id = $1 AND r.state = 'open'`, id)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err == nil {
			err = do(r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// postAnew posts what waits in a group in another one, too.
func (s *step) postAnew(from, to *Group) error {
	return s.eachWaitingIn(from, func(r *Request) error {
		s.tellChat(to.Bot, to.Chat, NoticeGroupCard, r, nil)
		return nil
	})
}

// unbindGroup makes a chat no station's group any more. What was posted there alone is told to the station's workers.
func (s *step) unbindGroup(g *Group) error {
	if _, err := s.tx.ExecContext(s.ctx, `DELETE FROM station_groups WHERE station = $1`, g.Station); err != nil {
		return wrap(err, "unbind a group")
	}
	return s.eachWaitingIn(g, func(r *Request) error {
		if r.priority() == 0 { // told to them as well
			return nil
		}
		_, err := s.tellStation(r, g.Station, NoticeCard)
		return err
	})
}

// loseGroup is shutOut for a group: the bot was thrown out, or may not write there. The station's supervisors are told.
func (s *step) loseGroup(bot, chat int64) error {
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE chats SET unreachable_at = $3 WHERE bot_id = $1 AND id = $2 AND unreachable_at IS NULL`,
		bot, chat, s.now); err != nil {
		return wrap(err, "mark a group")
	}
	g, err := groupWhere(s.ctx, s.tx, `g.bot_id = $1 AND g.chat_id = $2`, bot, chat)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.unbindGroup(g); err != nil {
		return err
	}
	workers, err := stationWorkers(s.ctx, s.tx, g.Station)
	for _, w := range workers {
		if w.Role == roleSupervisor {
			s.tellChat(*w.Bot, *w.Chat, NoticeGroupLost, nil, Args{"station": g.Station})
		}
	}
	return err
}

// Moved follows a group that has become a supergroup, with what is still to be told there.
func (s *Service) Moved(ctx context.Context, bot, from, to int64) error {
	return wrap(s.transact(ctx, func(st *step) error { return st.followGroup(bot, from, to) }), "follow a group")
}

// followGroup is Moved. Telegram lets nobody edit what stands in the old group: what waits of a station's is posted anew.
func (s *step) followGroup(bot, from, to int64) error {
	for _, statement := range []string{
		`INSERT INTO chats (bot_id, id, language, language_set, created_at)
			SELECT bot_id, $3, language, language_set, created_at FROM chats WHERE bot_id = $1 AND id = $2 ON CONFLICT DO NOTHING`,
		`UPDATE notices SET chat_id = $3 WHERE bot_id = $1 AND chat_id = $2 AND state = 'waiting'`,
	} {
		if _, err := s.tx.ExecContext(s.ctx, statement, bot, from, to); err != nil {
			return err
		}
	}
	g, err := groupWhere(s.ctx, s.tx, `g.bot_id = $1 AND g.chat_id = $2`, bot, from)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE station_groups SET chat_id = $2 WHERE station = $1`, g.Station, to); err != nil {
		return wrap(err, "follow a station's group")
	}
	return s.postAnew(g, &Group{Station: g.Station, Bot: bot, Chat: to})
}

// groupAskValid is how long the question whether a chat is to be a station's group can be answered.
const groupAskValid = time.Hour

// groupAsk is that question, as it was asked.
type groupAsk struct {
	posted
	Worker string `db:"worker"` // the supervisor who wants it so
	Forum  bool   `db:"forum"`
}

// askedHere is the open question whether the chat of this step is to be the station's group, or ErrNotFound.
func (s *step) askedHere(station string) (ask groupAsk, err error) {
	err = s.tx.GetContext(s.ctx, &ask, `
		SELECT n.id, n.bot_id, n.chat_id, n.kind, n.args ->> 'by' AS worker, CAST(n.args ->> 'forum' AS boolean) AS forum
		FROM notices n JOIN workers w ON w.code = n.args ->> 'by'
		WHERE n.bot_id = $1 AND n.chat_id = $2 AND n.kind = $3 AND n.edits IS NULL AND n.created_at > $4 AND n.args ->> 'station' = $5
		  AND w.active AND w.role = $6 AND w.station = $5 AND NOT EXISTS (SELECT FROM notices e WHERE e.edits = n.id)
		ORDER BY n.id DESC LIMIT 1`, s.chat.Bot, s.chat.ID, NoticeGroupAsk, s.now.Add(-groupAskValid), station, roleSupervisor)
	if noRows(err) {
		return ask, ErrNotFound
	}
	return ask, wrap(err, "find what was asked in a group")
}
