package texts

import (
	"errors"
	"testing"
	"testing/fstest"
)

func catalogue(t *testing.T) *Catalogue {
	t.Helper()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	c, err := Load(fstest.MapFS{
		"texts/en.toml":    file("hello = 'Hello {{.Name}}{{if .Late}}, late{{end}}'\nbutton_go = 'Go'\n[days]\none = '{{.Count}} day'\nother = '{{.Count}} days'\n"),
		"texts/zh-CN.toml": file("hello = '您好，{{.Name}}{{if .Late}}，晚了{{end}}'\nbutton_go = '走'\n[days]\nother = '{{.Count}}天'\n"),
	}, []string{"en", "zh-CN"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestChange: what is worded anew is said in its language, until it is not any more; all else stays.
func TestChange(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	if refused := c.Change([]Change{{"en", "hello", "{{if .Late}}At last, {{end}}{{.Name}}"}, {"en", "gone", "x"}}); len(refused) != 1 || refused[0].Key != "gone" {
		t.Errorf("refused: %v", refused)
	}
	for _, said := range []struct{ got, want string }{
		{c.Say("en", "hello", Data{"Name": "May", "Late": true}), "At last, May"},
		{c.Say("zh-CN", "hello", Data{"Name": "May"}), "您好，May"},
		{c.Say("xx", "hello", Data{"Name": "May"}), "May"},
		{c.Count("en", "days", 1), "1 day"},
	} {
		if said.got != said.want {
			t.Errorf("it says %q, want %q", said.got, said.want)
		}
	}
	c.Change(nil)
	if got := c.Say("en", "hello", Data{"Name": "May"}); got != "Hello May" {
		t.Errorf("restored, it says %q", got)
	}
}

// TestCheck: a text names what the original names, does nothing else, and is no label.
func TestCheck(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for text, want := range map[string]error{
		"{{.Name}}, hi{{if .Late}}!{{end}}":                    nil,
		"Hi {{with .Name}}{{.}}{{end}}{{if not .Late}}{{end}}": nil,
		"Hi {{.Name}}":                              ErrValues,
		"{{.Name}} {{.Late}} {{.Secret}}":           ErrValues,
		"{{.Name}} {{printf \"%9999999d\" .Late}}":  ErrValues,
		"{{range .Name}}{{.Late}}{{end}}":           ErrValues,
		"{{$x := .Name}}{{.Late}}":                  ErrValues,
		"{{define \"x\"}}{{end}}{{.Name}}{{.Late}}": ErrValues,
		"{{.Name": ErrValues,
		" ":       ErrLength,
		"{{.Name}}{{.Late}}" + string(make([]rune, 400)): ErrLength,
	} {
		if err := c.Check(Change{"en", "hello", text}); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	}
	for _, key := range []string{"button_go", "days", "nothing"} {
		if err := c.Check(Change{"en", key, "x"}); !errors.Is(err, ErrUnknown) {
			t.Errorf("%s can be changed: %v", key, err)
		}
	}
}
