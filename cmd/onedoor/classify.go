package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"

	"onedoor/prompts"
	"onedoor/routing"
)

// maxLine is the longest line read from stdin, in bytes.
const maxLine = 1 << 20

type classifyCommand struct {
	Offline    bool `help:"Ask no model, even where one is configured."`
	ShowMasked bool `help:"Ask no model, and print what it would be asked about each message: the field question, and masked, the words in it."`
}

// Run classifies stdin line by line.
func (k *classifyCommand) Run(ctx context.Context, std streams, c *config) error {
	classify, err := k.classifier(ctx, c, c.quiet(std.err))
	if err != nil {
		return err
	}
	out := bufio.NewWriter(std.out)
	defer out.Flush()
	lines := bufio.NewScanner(std.in)
	lines.Buffer(nil, maxLine)
	encode := json.NewEncoder(out)
	encode.SetEscapeHTML(false)
	for lines.Scan() {
		line, err := classify(lines.Text())
		if err != nil {
			return err
		}
		if err := encode.Encode(line); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read a message of at most 1 MiB a line: %w", err)
	}
	return nil
}

func (k *classifyCommand) classifier(ctx context.Context, c *config, log *slog.Logger) (func(string) (classified, error), error) {
	taxonomy, offline, err := offlineOnly()
	if err != nil {
		return nil, err
	}
	model, err := c.model(taxonomy, offline)
	switch {
	case err != nil:
		return nil, err
	case k.ShowMasked:
		return func(text string) (classified, error) { return masked(offline, text) }, nil
	case k.Offline || model == nil:
		return func(text string) (classified, error) {
			return classified{Text: text, Understanding: offline.Classify(text)}, nil
		}, nil
	}
	return func(text string) (classified, error) {
		u, err := model.Classify(ctx, text)
		if err != nil {
			log.Warn("the model gave no usable answer; the offline answer stands", "error", err)
		}
		u.Asked = nil // the text stands beside it, and the rest is for supervisors
		return classified{Text: text, Understanding: u}, nil
	}, nil
}

// masked is the offline answer with what a model would be asked: nothing of a cry for help, which waits for none.
func masked(offline *prompts.Offline, text string) (classified, error) {
	line := classified{Text: text, Masked: prompts.Mask(text), Understanding: offline.Classify(text)}
	if line.Crisis != "" {
		return line, nil
	}
	question, err := offline.Question(text)
	line.Question = json.RawMessage(question)
	return line, err
}

// classified is one line of output: the contract's fields, in its order.
type classified struct {
	Text     string          `json:"text"`
	Masked   string          `json:"masked,omitempty"`
	Question json.RawMessage `json:"question,omitempty"`
	prompts.Understanding
}

type evalCommand struct {
	File      string `arg:"" type:"existingfile" help:"TSV: category (or several that are right, parted by |), tab, text."`
	Confusion bool   `help:"Also print what was taken for what."`
}

// Run measures the offline classifier.
func (k *evalCommand) Run(std streams) error {
	taxonomy, offline, err := offlineOnly()
	if err != nil {
		return err
	}
	f, err := os.Open(k.File)
	if err != nil {
		return err
	}
	defer f.Close()
	report, err := taxonomy.Evaluate(f, offline.Classify)
	if err != nil {
		return fmt.Errorf("evaluate %s: %w", k.File, err)
	}
	if report.Total == 0 {
		return fmt.Errorf("evaluate %s: there is no message in it", k.File)
	}
	if _, err := report.WriteTo(std.out); err != nil || !k.Confusion {
		return err
	}
	return report.WriteConfusion(std.out)
}

type routeCommand struct{}

// Run routes every line of the CSV on stdin.
func (routeCommand) Run(ctx context.Context, std streams, c *config) error {
	rows := csv.NewReader(std.in)
	header, err := rows.Read()
	if err != nil || strings.ToLower(strings.TrimPrefix(strings.Join(header, ","), "\ufeff")) != "lat,lon,category" {
		return errors.New("read stdin: it must begin with the header lat,lon,category")
	}
	d, err := c.readDomain(ctx, std)
	if err != nil {
		return err
	}
	defer d.close()
	out := bufio.NewWriter(std.out)
	defer out.Flush()
	encode := json.NewEncoder(out)
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read stdin: %w", err)
		}
		query, err := d.query(row)
		if err != nil {
			line, _ := rows.FieldPos(0)
			return fmt.Errorf("line %d: %w", line, err)
		}
		if !d.router.Knows(query.At, farAway) {
			line, _ := rows.FieldPos(0)
			fmt.Fprintf(std.err, "line %d: %s, %s is in the sea, or more than %.0f km from every place and station: see whether latitude and longitude are the right way round\n",
				line, row[0], row[1], farAway)
		}
		if err := encode.Encode(d.router.Route(query)); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
}

// farAway is how many kilometres from all that is known a position is probably a slip.
const farAway = 100.0

// query reads one line of what is to be routed.
func (d *domain) query(row []string) (routing.Query, error) {
	lat, errLat := strconv.ParseFloat(strings.TrimSpace(row[0]), 64)
	lon, errLon := strconv.ParseFloat(strings.TrimSpace(row[1]), 64)
	at := routing.Point{Lat: lat, Lon: lon}
	if errLat != nil || errLon != nil || !at.Valid() {
		return routing.Query{}, fmt.Errorf("%q, %q is not a position: latitude -90 to 90, longitude -180 to 180, in degrees, and not 0, 0, which broken devices send", row[0], row[1])
	}
	category := strings.TrimSpace(row[2])
	if _, ok := d.intake.Taxonomy.Category(category); !ok && category != "" {
		return routing.Query{}, fmt.Errorf("category %q is not one of the taxonomy's", category)
	}
	return routing.Query{At: at, Category: category}, nil
}
