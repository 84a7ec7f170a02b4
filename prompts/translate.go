package prompts

import (
	"context"
	_ "embed" // translate.tmpl
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	openai "github.com/sashabaranov/go-openai"
)

//go:embed translate.tmpl
var translateText string

const (
	// maxTranslated is how much is translated, in characters: more would have to be cut, and says something else then.
	maxTranslated = 800
	// maxTranslation bounds the answer, in tokens.
	maxTranslation = 3000
	// fewWords is the number of Latin words from which on a text is in a language.
	fewWords = 2
)

// targets are the languages that a message can be translated into, as the model is told.
var targets = map[string]string{
	"zh-CN": "Mandarin Chinese in simplified characters",
	"zh-HK": "Hong Kong Cantonese, as it is spoken, in traditional characters",
	"en":    "plain English",
}

var latinWord = regexp.MustCompile(`\p{Latin}{2,}`)

// Tongue is the language that a text is in, as far as its script says: "zh" for Chinese of any kind, "en" for what is in
// Latin letters, "" for what is too little to say. A Chinese character counts as a word.
func Tongue(text string) string {
	han := 0
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			han++
		}
	}
	switch latin := len(latinWord.FindAllString(text, -1)); {
	case han >= 2 && han >= latin:
		return "zh"
	case latin >= fewWords && latin > han:
		return "en"
	}
	return ""
}

// Foreign tells whether a text is in another language than a reader of one of ours reads, and can be translated.
func Foreign(text, language string) bool {
	tongue := Tongue(text)
	return tongue != "" && !strings.HasPrefix(language, tongue) && len([]rune(text)) <= maxTranslated
}

// Translate says in one of our languages what a text says, without the names and numbers in it, which are masked before it
// leaves the machine. An answer that isn't that language, is far too long, or names an address or a number that isn't in
// the text, is none.
func (m *Model) Translate(ctx context.Context, text, language string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, m.config.Limit)
	defer cancel()
	question, err := json.Marshal(map[string]string{"message": Mask(text)})
	if err != nil {
		return "", err
	}
	translation, err := m.translations.Execute(func() (string, error) {
		asked := &Asked{Question: string(question)}
		if err := m.askAs(ctx, task{strings.ReplaceAll(translateText, "{{.}}", targets[language]), maxTranslation}, asked, translationSchema()); err != nil {
			return "", err
		}
		return readTranslation(asked.Answer, text, language)
	})
	if err != nil {
		return "", fmt.Errorf("translate: %w", err)
	}
	return translation, nil
}

// readTranslation checks an answer against what was to be translated.
func readTranslation(answer, text, language string) (string, error) {
	var r struct {
		Translation string `json:"translation"`
	}
	if err := json.Unmarshal([]byte(answer), &r); err != nil {
		return "", fmt.Errorf("%w: it is not the JSON asked for", errNoAnswer)
	}
	r.Translation = strings.TrimSpace(storable(r.Translation))
	tongue := Tongue(r.Translation)
	switch {
	case r.Translation == "":
		return "", fmt.Errorf("%w: it is empty", errNoAnswer)
	case len([]rune(r.Translation)) > 200+6*len([]rune(text)):
		return "", fmt.Errorf("%w: it is much longer than what it translates", errNoAnswer)
	case tongue != "" && !strings.HasPrefix(language, tongue):
		return "", fmt.Errorf("%w: it is in another language", errNoAnswer)
	case invents(r.Translation, text):
		return "", fmt.Errorf("%w: it names an address or a number that nobody has said", errNoAnswer)
	}
	return r.Translation, nil
}

// addresses are where a reader could be sent: links, accounts and telephone numbers of any length that one calls.
var addresses = regexp.MustCompile(`(?i)https?:|www\.|\bt\.me\b|@\w+|[\w-]+\.(com|cn|org|net)\b|\d[\d .–—-]{5,}\d`)

var noDigit = regexp.MustCompile(`[ .–—-]`)

// invents tells whether a translation has an address that isn't in the text.
func invents(translation, text string) bool {
	text = strings.ToLower(noDigit.ReplaceAllString(text, ""))
	for _, found := range addresses.FindAllString(translation, -1) {
		if !strings.Contains(text, strings.ToLower(noDigit.ReplaceAllString(found, ""))) {
			return true
		}
	}
	return false
}

// translationSchema asks for JSON with the translation alone.
func translationSchema() *openai.ChatCompletionResponseFormat {
	return &openai.ChatCompletionResponseFormat{Type: openai.ChatCompletionResponseFormatTypeJSONSchema,
		JSONSchema: &openai.ChatCompletionResponseFormatJSONSchema{Name: "translation", Strict: true, Schema: json.RawMessage(
			`{"type":"object","additionalProperties":false,"required":["translation"],"properties":{"translation":{"type":"string"}}}`)}}
}
