package texts

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
	"unicode/utf8"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// A Change is a text that somebody has worded anew.
type Change struct {
	Language string `db:"language"`
	Key      string `db:"key"`
	Text     string `db:"text"`
}

// Why a text can't take the place of another.
var (
	ErrUnknown = errors.New("there is no such text, or it can't be changed")
	ErrLength  = errors.New("the text is empty or too long")
	ErrValues  = errors.New("the text must name the same values in {{ }} as the original, and nothing else")
)

// roomy is how many characters a text may always have; one whose original is longer may have as many as that.
const roomy = 200

// plain are the texts that say one thing whatever is counted. Labels are left out: people and manuals know buttons and
// commands by their words.
func plain(messages []*i18n.Message) map[string]string {
	all := map[string]string{}
	for _, m := range messages {
		label := strings.HasPrefix(m.ID, "button_") || strings.HasPrefix(m.ID, "command_")
		if m.One == "" && m.Other != "" && !label {
			all[m.ID] = m.Other
		}
	}
	return all
}

// Keys are those of the texts that can be changed, in their order.
func (c *Catalogue) Keys() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(c.originals[c.first])), func(key string) bool {
		for _, texts := range c.originals {
			if texts[key] == "" {
				return true // what is counted in another language
			}
		}
		return false
	})
}

// Original is a text as the program brings it, and Current as it is said now; false for what can't be changed.
func (c *Catalogue) Original(lang, key string) (string, bool) {
	text, ok := c.originals[lang][key]
	return text, ok
}

// Current is a text as it is said now, its values unfilled, and whether it was changed.
func (c *Catalogue) Current(lang, key string) (text string, changed bool) {
	if text, changed = c.changed.Load().texts[lang][key]; changed {
		return text, true
	}
	return c.originals[lang][key], false
}

// Check tells why a change is none: ErrUnknown, ErrLength or ErrValues.
func (c *Catalogue) Check(change Change) error {
	original, ok := c.Original(change.Language, change.Key)
	if !ok {
		return ErrUnknown
	}
	most := max(roomy, utf8.RuneCountInString(original))
	if strings.TrimSpace(change.Text) == "" || utf8.RuneCountInString(change.Text) > most {
		return ErrLength
	}
	mine, err := values(change.Text)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrValues, err)
	}
	theirs, err := values(original)
	if err != nil {
		return fmt.Errorf("read the text %s in %s: %w", change.Key, change.Language, err)
	}
	if !slices.Equal(mine, theirs) {
		return ErrValues
	}
	return nil
}

// Values are the names of the values that a text is filled with, and of those on which it depends.
func (c *Catalogue) Values(lang, key string) []string {
	all, err := values(c.originals[lang][key])
	if err != nil {
		return nil
	}
	return all
}

// values are the names of the values in a text, each once; an error for a text that does more than naming values and asking
// whether there is one.
func values(text string) ([]string, error) {
	t, err := template.New("").Parse(text)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	if len(t.Templates()) > 1 || t.Tree != nil && !named(t.Root, names) {
		return nil, errors.New("only {{.Value}}, {{if}}, {{with}}, {{else}} and {{end}} can stand in a text")
	}
	return slices.Sorted(maps.Keys(names)), nil
}

// named gathers the names of values below a node; it is false for a node that does anything else. The dot of a {{with}} and
// comparisons of the originals are known, so that any original can be kept as it is.
func named(node parse.Node, names map[string]bool) bool {
	all := func(nodes ...parse.Node) bool {
		return !slices.ContainsFunc(nodes, func(n parse.Node) bool { return !named(n, names) })
	}
	branch := func(pipe *parse.PipeNode, list, otherwise *parse.ListNode) bool {
		return named(pipe, names) && named(list, names) && (otherwise == nil || named(otherwise, names))
	}
	switch n := node.(type) {
	case *parse.TextNode, *parse.DotNode, *parse.StringNode, *parse.NumberNode, *parse.CommentNode:
		return true
	case *parse.FieldNode:
		names[strings.Join(n.Ident, ".")] = true
		return true
	case *parse.IdentifierNode:
		return slices.Contains([]string{"and", "or", "not", "eq", "ne", "gt", "ge", "lt", "le"}, n.Ident)
	case *parse.ListNode:
		return all(n.Nodes...)
	case *parse.ActionNode:
		return named(n.Pipe, names)
	case *parse.IfNode:
		return branch(n.Pipe, n.List, n.ElseList)
	case *parse.WithNode:
		return branch(n.Pipe, n.List, n.ElseList)
	case *parse.CommandNode:
		return all(n.Args...)
	case *parse.PipeNode:
		return len(n.Decl) == 0 && !slices.ContainsFunc(n.Cmds, func(c *parse.CommandNode) bool { return !named(c, names) })
	}
	return false
}

// wording is what was worded anew at one moment. It never changes.
type wording struct {
	texts      map[string]map[string]string // by language and key
	localizers map[string]*i18n.Localizer   // that know these texts and no others
}

// Change says these texts in the place of the originals, and no others. Those that fail Check are returned and not said.
func (c *Catalogue) Change(changes []Change) (refused []Change) {
	next := &wording{map[string]map[string]string{}, map[string]*i18n.Localizer{}}
	bundles := map[string]*i18n.Bundle{}
	for lang := range c.originals {
		bundles[lang] = i18n.NewBundle(language.Make(lang))
		next.texts[lang], next.localizers[lang] = map[string]string{}, i18n.NewLocalizer(bundles[lang], lang)
	}
	for _, change := range changes {
		if c.Check(change) != nil || bundles[change.Language].AddMessages(language.Make(change.Language), &i18n.Message{ID: change.Key, Other: change.Text}) != nil {
			refused = append(refused, change)
			continue
		}
		next.texts[change.Language][change.Key] = change.Text
	}
	c.changed.Store(next)
	return refused
}
