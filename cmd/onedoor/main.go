// Command onedoor is OneDoor: a bot that takes a villager's request for help to the nearest social worker, the
// web admin of their supervisors, and the commands that run and fill it. This package reads the configuration
// and wires the rooms together; nothing else is decided here.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

// Exit codes: done, failed, wrong usage.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// cli is the whole command line.
type cli struct {
	config

	Version kong.VersionFlag `help:"Print the version."`

	Serve       serveCommand       `cmd:"" help:"Run the bot, the admin and the jobs."`
	Demo        demoCommand        `cmd:"" help:"Run OneDoor on sample data, with a resident's and a worker's phone in the browser."`
	Classify    classifyCommand    `cmd:"" help:"Say what messages mean: one a line on stdin, one JSON object a line on stdout."`
	Route       routeCommand       `cmd:"" help:"Say which station: CSV lat,lon,category on stdin, one JSON object a line on stdout."`
	Import      importCommand      `cmd:"" help:"Import stations, workers, organisations, places or the work calendar from CSV or XLSX."`
	Places      placesCommand      `cmd:"" help:"Import what the map shows of places: their boundaries."`
	Invite      inviteCommand      `cmd:"" help:"Print a worker's one-time link."`
	Admin       adminCommand       `cmd:"" help:"Manage accounts of the web admin."`
	Requests    requestsCommand    `cmd:"" help:"Print requests, one JSON object a line."`
	Eval        evalCommand        `cmd:"" help:"Measure the classifier on a TSV of category and text."`
	Learn       learnCommand       `cmd:"" help:"Show what corrections change on the project's test set, and learn those of a file."`
	Corrections correctionsCommand `cmd:"" help:"List, export or withdraw what people have corrected."`
	Report      reportCommand      `cmd:"" help:"Print response times as CSV."`
	Backup      backupCommand      `cmd:"" help:"Write all that is in the database to a file."`
	Restore     restoreCommand     `cmd:"" help:"Make an empty database what it was at a backup."`
}

// streams are where a command reads and writes: data on out, everything else on err.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

// run is the program: it returns the exit code.
func run(ctx context.Context, args []string, std streams) int {
	if strings.ContainsRune(strings.Join(args, ""), 0) { // which neither a file's name nor PostgreSQL's text can have
		return fail(std, usageError{errors.New("an argument has a zero byte in it")})
	}
	var c cli
	left := false
	parser, err := kong.New(&c, kong.Name("onedoor"), kong.Writers(std.out, std.err), kong.UsageOnError(),
		kong.Vars{"version": version()}, kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Description("One door: from a villager's message to the nearest social worker."),
		kong.Exit(func(int) { left = true }), kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(std))
	if err != nil {
		return fail(std, err)
	}
	command, err := parser.Parse(args)
	switch {
	case left: // --help has been printed
		return exitDone
	case err != nil:
		return fail(std, usageError{fmt.Errorf("%w; see onedoor --help", err)})
	}
	if err := command.Run(&c.config); err != nil {
		return fail(std, err)
	}
	return exitDone
}

// version is the module's, with the commit that it was built from where that is known.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "onedoor, version unknown"
	}
	text := "onedoor " + info.Main.Version + " " + info.GoVersion
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			text += " " + setting.Value
		}
	}
	return text
}

// usageError is an error in how the program was called.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// fail says what is wrong and picks the exit code.
func fail(std streams, err error) int {
	fmt.Fprintln(std.err, "onedoor:", err)
	var usage usageError
	if errors.As(err, &usage) {
		return exitUsage
	}
	return exitFailed
}
