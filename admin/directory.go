package admin

import (
	"net/http"
	"slices"

	"onedoor/intake"
)

// Reads tells whether the account may look at a register, as far as its records are in sight.
func (a *Account) Reads(register string) bool {
	return a.Station == nil || !slices.Contains([]string{"organisations", "volunteers"}, register)
}

// KeepsRegister tells whether the account may change a register's records, as far as they are its own to keep. Places,
// service standards and what the bot says are everybody's: administrators keep them.
func (a *Account) KeepsRegister(register string) bool {
	switch {
	case !a.MayChange() || a.Role == "administrator":
		return a.MayChange()
	case a.Station != nil:
		return register == "workers" || register == "replies"
	}
	return !slices.Contains([]string{"places", "standards", "texts"}, register)
}

// register is the one of a name, if the account may look at it.
func (a *Admin) register(r *http.Request, name string) (*intake.Register, error) {
	reg, err := a.Intake.Register(name)
	if err == nil && !accountOf(r).Reads(name) {
		err = intake.ErrNotFound
	}
	return reg, err
}

// kept is register for who wants to change something in it.
func (a *Admin) kept(r *http.Request, name string) (*intake.Register, error) {
	if _, err := a.Intake.Register(name); err != nil {
		return nil, err
	}
	return a.keptSheet(r, name)
}

// sheet is register, or one of those that have forms of their own and are kept by sheets, too.
func (a *Admin) sheet(r *http.Request, name string) (*intake.Register, error) {
	switch name {
	case "standards":
		return a.Intake.StandardRegister(), nil
	case "texts":
		return a.wordingRegister(), nil
	}
	return a.register(r, name)
}

// keptSheet is sheet for who wants to change something in it.
func (a *Admin) keptSheet(r *http.Request, name string) (*intake.Register, error) {
	reg, err := a.sheet(r, name)
	if err == nil && !accountOf(r).KeepsRegister(name) {
		err = accountOf(r).forbidden()
	}
	return reg, err
}

// registerNames are the lists that people keep, in the order of the menu.
func registerNames() []string {
	return []string{"stations", "workers", "organisations", "volunteers", "places", "replies"}
}

// directoryPage leads to the lists that people keep.
type directoryPage struct {
	page
	Lists []string
}

// Others are kept by sheets, too, and have forms of their own.
func (p *directoryPage) Others() []string {
	if p.Keeps("texts") {
		return []string{"standards", "texts"}
	}
	return []string{"standards"}
}

func (a *Admin) directory(w http.ResponseWriter, r *http.Request) error {
	p := &directoryPage{page: a.page(r, "directory")}
	for _, name := range registerNames() {
		if accountOf(r).Reads(name) {
			p.Lists = append(p.Lists, name)
		}
	}
	return a.render(w, "directory", http.StatusOK, p)
}
