package intake

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"onedoor/routing"
)

// A Register is a table that people keep by lists, forms and files, under the name by which `onedoor import` knows it.
type Register struct {
	Name string
	*routing.Table
	searched []string                                                  // the columns whose words are searched, beside the key
	sight    string                                                    // the condition that the record t is in the sight s; see sighted
	keeps    func(Sight, routing.Cells) bool                           // whether a record like this is one for somebody of that sight to keep
	sees     func(Sight, routing.Cells) bool                           // whether it is in sight; nil: who sees it keeps it
	turned   func(*step, turning) error                                // see Switch; nil: by other ways
	rename   string                                                    // the statement that gives the record of id $1 another key, $2 and on; empty: never
	affects  func(*Service, context.Context, string) (Affected, error) // see Affected; nil: nothing
	ledger   *Ledger                                                   // where its records are; nil: in the table of OnRecord
}

// sighted is the sight s in a statement whose parameters $1 to $3 are Sight.args.
const sighted = `(SELECT CAST($1 AS boolean) AS everything, CAST($2 AS text[]) AS stations, CAST($3 AS text[]) AS places) AS s`

// Registers are all there are, in the order in which they build on each other.
func (s *Service) Registers() []*Register {
	known := func(category string) bool { _, ok := s.Taxonomy.Category(category); return ok }
	inPlace := func(column string) func(Sight, routing.Cells) bool {
		return func(sight Sight, c routing.Cells) bool { return sight.All || slices.Contains(sight.Places, c[column]) }
	}
	atStation := func(sight Sight, c routing.Cells) bool { return sight.SeesStation(c["station"]) }
	const there = `(s.everything OR t.place_code = ANY (s.places))`
	return []*Register{
		{Name: "places", Table: routing.PlaceTable(), searched: []string{"name", "name_en"}, sight: `true`,
			keeps: func(sight Sight, _ routing.Cells) bool { return sight.All }, turned: (*step).turnPlace},
		{Name: "stations", Table: routing.StationTable(known), searched: []string{"name", "name_en"},
			sight: `(s.everything OR t.code = ANY (s.stations))`, keeps: inPlace("county_code"), turned: (*step).turnStation, affects: (*Service).atStation},
		{Name: "workers", Table: workerTable(known), searched: []string{"name"},
			sight: `(s.everything OR t.station = ANY (s.stations))`, keeps: atStation},
		{Name: "organisations", Table: organisationTable(known), searched: []string{"name", "name_en", "contact"}, sight: there,
			keeps: inPlace("place_code"), turned: (*step).turnOrganisation, affects: (*Service).withPartner},
		{Name: "volunteers", Table: volunteerTable(), searched: []string{"name"}, sight: there,
			keeps: inPlace("place_code"), turned: (*step).turnVolunteer, affects: (*Service).withPartner},
		{Name: "replies", Table: replyTable(known), searched: []string{"title", "text"},
			sight: `(s.everything OR t.station IS NULL OR t.station = ANY (s.stations))`, keeps: atStation, turned: (*step).turnReply,
			sees:   func(sight Sight, c routing.Cells) bool { return c["station"] == "" || atStation(sight, c) },
			rename: `UPDATE canned_replies SET station = nullif($2, ''), category = nullif($3, ''), language = $4, title = $5 WHERE id = CAST($1 AS bigint)`},
	}
}

// Register is the one of that name, or ErrNotFound.
func (s *Service) Register(name string) (*Register, error) {
	for _, reg := range s.Registers() {
		if reg.Name == name {
			return reg, nil
		}
	}
	return nil, ErrNotFound
}

// Keeps tells whether a record like this is one for somebody of that sight to keep. What may be seen may not always be changed.
func (reg *Register) Keeps(sight Sight, cells routing.Cells) bool { return reg.keeps(sight, cells) }

// An Entry is a record as it is in a register.
type Entry struct {
	ID     string `db:"id"` // for good
	Key    string `db:"key"`
	Active bool   `db:"active"`
	Cells  routing.Cells

	Record document `db:"record"`
}

// A Search is for records of a register.
type Search struct {
	Words string // somewhere in a name or the key
	Off   bool   // those that are switched off too
	After string // a key: only what comes after it
	Limit int
	ID    string // only the one of it
}

// Entries are those in sight that are searched for, by key.
func (s *Service) Entries(ctx context.Context, sight Sight, reg *Register, q Search) ([]Entry, error) {
	if reg.ledger != nil {
		return reg.foundInLedger(ctx, s.DB, q)
	}
	words := make([]string, 0, len(reg.searched)+1)
	for _, column := range append([]string{"key"}, reg.searched...) {
		words = append(words, "t."+column)
	}
	var all []Entry
	err := s.DB.SelectContext(ctx, &all, `SELECT t.id, t.key, t.active, to_jsonb(t) AS record FROM (`+reg.OnRecord+`) t, `+sighted+`
		WHERE `+reg.sight+` AND ($4 = '' OR strpos(lower(concat_ws(' ', `+strings.Join(words, ", ")+`)), lower($4)) > 0)
		  AND ($5 OR t.active) AND t.key > $6 AND ($8 = '' OR t.id = $8) ORDER BY t.key LIMIT $7`,
		sight.args(q.Words, q.Off, q.After, q.Limit, q.ID)...)
	if err != nil {
		return nil, wrap(err, "load "+reg.Name)
	}
	return all, reg.fill(all)
}

// Entry is the one of that id, if it is in sight, or ErrNotFound.
func (s *Service) Entry(ctx context.Context, sight Sight, reg *Register, id string) (Entry, error) {
	found, err := s.Entries(ctx, sight, reg, Search{ID: id, Off: true, Limit: 1})
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Entry{}, err
	}
	return found[0], nil
}

// lockRecords are the records that a condition on t names, in sight or not, kept from being changed until tx ends.
func (reg *Register) lockRecords(ctx context.Context, tx *sqlx.Tx, condition string, arg any) ([]Entry, error) {
	var all []Entry
	err := tx.SelectContext(ctx, &all, `SELECT t.id, t.key, t.active, to_jsonb(t) AS record FROM (`+reg.OnRecord+`) t
		WHERE `+condition+` ORDER BY t.key FOR NO KEY UPDATE OF t`, arg)
	if err != nil {
		return nil, wrap(err, "lock "+reg.Name)
	}
	return all, reg.fill(all)
}

// fill gives records their cells.
func (reg *Register) fill(all []Entry) error {
	for i := range all {
		cells, err := routing.CellsOf(json.RawMessage(all[i].Record))
		if err != nil {
			return err
		}
		for column := range cells {
			if !slices.Contains(reg.All(), column) {
				delete(cells, column)
			}
		}
		all[i].Cells, all[i].Record = cells, nil
	}
	return nil
}
