package admin

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"onedoor/intake"
)

// auditRefs is how many requests of a list a page of the record names; its sheet names all.
const auditRefs = 30

// auditFew is how many stand there unfolded.
const auditFew = 6

// auditList is what a line of the record says that a list showed.
type auditList struct {
	Count, More int      // More: that are not named
	Refs        []string // what is searched for first
	Folded      bool
}

// List is what a line says that a list showed; nil where it is of no list.
func (p *auditPage) List(row auditRow) *auditList {
	if !strings.HasSuffix(row.Action, wasListed) {
		return nil
	}
	l := &auditList{Count: len(row.Refs), Refs: slices.Clone(row.Refs), Folded: len(row.Refs) > auditFew}
	if at := slices.Index(l.Refs, intake.NormalRef(p.Object)); at >= 0 {
		asked := l.Refs[at]
		l.Refs = slices.Insert(slices.Delete(l.Refs, at, at+1), 0, asked)
	}
	l.Refs = l.Refs[:min(len(l.Refs), auditRefs)]
	l.More = l.Count - len(l.Refs)
	return l
}

// auditWhere is which lines of the record a page of it shows, and auditColumns what of them.
const (
	auditWhere = ` WHERE at >= $1 AND at < $2 AND ($3 = '' OR account = $3) AND (CAST($4 AS bigint) = 0 OR id < $4)`

	auditColumns = `id, at, account, action, object, detail, refs`

	auditOrigins = `SELECT a.id, a.at, account, action, object, detail::text AS detail, refs, o.address FROM a LEFT JOIN origins o ON o.record = a.id ORDER BY a.id DESC`
)

// auditAll reads a page of all lines: of the days from $1 to before $2, the account $3, before the line $4. auditAbout reads those that are about $6 or had $7 in
// a list, each by its index: the lines of one thing are few beside all, whatever the planner believes.
const (
	auditAll = `WITH a AS (SELECT ` + auditColumns + ` FROM audit` + auditWhere + ` ORDER BY id DESC LIMIT $5) ` + auditOrigins

	auditAbout = `
		WITH named AS MATERIALIZED (SELECT ` + auditColumns + ` FROM audit WHERE lower(object) = lower($6) AND object <> ''),
			listed AS MATERIALIZED (SELECT ` + auditColumns + ` FROM audit WHERE refs @> ARRAY[CAST($7 AS text)] AND refs <> '{}'),
			found AS (SELECT * FROM named UNION ALL SELECT * FROM listed WHERE id NOT IN (SELECT id FROM named)),
			a AS (SELECT * FROM found` + auditWhere + ` ORDER BY id DESC LIMIT $5)
		` + auditOrigins
)

// readRecord loads the lines of the days from one to before the other that a page asks for, at most so many.
func (a *Admin) readRecord(ctx context.Context, p *auditPage, from, to time.Time, limit int) error {
	statement, args := auditAll, []any{from, to, clip(p.Who, maxDetail), p.Before, limit}
	if object := clip(p.Object, maxDetail); object != "" {
		statement, args = auditAbout, append(args, object, intake.NormalRef(object))
	}
	if err := a.DB.SelectContext(ctx, &p.Rows, statement, args...); err != nil {
		return fmt.Errorf("read the record: %w", err)
	}
	return nil
}
