package prompts

import (
	"context"
	"crypto/sha256"
	_ "embed" // prompt.tmpl
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"text/template"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	openai "github.com/sashabaranov/go-openai"
	"github.com/sony/gobreaker/v2"
)

//go:embed prompt.tmpl
var promptText string

// DefaultLimit is how long a model may take.
const DefaultLimit = 8 * time.Second

const (
	maxAnswer  = 400                    // tokens
	retryAfter = 400 * time.Millisecond // before a second try; twice as long before a third
	tries      = 3
	breakAfter = 5 // failures in a row, after which the model is left alone for a while
	breakFor   = 30 * time.Second
	maxReply   = 4000 // characters of an answer; a longer one is cut off, and so none
	maxSummary = 200  // characters kept of its summary
	maxFurther = 2    // further services that a message may need
	nearest    = 8    // known messages that go with the question
	sureAlone  = 0.6  // the offline classifier's confidence from which on another answer of the model's is a disagreement
	doubt      = 0.3  // the confidence of an answer on which the two disagree
	maxKnown   = 2000 // answers kept
)

// ModelConfig says which model.
type ModelConfig struct {
	BaseURL string // of any OpenAI-compatible endpoint; empty: OpenAI's own
	Key     string
	Model   string
	Limit   time.Duration // for an answer, tries again included; DefaultLimit when zero
}

// Model classifies by asking a language model. It is safe for concurrent use.
type Model struct {
	config   ModelConfig
	taxonomy *Taxonomy
	offline  *Offline
	client   *openai.Client
	prompt   string
	version  string // of the prompt
	breaker  *gobreaker.CircuitBreaker[Understanding]
	known    *lru.Cache[[sha256.Size]byte, string] // answers, by what was asked

	translations *gobreaker.CircuitBreaker[string]
}

// task is what a model is told to do with what it is asked, and how long its answer may be, in tokens.
type task struct {
	prompt string
	tokens int
}

// errNoAnswer is an answer that can't be used; it counts as none.
var errNoAnswer = errors.New("the model's answer can't be used")

// NewModel makes a Model. It asks nothing yet.
func NewModel(t *Taxonomy, offline *Offline, c ModelConfig) *Model {
	if c.Limit == 0 {
		c.Limit = DefaultLimit
	}
	known, err := lru.New[[sha256.Size]byte, string](maxKnown)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return &Model{config: c, known: known, taxonomy: t, offline: offline, client: newClient(c, c.Limit), prompt: t.prompt,
		version:      fmt.Sprintf("%x", sha256.Sum256([]byte(t.prompt)))[:8],
		breaker:      gobreaker.NewCircuitBreaker[Understanding](breaking("model")),
		translations: gobreaker.NewCircuitBreaker[string](breaking("translations"))}
}

// breaking leaves a model alone for a while that has failed several times in a row.
func breaking(name string) gobreaker.Settings {
	return gobreaker.Settings{Name: name, Timeout: breakFor,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= breakAfter }}
}

// renderPrompt fills the prompt from the categories.
func renderPrompt(categories []Category) (string, error) {
	prompt, err := template.New("prompt").Option("missingkey=error").Parse(promptText)
	if err != nil {
		return "", fmt.Errorf("read the prompt: %w", err)
	}
	var text strings.Builder
	if err := prompt.Execute(&text, categories); err != nil {
		return "", fmt.Errorf("fill the prompt: %w", err)
	}
	return text.String(), nil
}

// Limit is how long Classify may take.
func (m *Model) Limit() time.Duration { return m.config.Limit }

// Classify asks the model what a text means, without the names and numbers in it. Urgency, groups and crisis
// that our own rules find stand, whatever the model says; it may add to them. With an error, which means that there
// is no usable answer in time, comes what the offline classifier says. Either tells what was asked.
func (m *Model) Classify(ctx context.Context, text string) (Understanding, error) {
	ctx, cancel := context.WithTimeout(ctx, m.config.Limit)
	defer cancel()
	own := m.offline.Classify(text)
	if own.Crisis != "" {
		return own, nil // what is to be done in danger doesn't wait for a model
	}
	question, err := m.offline.Question(text)
	if err != nil {
		return own, err
	}
	asked := &Asked{Model: m.config.Model, Prompt: m.version, Question: question}
	u, err := m.answer(ctx, asked, own)
	if err != nil {
		asked.Error = err.Error()
		own.Asked = asked
		return own, fmt.Errorf("ask the model: %w", err)
	}
	u.Asked = asked
	return u, nil
}

// answer is what the model says, or has said to the same question before.
func (m *Model) answer(ctx context.Context, asked *Asked, own Understanding) (Understanding, error) {
	key := sha256.Sum256([]byte(m.config.Model + "\x00" + m.prompt + "\x00" + asked.Question))
	if reply, ok := m.known.Get(key); ok {
		asked.Answer = reply
		return m.read(reply, own)
	}
	began := time.Now()
	defer func() { asked.Seconds = time.Since(began).Seconds() }()
	return m.breaker.Execute(func() (Understanding, error) {
		if err := m.askAs(ctx, task{m.prompt, maxAnswer}, asked, m.schema()); err != nil {
			return Understanding{}, err
		}
		u, err := m.read(asked.Answer, own)
		if err == nil {
			m.known.Add(key, asked.Answer)
		}
		return u, err
	})
}

// Question is what a model is asked about a text, and so all that leaves the machine beside the prompt, which is the same
// for every text: the text without what identifies people, and known messages like it, as JSON, so that no words of it can
// be taken for something else.
func (o *Offline) Question(text string) (string, error) {
	masked := head(Mask(text))
	question, err := json.Marshal(map[string]any{"message": masked, "examples": o.Nearest(masked, nearest)})
	return string(question), err
}

// askAs sends the question, and again after a failure that may pass. An endpoint that doesn't take the schema is asked for
// JSON without one.
func (m *Model) askAs(ctx context.Context, what task, asked *Asked, format *openai.ChatCompletionResponseFormat) error {
	for try := 1; ; try++ {
		err := m.complete(ctx, what, asked, format)
		var status statusError
		switch {
		case err == nil || errors.Is(err, errNoAnswer) || try == tries:
			return err
		case errors.As(err, &status) && status == http.StatusBadRequest && format.JSONSchema != nil:
			format = &openai.ChatCompletionResponseFormat{Type: openai.ChatCompletionResponseFormatTypeJSONObject}
			continue
		case errors.As(err, &status) && !status.passes():
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(retryAfter << (try - 1)):
		}
	}
}

// statusError is an HTTP status that is no answer.
type statusError int

func (e statusError) Error() string {
	return fmt.Sprintf("the endpoint answers with status %d", int(e))
}

// passes tells whether the failure may be over soon.
func (e statusError) passes() bool {
	return e == http.StatusTooManyRequests || e == http.StatusRequestTimeout || e >= http.StatusInternalServerError
}

// withoutBody is an error of the client's without what the endpoint wrote: that may repeat a resident's words, which
// stay out of logs.
func withoutBody(err error) error {
	var api *openai.APIError
	var request *openai.RequestError
	switch {
	case errors.As(err, &api) && api.HTTPStatusCode != 0:
		return statusError(api.HTTPStatusCode)
	case errors.As(err, &request) && request.HTTPStatusCode != 0:
		return statusError(request.HTTPStatusCode)
	}
	return err
}

// complete is one call. A refusal or an answer that was cut off is none.
func (m *Model) complete(ctx context.Context, what task, asked *Asked, format *openai.ChatCompletionResponseFormat) error {
	answer, err := m.client.CreateChatCompletion(ctx, openai.ChatCompletionRequest{
		Model: m.config.Model, MaxCompletionTokens: what.tokens, ResponseFormat: format,
		Messages: []openai.ChatCompletionMessage{
			{Role: openai.ChatMessageRoleSystem, Content: what.prompt},
			{Role: openai.ChatMessageRoleUser, Content: asked.Question},
		},
	})
	if err != nil {
		return withoutBody(err)
	}
	asked.Tokens += answer.Usage.TotalTokens
	if len(answer.Choices) > 0 {
		asked.Answer = storable(cutRunes(answer.Choices[0].Message.Content, maxReply))
	}
	if len(answer.Choices) == 0 || answer.Choices[0].FinishReason != openai.FinishReasonStop || answer.Choices[0].Message.Refusal != "" {
		return fmt.Errorf("%w: it was refused or cut off", errNoAnswer)
	}
	return nil
}

// reply is what the model is asked to answer.
type reply struct {
	Category   string   `json:"category"`
	Others     []string `json:"others"`
	For        string   `json:"for"`
	Confidence float64  `json:"confidence"`
	Urgency    Urgency  `json:"urgency"`
	Crisis     Crisis   `json:"crisis"`
	Groups     []string `json:"groups"`
	Summary    string   `json:"summary"`
}

// read checks an answer against the taxonomy; what doesn't fit makes all of it useless.
func (m *Model) read(text string, own Understanding) (Understanding, error) {
	var r reply
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return Understanding{}, fmt.Errorf("%w: it is not the JSON asked for", errNoAnswer)
	}
	for _, key := range append([]string{r.Category}, r.Others...) {
		if _, ok := m.taxonomy.Category(key); !ok {
			return Understanding{}, fmt.Errorf("%w: it names a category that doesn't exist", errNoAnswer)
		}
	}
	known := r.Urgency == Emergency || r.Urgency == Urgent || r.Urgency == Normal
	known = known && (r.For == "" || r.For == ForSelf || slices.Contains(Relations(), r.For))
	if !known || r.Crisis != "" && !slices.Contains(Crises(), r.Crisis) || r.Confidence < 0 || r.Confidence > 1 {
		return Understanding{}, fmt.Errorf("%w: a field is out of its range", errNoAnswer)
	}
	return r.merge(own), nil
}

// merge takes the model's answer, and keeps what our own rules have found.
func (r *reply) merge(own Understanding) Understanding {
	u := Understanding{Category: r.Category, Confidence: r.Confidence, Urgency: r.Urgency, Crisis: r.Crisis, Groups: own.Groups,
		For: own.For, Source: SourceModel, Summary: cutRunes(strings.Join(strings.Fields(storable(r.Summary)), " "), maxSummary),
		Categories: []Guess{{r.Category, r.Confidence}}, Because: own.Because}
	for _, key := range r.Others {
		if key != r.Category && len(u.Further) < maxFurther && !slices.Contains(u.Further, key) {
			u.Further = append(u.Further, key)
		}
	}
	if r.For != "" {
		u.For = r.For
	}
	others := r.Others
	if own.Category != r.Category && own.Confidence >= sureAlone { // one of the two is wrong: the resident is asked
		u.Confidence = min(u.Confidence, doubt)
		u.Categories[0].Confidence = u.Confidence
		others = append([]string{own.Category}, others...)
	}
	rest := (1 - u.Confidence) / float64(len(others)+1)
	for _, key := range others {
		if !slices.ContainsFunc(u.Categories, func(g Guess) bool { return g.Key == key }) {
			u.Categories = append(u.Categories, Guess{key, min(rest, u.Confidence)})
		}
	}
	for _, group := range r.Groups {
		if slices.Contains(Groups(), group) && !slices.Contains(u.Groups, group) {
			u.Groups = append(u.Groups, group)
		}
	}
	if u.Crisis != "" {
		u.Urgency = Emergency
	} else if u.Urgency == Emergency { // of what danger, and so whom to call, it doesn't say
		u.Urgency = Urgent
	} else if own.Urgency == Urgent && u.Urgency == Normal {
		u.Urgency = Urgent
	}
	return u
}

// storable is text without what the database takes none of.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
}

func cutRunes(text string, most int) string {
	runes := []rune(text)
	return string(runes[:min(most, len(runes))])
}

// schema asks for JSON with the categories as the only ones to choose from.
func (m *Model) schema() *openai.ChatCompletionResponseFormat {
	var keys []string
	for _, c := range m.taxonomy.categories {
		keys = append(keys, c.Key)
	}
	object := map[string]any{
		"type": "object", "additionalProperties": false,
		"required": []string{"category", "others", "confidence", "urgency", "crisis", "for", "groups", "summary"},
		"properties": map[string]any{
			"category":   map[string]any{"type": "string", "enum": keys},
			"others":     map[string]any{"type": "array", "items": map[string]any{"type": "string", "enum": keys}},
			"confidence": map[string]any{"type": "number"},
			"urgency":    map[string]any{"type": "string", "enum": []Urgency{Emergency, Urgent, Normal}},
			"crisis":     map[string]any{"type": "string", "enum": append([]Crisis{""}, Crises()...)},
			"for":        map[string]any{"type": "string", "enum": append([]string{"", ForSelf}, Relations()...)},
			"groups":     map[string]any{"type": "array", "items": map[string]any{"type": "string", "enum": Groups()}},
			"summary":    map[string]any{"type": "string"},
		},
	}
	raw, err := json.Marshal(object)
	if err != nil {
		return nil // maps of strings can't fail
	}
	return &openai.ChatCompletionResponseFormat{Type: openai.ChatCompletionResponseFormatTypeJSONSchema,
		JSONSchema: &openai.ChatCompletionResponseFormatJSONSchema{Name: "understanding", Strict: true, Schema: json.RawMessage(raw)}}
}
