package intake

import (
	"errors"
	"strings"
)

// invitePrefix tells a worker's one-time code from a village's code in /start.
const invitePrefix = "w_"

// apply does what a command says, and takes words behind it as said. An unknown one alone gets the help that fits
// the person. Danger is heard first, whatever it is written behind.
func (a Command) apply(s *step) error {
	s.endWriting()
	s.endComment()
	quiet := a.Name == "quiet" && s.worker == nil
	looked, looks := a.findCommand()
	looks = looks && s.worker != nil
	if !looks && s.Offline.Crisis(clean(a.Text)) != "" {
		if err := (Said{Text: a.Text}).apply(s); err != nil || !quiet {
			return err
		}
		return s.beQuiet(s.now) // but for whom to call, which is told now
	}
	if quiet {
		return a.quiet(s)
	}
	if err := s.endQuiet(); err != nil {
		return err
	}
	if looks {
		return s.find(a, looked)
	}
	do, ok := workerCommands()[a.Name]
	if !ok || s.worker == nil {
		do, ok = residentCommands()[a.Name]
	}
	if partners, known := partnerCommands()[a.Name]; known && s.partner != nil {
		do, ok = partners, true
	}
	switch {
	case ok && a.isWords():
		if err := do(s, a.first()); err != nil {
			return err
		}
		return Said{Text: a.Arg}.apply(s)
	case ok:
		return do(s, a.Arg)
	case a.isWords():
		return Said{Text: a.Text}.apply(s)
	}
	return help(s, "")
}

// isWords tells whether something is said: in the place of the command's name, or behind it. One code behind a
// command is what it is for (a link's, a language's, dates'), or nothing; behind "new" it is a word.
func (a Command) isWords() bool {
	switch {
	case !isCode(a.Name):
		return true
	case clean(a.Arg) == "", a.Name == "language" && languageNamed(a.Arg) != "", a.Name == "away" && isDates(a.Arg):
		return false
	}
	return a.Name == "new" || !isCode(a.Arg)
}

// first is the first word behind the command: with words behind it, still what it is for. Dates are several words, and
// half of them are none.
func (a Command) first() string {
	if a.Name == "away" {
		return a.Arg
	}
	if words := strings.Fields(a.Arg); len(words) > 0 {
		return words[0]
	}
	return ""
}

// isCode tells whether text can be a command's name, or what a t.me link hands over.
func isCode(text string) bool {
	for _, r := range text {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '_' && r != '-' {
			return false
		}
	}
	return true
}

type command func(s *step, arg string) error

func residentCommands() map[string]command {
	return map[string]command{
		"start": start, "new": func(s *step, _ string) error { return s.newMatter() }, "help": help,
		"status":   status,
		"language": language,
		"privacy":  just(NoticePrivacy),
		"export":   export,
		"forget":   forget,
	}
}

func workerCommands() map[string]command {
	return map[string]command{"queue": just(NoticeQueue), "next": next, "mine": just(NoticeMine), "stats": just(NoticeStats), "duty": duty,
		"station": just(NoticeGroupHow), "away": away, "back": back, "handover": handOver, "admin": adminLink, "digest": digestCommand}
}

// just answers with a notice and does nothing else.
func just(kind string) command {
	return func(s *step, _ string) error {
		s.tell(kind, nil, nil)
		return nil
	}
}

// status lists the person's requests. One that isn't confirmed yet is shown once more, ready to be.
func status(s *step, _ string) error {
	s.tell(NoticeStatus, nil, nil)
	d, err := s.draft()
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	if _, placed := d.Point(); !placed && !d.Undecided() {
		return s.askPlace(d, "")
	}
	return s.proceed(d)
}

// language offers the languages, or takes the one that is named.
func language(s *step, name string) error {
	if named := languageNamed(name); named != "" {
		return s.chooseLanguage(named)
	}
	s.tell(NoticeLanguages, nil, nil)
	return nil
}

func help(s *step, _ string) error {
	if s.worker != nil {
		s.tell(NoticeWorkerHelp, nil, nil)
		return nil
	}
	if s.partner != nil {
		s.tell(NoticePartnerJoined, nil, nil)
	}
	s.tell(NoticeHelp, nil, nil)
	return nil
}

// start greets; its argument may be a worker's one-time code or a village's code, and anything else is ignored. A village
// answers the question for a place, which stays open where none is named.
func start(s *step, code string) error {
	p, ok := s.Router.Gazetteer().Lookup(code)
	if !ok && strings.HasPrefix(code, invitePrefix) {
		return s.join(code)
	}
	if !ok && strings.HasPrefix(code, partnerPrefix) {
		return s.joinAsPartner(code)
	}
	if !ok || !s.choosePlace(p, "link") {
		s.tell(NoticeWelcome, nil, nil)
		return nil
	}
	s.tell(NoticeWelcome, nil, Args{"place": p.Code})
	r, err := s.askedAbout()
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return s.placed(r)
}

// newMatter makes the next words a need of their own. A draft that was begun is taken back.
func (s *step) newMatter() error {
	d, err := s.draft()
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if d != nil && d.Undecided() { // those words are kept, where they most likely belong
		if err := s.assume(d); err != nil {
			return err
		}
	} else if d != nil {
		d.finish(Cancelled, s.now)
		s.log(d, "cancelled", ByResident, "", Args{"from": Draft})
		if err := d.save(s.ctx, s.tx); err != nil {
			return err
		}
		if err := s.redrawPosted(d, NoticeUnderstood, "closed", `TRUE`); err != nil {
			return err
		}
	}
	s.setMode(modeNeed, nil)
	s.tell(NoticeAskNeed, nil, nil)
	return nil
}
