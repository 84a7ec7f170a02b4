package texts

import "testing"

// TestBrokenChange: a text that names the right values and still can't be filled is said as the program brings it: in danger
// nobody reads a key.
func TestBrokenChange(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, text := range []string{"{{with .Name}}{{.Late}}{{end}}", "{{if lt .Name 3}}{{.Late}}{{end}}", "{{.Name}}{{not}}{{.Late}}", "{{.Name}} {{.Late}} {{.Name 1}}"} {
		refused := c.Change([]Change{{"en", "hello", text}})
		if got := c.Say("en", "hello", Data{"Name": "May", "Late": true}); got != "Hello May, late" {
			t.Errorf("%s, refused %v: it says %q", text, refused, got)
		}
	}
}
