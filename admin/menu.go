package admin

import (
	"slices"
	"strings"
)

// A menuItem is a page in the menu, with those that belong to it.
type menuItem struct {
	Path  string
	Title string // a key of the catalogue
	Items []menuItem
}

// holds tells whether a path is the item's page, one of its items', or below one.
func (m menuItem) holds(path string) bool {
	return path == m.Path || m.Path != "/admin/" && strings.HasPrefix(path, m.Path+"/") ||
		slices.ContainsFunc(m.Items, func(item menuItem) bool { return item.holds(path) })
}

// Menu is what the account can go to: of each group, its first page stands for it.
func (p page) Menu() []menuItem {
	may, a := func(yes bool, items ...menuItem) []menuItem {
		if !yes {
			return nil
		}
		return items
	}, p.Account
	groups := [][]menuItem{
		{{Path: "/admin/", Title: "board"}},
		{{Path: "/admin/requests", Title: "requests_page"}},
		{{Path: "/admin/times", Title: "times"}, {Path: "/admin/equity", Title: "equity"}, {Path: "/admin/staffing", Title: "staffing"}},
		append([]menuItem{{Path: "/admin/map", Title: "map"}}, may(a.Station == nil, menuItem{Path: "/admin/coverage", Title: "coverage"})...),
		slices.Concat([]menuItem{{Path: "/admin/directory", Title: "directory"}}, p.registers(),
			[]menuItem{{Path: "/admin/standards", Title: "standards"}, {Path: "/admin/posters", Title: "posters"}},
			may(a.MayAdminister(), menuItem{Path: "/admin/texts", Title: "wordings"})),
		may(a.SeesAll(), menuItem{Path: "/admin/troubles", Title: "troubles"}),
		append(may(a.MayAdminister(), menuItem{Path: "/admin/accounts", Title: "accounts"}, menuItem{Path: "/admin/keys", Title: "keys"}),
			may(a.MayAudit(), menuItem{Path: "/admin/audit", Title: "audit"})...),
	}
	var menu []menuItem
	for _, items := range groups {
		if len(items) > 0 {
			menu = append(menu, menuItem{items[0].Path, items[0].Title, items})
		}
	}
	return menu
}

// registers are the lists that the account may read.
func (p page) registers() (items []menuItem) {
	for _, name := range registerNames() {
		if p.Account.Reads(name) {
			items = append(items, menuItem{Path: "/admin/" + name, Title: "register_" + name})
		}
	}
	return items
}

// Submenu are the pages of the group of this page; none where it is alone.
func (p page) Submenu() []menuItem {
	for _, group := range p.Menu() {
		if group.holds(p.Path) && len(group.Items) > 1 {
			return group.Items
		}
	}
	return nil
}

// Marked tells how an item of the menu is marked on this page: "page", "true" where it only belongs to it, or "".
func (p page) Marked(m menuItem) string {
	switch {
	case p.Path == m.Path:
		return "page"
	case m.holds(p.Path):
		return "true"
	}
	return ""
}
