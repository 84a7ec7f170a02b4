package intake

import (
	"context"
	"encoding/json"

	"onedoor/routing"
)

// The reasons for which a request is in front of a station.
const (
	WhyNearest  = "nearest"   // to the place of the request
	WhyFit      = "fit"       // the nearest that can help; others are nearer
	WhyLast     = "last"      // to where the resident was the last time
	WhyLink     = "link"      // to the village whose link the resident came by
	WhyChoice   = "choice"    // to the place that the resident chose
	WhyOffered  = "offered"   // to it too: Station has it, and nobody there has claimed it
	WhyAnybody  = "anybody"   // no station has it
	WhyPassed   = "passed"    // by Worker of Station, with a Reason where one was given
	WhySent     = "sent"      // by a supervisor
	WhyHandedUp = "handed_up" // Worker asks a supervisor to decide
	WhyReleased = "released"  // by Worker, or by the clock
	WhyReopened = "reopened"
	WhyTaken    = "taken_away" // from its worker, by a supervisor
)

// WhyKinds are all of them.
func WhyKinds() []string {
	return []string{WhyNearest, WhyFit, WhyLast, WhyLink, WhyChoice, WhyOffered, WhyAnybody, WhyPassed, WhySent, WhyHandedUp,
		WhyReleased, WhyReopened, WhyTaken}
}

// A Why is the last thing that has brought a request to a station. It is of no Kind where the log doesn't say.
type Why struct {
	Kind    string
	Worker  string // the shown name
	Station string // a code
	Reason  string // as the log has it
}

// Why says why the request is in front of a station, by its log.
func (s *Service) Why(ctx context.Context, v *View, station string) (Why, error) {
	var e struct {
		Kind  string          `db:"kind"`
		Actor string          `db:"actor"`
		Name  string          `db:"name"`
		Data  json.RawMessage `db:"data"`
	}
	own := value(v.Station) == station
	err := s.DB.GetContext(ctx, &e, `
		SELECT e.kind, e.actor, coalesce(w.name, '') AS name, e.data
		FROM events e LEFT JOIN workers w ON e.actor = 'worker' AND w.code = e.actor_id
		WHERE e.request_id = $1 AND (e.kind IN ('routed', 'offered') AND e.data ->> 'station' = $2
			OR e.kind = 'transferred' AND (e.data ->> 'to' = $2 OR $3 AND e.data ->> 'to' = $4) OR $3 AND e.kind IN ('released', 'reopened'))
		ORDER BY e.id DESC LIMIT 1`, v.ID, station, own, ToSupervisor)
	if noRows(err) {
		return Why{}, nil
	}
	if err != nil {
		return Why{}, wrap(err, "find why a request is at a station")
	}
	var data struct{ From, To, Reason string }
	_ = json.Unmarshal(e.Data, &data) // what isn't there stays empty
	switch {
	case e.Kind == "routed" && !own && v.Station != nil: // it had it before
		return Why{Kind: WhyOffered, Station: *v.Station}, nil
	case e.Kind == "routed":
		return Why{Kind: v.whyRouted()}, nil
	case e.Kind == "offered" && v.Station == nil:
		return Why{Kind: WhyAnybody}, nil
	case e.Kind == "offered":
		return Why{Kind: WhyOffered, Station: *v.Station}, nil
	case e.Kind == "released" && e.Actor == BySupervisor:
		return Why{Kind: WhyTaken}, nil
	case e.Kind != "transferred":
		return Why{Kind: e.Kind, Worker: e.Name}, nil
	case data.To == ToSupervisor:
		return Why{Kind: WhyHandedUp, Worker: e.Name}, nil
	case e.Actor == ByWorker:
		return Why{Kind: WhyPassed, Worker: e.Name, Station: data.From, Reason: data.Reason}, nil
	}
	return Why{Kind: WhySent}, nil
}

// whyRouted is why routing has decided on the request's station.
func (r *Request) whyRouted() string {
	var d routing.Decision
	_ = json.Unmarshal(r.Routing, &d) // an older form has no reasons
	switch {
	case r.PlaceSource == "last", r.PlaceSource == "link", r.PlaceSource == "choice":
		return r.PlaceSource
	case len(d.Reasons) > 0 && d.Reasons[0].Station != d.Station:
		return WhyFit
	}
	return WhyNearest
}
