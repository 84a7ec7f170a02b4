package admin

import (
	"strings"

	"onedoor/prompts"
)

// keyHelp is what some keys do on the board.
type keyHelp struct {
	Keys []string
	Does string
}

// Keys are what keys do on the board, for its help.
func (p *boardPage) Keys() []keyHelp {
	all := []keyHelp{{[]string{"j", "k", "↑", "↓"}, p.T("key_move")}, {[]string{"Enter", "o"}, p.T("key_open")}}
	if p.Account.MayChange() {
		all = append(all, keyHelp{[]string{"1", "2", "3", "4"}, p.T("key_likely")}, keyHelp{[]string{"s"}, p.T("set_service")},
			keyHelp{[]string{"e", "u", "n"}, p.T("key_urgency")}, keyHelp{[]string{"t"}, p.T("key_nearest")}, keyHelp{[]string{"w"}, p.T("act_station")},
			keyHelp{[]string{"5", "6", "7"}, p.T("key_places")}, keyHelp{[]string{"p"}, p.T("act_place")}, keyHelp{[]string{"a"}, p.T("key_assign")},
			keyHelp{[]string{"d"}, p.T("key_same")}, keyHelp{[]string{"c"}, p.T("key_end")}, keyHelp{[]string{"A", "D", "C"}, p.T("key_otherwise")},
			keyHelp{[]string{"r"}, p.T("act_answer")})
	}
	return append(all, keyHelp{[]string{"?"}, p.T("hotkeys")})
}

// UrgencyKey is the key that sets an urgency.
func (v itemView) UrgencyKey(u prompts.Urgency) string { return string(u[:1]) }

// Join makes one text of names.
func (p page) Join(names []string) string { return strings.Join(names, p.T("comma")) }
