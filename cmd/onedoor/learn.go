package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"onedoor/intake"
	"onedoor/prompts"
)

type learnCommand struct {
	File   string `arg:"" optional:"" type:"existingfile" help:"TSV of category and text, as corrections --export writes it. None: show what the present corrections change."`
	DryRun bool   `help:"Learn nothing; only show what would change."`
}

// Run shows what corrections change on the project's test set, and takes those of the file.
func (k *learnCommand) Run(ctx context.Context, std streams, c *config) error {
	d, err := c.readDomain(ctx, std)
	if err != nil {
		return err
	}
	defer d.close()
	taught, err := d.intake.Taught(ctx)
	if err != nil {
		return err
	}
	var before, more []prompts.Example
	if k.File != "" {
		if more, err = d.readExamples(k.File); err != nil {
			return fmt.Errorf("nothing was learnt from %s: %w", k.File, err)
		}
		before = taught
	}
	if err := d.compare(std, before, slices.Concat(more, taught)); err != nil {
		return err
	}
	if k.DryRun || len(more) == 0 {
		return nil
	}
	if err := d.intake.AddCorrections(ctx, more); err != nil {
		return err
	}
	fmt.Fprintf(std.err, "%d corrections learnt; `onedoor corrections` lists them, and --withdraw takes one back\n", len(more))
	return nil
}

// readExamples reads a file in the format of `onedoor eval`, with one right category a line.
func (d *domain) readExamples(path string) (examples []prompts.Example, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	report, err := d.intake.Taxonomy.Evaluate(f, func(string) prompts.Understanding { return prompts.Understanding{} })
	for _, a := range report.Answers {
		if len(a.Right) != 1 || strings.TrimSpace(a.Text) == "" {
			return nil, fmt.Errorf("%q needs one category and a text", a.Text)
		}
		examples = append(examples, prompts.Example{Message: a.Text, Category: a.Right[0]})
	}
	return examples, err
}

// compare prints how well the test set is classified with the corrections before and after, and what changes.
func (d *domain) compare(std streams, before, after []prompts.Example) error {
	was, err := d.evaluateWith(before)
	if err != nil {
		return err
	}
	is, err := d.evaluateWith(after)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(std.out)
	defer out.Flush()
	fmt.Fprintf(out, "test set\t%d messages\ncorrections\t%d before, %d after\naccuracy\t%.4f before, %.4f after\nworst recall\t%.4f before, %.4f after\n",
		is.Total, len(before), len(after), was.Accuracy(), is.Accuracy(), was.WorstRecall(), is.WorstRecall())
	for i, a := range is.Answers {
		if b := was.Answers[i]; a.Got != b.Got {
			verdict := "still wrong"
			switch {
			case slices.Contains(a.Right, a.Got):
				verdict = "mended"
			case slices.Contains(b.Right, b.Got):
				verdict = "spoilt"
			}
			fmt.Fprintf(out, "%s\t%s → %s\t%s\n", verdict, b.Got, a.Got, a.Text)
		}
	}
	return nil
}

func (d *domain) evaluateWith(corrections []prompts.Example) (prompts.Report, error) {
	d.intake.Offline.Learn(corrections)
	return d.intake.Taxonomy.EvaluateOnTestSet(d.intake.Offline.Classify)
}

type correctionsCommand struct {
	All      bool  `help:"Also those withdrawn."`
	Export   bool  `help:"As TSV of category and text, for learn and eval."`
	Withdraw int64 `placeholder:"ID" help:"Have the classifiers forget this one."`
}

// Run lists what people have corrected, the latest first, or withdraws one.
func (k *correctionsCommand) Run(ctx context.Context, std streams, c *config) error {
	d, err := c.readDomain(ctx, std)
	if err != nil {
		return err
	}
	defer d.close()
	if k.Withdraw != 0 {
		err := d.intake.WithdrawCorrection(ctx, k.Withdraw)
		if errors.Is(err, intake.ErrNotFound) {
			return fmt.Errorf("there is no correction %d, or it is withdrawn already; `onedoor corrections` lists them", k.Withdraw)
		}
		return err
	}
	found, err := d.intake.Corrections(ctx, k.All)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(std.out)
	defer out.Flush()
	encode := json.NewEncoder(out)
	encode.SetEscapeHTML(false)
	for _, correction := range found {
		if k.Export {
			fmt.Fprintf(out, "%s\t%s\n", correction.Category, strings.Join(strings.Fields(correction.Text), " "))
		} else if err := encode.Encode(correction); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	return nil
}
