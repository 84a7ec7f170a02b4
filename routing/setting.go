package routing

import "strings"

// Urban tells whether a place is in town, and whether that can be told. It goes by the codes that the National Bureau of
// Statistics gives to villages and townships (GB/T 10114 and the bureau's rules for its own codes): the last three digits of
// a village are 001 to 199 for a residents' committee and 200 to 399 for a villagers' committee; those of a township 001 to
// 099 for a subdistrict. A place with a code of another kind goes by its name's ending, and a county tells nothing.
func (g *Gazetteer) Urban(code string) (urban, known bool) {
	p := g.places[code]
	if p == nil {
		return false, false
	}
	switch {
	case p.Level == "village" && len(code) == 12:
		return code[9:] < "200", true
	case p.Level == "village" && strings.HasSuffix(p.Name, "社区"), p.Level == "township" && strings.HasSuffix(p.Name, "街道"):
		return true, true
	case p.Level == "village", p.Level == "township":
		return false, true
	}
	return false, false
}
