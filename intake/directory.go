package intake

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/lib/pq"

	"onedoor/prompts"
	"onedoor/routing"
)

const (
	reachOrganisation = 30.0 // km, where an organisation's isn't said
	reachVolunteer    = 10.0 // km, where a volunteer's isn't said
	searchDegrees     = 1.5  // of latitude and longitude, beyond which nobody is looked for: 160 km and 140 km in Guangdong

	// MaxOrganisations is how many of them are shown at a time.
	MaxOrganisations = 5
)

// An Organisation is one of the directory, as it stands to a request.
type Organisation struct {
	Code     string   `db:"code"`
	Name     string   `db:"name"`
	NameEN   string   `db:"name_en"`
	Contact  string   `db:"contact"`
	Phone    string   `db:"phone"`
	Place    string   `db:"place_code"`
	Lat      *float64 `db:"lat"`
	Lon      *float64 `db:"lon"`
	Opening  string   `db:"hours"`
	Capacity *int     `db:"capacity"`
	Reach    *float64 `db:"reach_km"`
	Has      int      `db:"has"`     // how many referrals it has
	Answers  bool     `db:"answers"` // somebody answers for it in chat

	KM    float64   // from the request
	Open  bool      // now
	Opens time.Time // where it isn't; zero where that is never
}

// Full tells whether it has as many referrals as it can.
func (o *Organisation) Full() bool { return o.Capacity != nil && o.Has >= *o.Capacity }

// wait orders organisations: who is open and has room, who has room, all others.
func (o *Organisation) wait() int {
	switch {
	case o.Full():
		return 2
	case !o.Open:
		return 1
	}
	return 0
}

const organisationColumns = `o.code, o.name, o.name_en, o.contact, o.phone, o.place_code, o.lat, o.lon, o.hours, o.capacity, o.reach_km,
	(SELECT count(*) FROM referrals f WHERE f.organisation = o.code AND f.state = 'accepted') AS has,
	o.code IN (` + answeringSQL + `) AS answers`

// answeringSQL are the codes of the organisations that somebody answers for in chat.
const answeringSQL = `SELECT p.organisation FROM partners p JOIN chats c ON c.bot_id = p.bot_id AND c.id = p.chat_id
	WHERE p.organisation IS NOT NULL AND p.active AND c.unreachable_at IS NULL`

// Answering are the codes of the organisations that somebody answers for in chat.
func (s *Service) Answering(ctx context.Context) (codes []string, err error) {
	return codes, wrap(s.DB.SelectContext(ctx, &codes, answeringSQL), "find who answers for organisations")
}

// Organisations are those that serve the request's category where it is: who is open and has room first, then the nearest.
func (s *Service) Organisations(ctx context.Context, r *Request) ([]Organisation, error) {
	at, ok := s.whereabouts(r)
	if !ok {
		return nil, nil
	}
	var all []Organisation
	err := s.DB.SelectContext(ctx, &all, `SELECT `+organisationColumns+` FROM organisations o
		WHERE o.active AND (o.categories = '{}' OR $1 = '' OR o.categories @> ARRAY [CAST($1 AS text)])
		  AND (o.lat IS NULL OR o.lat BETWEEN CAST($2 AS float8) - $4 AND $2 + $4 AND o.lon BETWEEN CAST($3 AS float8) - $4 AND $3 + $4)`,
		value(r.Category), at.Lat, at.Lon, searchDegrees)
	if err != nil {
		return nil, wrap(err, "load organisations")
	}
	var near []Organisation
	for _, o := range all {
		if s.measure(&o, at) && (o.KM <= or(o.Reach, reachOrganisation) || s.Router.Gazetteer().Lies(value(r.Place), o.Place)) {
			near = append(near, o)
		}
	}
	slices.SortFunc(near, func(a, b Organisation) int {
		return cmp.Or(cmp.Compare(a.wait(), b.wait()), cmp.Compare(a.KM, b.KM), cmp.Compare(a.Code, b.Code))
	})
	return near[:min(len(near), MaxOrganisations)], nil
}

// Organisation is one of the directory as it stands to a request, or ErrNotFound.
func (s *Service) Organisation(ctx context.Context, r *Request, code string) (*Organisation, error) {
	var o Organisation
	err := s.DB.GetContext(ctx, &o, `SELECT `+organisationColumns+` FROM organisations o WHERE o.code = $1 AND o.active`, code)
	if noRows(err) {
		return nil, ErrNotFound
	}
	if at, ok := s.whereabouts(r); ok && err == nil {
		s.measure(&o, at)
	}
	return &o, wrap(err, "load an organisation")
}

// whereabouts is where a request is or, where nobody knows, where its station is.
func (s *Service) whereabouts(r *Request) (routing.Point, bool) {
	if at, ok := r.Point(); ok {
		return at, true
	}
	station, ok := s.Router.Station(value(r.Station))
	return station.Point, ok
}

// measure says how far an organisation is and whether it is open. It is false where nobody knows where it is.
func (s *Service) measure(o *Organisation, from routing.Point) bool {
	if hours, err := routing.ParseHours(o.Opening); err == nil {
		now := s.Now().In(chinaTime)
		o.Open = hours.Open(now)
		if next, ok := hours.Next(now); ok && !o.Open {
			o.Opens = next
		}
	}
	at, ok := s.position(o.Lat, o.Lon, o.Place)
	o.KM = from.DistanceKM(at)
	return ok
}

// chinaTime is the time zone of organisations.
var chinaTime = time.FixedZone("CST", 8*60*60)

// position is where somebody is by their own position, or else by that of their place.
func (s *Service) position(lat, lon *float64, place string) (routing.Point, bool) {
	if lat != nil && lon != nil {
		return routing.Point{Lat: *lat, Lon: *lon}, true
	}
	at, _, ok := s.Router.Gazetteer().Position(place)
	return at, ok
}

func or[T any](v *T, otherwise T) T {
	if v == nil {
		return otherwise
	}
	return *v
}

// ForVolunteers tells whether parts of a request may be offered to volunteers: never of danger, and never where violence or
// abuse is behind it.
func (r *Request) ForVolunteers() bool {
	return r.Urgency != prompts.Emergency && r.Crisis == "" && !r.Discreet()
}

// volunteer is a partner with where they are.
type volunteer struct {
	Partner
	Place string   `db:"place_code"`
	Lat   *float64 `db:"lat"`
	Lon   *float64 `db:"lon"`
	Reach *float64 `db:"reach_km"`
	km    float64
}

// volunteersNear are the nearest who said that they do such a task and have not been asked yet, at most limit of them, and
// never the resident themself.
func (s *step) volunteersNear(r *Request, f *Referral, limit int) ([]volunteer, error) {
	from, ok := s.whereabouts(r)
	if !ok {
		return nil, nil
	}
	var all []volunteer
	err := s.tx.SelectContext(s.ctx, &all, `SELECT `+partnerColumns+`, p.place_code, p.lat, p.lon, p.reach_km
		FROM partners p JOIN chats c ON c.bot_id = p.bot_id AND c.id = p.chat_id
		WHERE p.kind = 'volunteer' AND p.active AND p.tasks @> $1 AND c.unreachable_at IS NULL AND c.blocked_at IS NULL
		  AND (p.bot_id, p.chat_id) <> ($2, $3)
		  AND (p.lat IS NULL OR p.lat BETWEEN CAST($4 AS float8) - $6 AND $4 + $6 AND p.lon BETWEEN CAST($5 AS float8) - $6 AND $5 + $6)
		  AND NOT EXISTS (SELECT FROM referral_offers o WHERE o.referral_id = $7 AND o.partner = p.code)`,
		pq.Array([]string{*f.Task}), r.Bot, r.Chat, from.Lat, from.Lon, searchDegrees, f.ID)
	if err != nil {
		return nil, wrap(err, "load volunteers")
	}
	all = slices.DeleteFunc(all, func(v volunteer) bool {
		at, ok := s.position(v.Lat, v.Lon, v.Place)
		return !ok || from.DistanceKM(at) > or(v.Reach, reachVolunteer)
	})
	for i, v := range all {
		at, _ := s.position(v.Lat, v.Lon, v.Place)
		all[i].km = from.DistanceKM(at)
	}
	slices.SortFunc(all, func(a, b volunteer) int { return cmp.Or(cmp.Compare(a.km, b.km), cmp.Compare(a.Code, b.Code)) })
	return all[:min(len(all), limit)], nil
}
