package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"onedoor/admin"
	"onedoor/bot"
	"onedoor/intake"
	"onedoor/internal/sheet"
	"onedoor/routing"
)

type importCommand struct {
	Kind string `arg:"" enum:"stations,workers,organisations,volunteers,places,calendar,replies" help:"stations, workers, organisations, volunteers, places, calendar, or replies (quick ones, for workers)."`
	File string `arg:"" type:"existingfile" help:"CSV or XLSX with a header."`
}

// Run imports all rows of the file, or none and says what is wrong with which.
func (k *importCommand) Run(ctx context.Context, std streams, c *config) error {
	kind := importers()[k.Kind]
	table, err := kind.open(k.File)
	if err == nil {
		var d *domain
		if d, err = c.openDomain(ctx, c.quiet(std.err)); err != nil {
			return err
		}
		defer d.close()
		var counts routing.Counts
		if counts, err = kind.write(ctx, d, table); err == nil {
			if len(table.Warnings) > 0 {
				fmt.Fprintf(std.err, "imported all the same from %s:\n%s\n", k.File, table.Warnings)
			}
			fmt.Fprintf(std.err, "%s: %d added, %d changed, %d unchanged\n", k.Kind, counts.Added, counts.Changed, counts.Unchanged)
			if counts.Removed > 0 {
				fmt.Fprintf(std.err, "%s: %d removed\n", k.Kind, counts.Removed)
			}
			return nil
		}
	}
	return fmt.Errorf("nothing was imported from %s:\n%w", k.File, err)
}

// importer reads a file of one kind, and writes all of it.
type importer struct {
	open  func(path string) (*sheet.Sheet, error)
	write func(context.Context, *domain, *sheet.Sheet) (routing.Counts, error)
}

func importers() map[string]importer {
	return map[string]importer{
		"places": {routing.OpenPlaces, func(ctx context.Context, d *domain, s *sheet.Sheet) (routing.Counts, error) {
			return routing.ImportPlaces(ctx, d.db, s)
		}},
		"stations": {routing.OpenStations, func(ctx context.Context, d *domain, s *sheet.Sheet) (routing.Counts, error) {
			return routing.ImportStations(ctx, d.db, s, d.known)
		}},
		"calendar": {routing.OpenCalendar, func(ctx context.Context, d *domain, s *sheet.Sheet) (routing.Counts, error) {
			return routing.ImportCalendar(ctx, d.db, s)
		}},
		"workers": {intake.OpenWorkers, func(ctx context.Context, d *domain, s *sheet.Sheet) (routing.Counts, error) {
			return intake.ImportWorkers(ctx, d.db, s, d.known)
		}},
		"organisations": {intake.OpenOrganisations, func(ctx context.Context, d *domain, s *sheet.Sheet) (routing.Counts, error) {
			return intake.ImportOrganisations(ctx, d.db, s, d.known)
		}},
		"replies": {intake.OpenReplies, func(ctx context.Context, d *domain, s *sheet.Sheet) (routing.Counts, error) {
			return intake.ImportReplies(ctx, d.db, s, d.known)
		}},
		"volunteers": {intake.OpenVolunteers, func(ctx context.Context, d *domain, s *sheet.Sheet) (routing.Counts, error) {
			return intake.ImportVolunteers(ctx, d.db, s)
		}},
	}
}

// known tells whether a category exists.
func (d *domain) known(category string) bool {
	_, ok := d.intake.Taxonomy.Category(category)
	return ok
}

type inviteCommand struct {
	Worker string `arg:"" help:"The code of a worker, a volunteer, or an organisation for which somebody is to answer."`
}

// Run prints a link that binds the chat of whoever opens it first, within 72 hours, to the worker, the volunteer, or the organisation.
func (k *inviteCommand) Run(ctx context.Context, std streams, c *config) error {
	d, err := c.readDomain(ctx, std)
	if err != nil {
		return err
	}
	defer d.close()
	code, err := d.intake.Invite(ctx, k.Worker)
	if errors.Is(err, intake.ErrNotFound) {
		return fmt.Errorf("there is no active worker, volunteer or organisation %q; import them first", k.Worker)
	}
	if err != nil {
		return err
	}
	name, err := d.botName(ctx, c)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.out, "https://t.me/%s?start=%s\n", name, code)
	return nil
}

// botName is the name of the bot of the configured token or, without one, of the only bot that has served here.
func (d *domain) botName(ctx context.Context, c *config) (string, error) {
	if c.Token != "" {
		b, err := bot.New(c.botOptions(d.db, d.intake, d.intake.Log))
		if err != nil {
			return "", usageError{err}
		}
		return b.Name(ctx)
	}
	var names []string
	if err := d.db.SelectContext(ctx, &names, `SELECT username FROM bots WHERE username <> ''`); err != nil {
		return "", fmt.Errorf("load the bots: %w", err)
	}
	if len(names) != 1 {
		return "", usageError{errors.New("set TELEGRAM_BOT_TOKEN: the link needs to know which bot")}
	}
	return names[0], nil
}

type adminCommand struct {
	Create adminCreateCommand `cmd:"" help:"Make an account, or give it a new one-time password."`
}

type adminCreateCommand struct {
	Name    string `arg:"" help:"Letters, digits and ._@-"`
	Role    string `enum:"administrator,supervisor,auditor" default:"administrator" help:"administrator, supervisor or auditor."`
	Station string `placeholder:"CODE" help:"The station that a supervisor's account is limited to."`
	County  string `placeholder:"CODE" help:"The county, or wider place, to whose stations a supervisor's account is limited."`
}

// Run prints the one-time password; it must be changed at the first login.
func (k *adminCreateCommand) Run(ctx context.Context, std streams, c *config) error {
	d, err := c.openDomain(ctx, c.quiet(std.err))
	if err != nil {
		return err
	}
	defer d.close()
	password, err := admin.CreateAccount(ctx, d.db, k.Name, k.Role, k.Station, k.County)
	if err != nil {
		return err
	}
	fmt.Fprintln(std.out, password)
	return nil
}

type requestsCommand struct {
	Since string `placeholder:"TIME" help:"Only those made since: a date, or RFC 3339."`
	State string `enum:",draft,open,claimed,referred,resolved,closed,cancelled" default:"" help:"Only those in this state: draft, open, claimed, referred, resolved, closed or cancelled."`
}

// Run prints requests, the oldest first.
func (k *requestsCommand) Run(ctx context.Context, std streams, c *config) error {
	since, err := moment(k.Since, time.Time{}, time.Local)
	if err != nil {
		return err
	}
	d, err := c.listDomain(ctx, std)
	if err != nil {
		return err
	}
	defer d.close()
	out := bufio.NewWriter(std.out)
	defer out.Flush()
	encode := json.NewEncoder(out)
	encode.SetEscapeHTML(false)
	return d.intake.Records(ctx, since, k.State, func(r intake.Record) error { return encode.Encode(r) })
}

type reportCommand struct {
	From string `placeholder:"TIME" help:"Requests submitted from then on: a date, or RFC 3339. Days are those of each station's time zone."`
	To   string `placeholder:"TIME" help:"… and before then."`
	By   string `enum:"station,worker_station,category,urgency,county,setting,day,week,month,all" default:"station" help:"station, worker_station, category, urgency, county, setting (urban or rural), day, week, month or all."`

	Definitions string `placeholder:"LANGUAGE" enum:",en,zh-CN,zh-HK" default:"" help:"Print what the figures mean, in en, zh-CN or zh-HK, and nothing else."`
}

// Run prints response times, or what they mean.
func (k *reportCommand) Run(ctx context.Context, std streams, c *config) error {
	if k.Definitions != "" {
		text, err := admin.Definitions(k.Definitions)
		if err == nil {
			_, err = fmt.Fprintln(std.out, text)
		}
		return err
	}
	from, err := moment(k.From, time.Time{}, intake.China)
	if err != nil {
		return err
	}
	to, err := moment(k.To, time.Now().Add(48*time.Hour), intake.China)
	if err != nil {
		return err
	}
	if !from.Before(to) {
		return usageError{fmt.Errorf("from %s to %s there is no time: --from must be before --to, and not in the future", k.From, cmp.Or(k.To, "today"))}
	}
	d, err := c.listDomain(ctx, std)
	if err != nil {
		return err
	}
	defer d.close()
	figures, err := d.intake.Report(ctx, intake.Scope{From: from, To: to, Days: isDay(k.From) && isDay(k.To)}, k.By)
	if err != nil {
		return err
	}
	return intake.WriteReport(std.out, k.By, figures)
}

// isDay tells whether what moment reads is a date, or nothing.
func isDay(text string) bool { return len(text) <= len(time.DateOnly) }

// moment reads a date (the day's beginning in a time zone) or an RFC 3339 time; empty is otherwise.
func moment(text string, otherwise time.Time, zone *time.Location) (time.Time, error) {
	if text == "" {
		return otherwise, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		return t, usageError{fmt.Errorf("%q is neither a date like 2026-11-23 nor a time like 2026-11-23T08:30:00+08:00", text)}
	}
	return t, nil
}
