package prompts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	openai "github.com/sashabaranov/go-openai"
)

// TranscribeLimit is how long writing down a voice message may take.
const TranscribeLimit = 20 * time.Second

// maxTranscript is how many characters of a transcript are kept; a voice message of an hour has about 15,000.
const maxTranscript = 16_000

// Transcriber writes down what is said in a voice message, by the audio endpoint of any OpenAI-compatible server. It is
// safe for concurrent use.
type Transcriber struct {
	model  string
	client *openai.Client
}

// NewTranscriber makes a Transcriber. It asks nothing yet.
func NewTranscriber(c ModelConfig) *Transcriber {
	return &Transcriber{c.Model, newClient(c, TranscribeLimit)}
}

// errSilence is a voice message in which nothing is said.
var errSilence = errors.New("nothing is said in it")

// Transcribe writes down what is said in audio. The name's ending says of what kind it is, such as voice.oga. An error
// means that there are no words in time, and has none of them in it.
func (t *Transcriber) Transcribe(ctx context.Context, audio io.Reader, name string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, TranscribeLimit)
	defer cancel()
	answer, err := t.client.CreateTranscription(ctx, openai.AudioRequest{Model: t.model, Reader: audio, FilePath: name, Format: openai.AudioResponseFormatJSON})
	if err != nil {
		return "", fmt.Errorf("transcribe: %w", withoutBody(err))
	}
	text := cutRunes(strings.TrimSpace(storable(answer.Text)), maxTranscript)
	if text == "" {
		return "", fmt.Errorf("transcribe: %w", errSilence)
	}
	return text, nil
}

// maxBody is the most that is read of an endpoint's answer, in bytes.
const maxBody = 1 << 20

// bounded cuts off answers that are too long.
type bounded struct{}

func (bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		response.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(response.Body, maxBody), response.Body}
	}
	return response, err
}

// newClient is a client of an endpoint that gives up after limit, and goes nowhere else.
func newClient(c ModelConfig, limit time.Duration) *openai.Client {
	config := openai.DefaultConfig(c.Key)
	if c.BaseURL != "" {
		config.BaseURL = strings.TrimRight(c.BaseURL, "/")
	}
	config.HTTPClient = &http.Client{Timeout: limit, Transport: bounded{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return openai.NewClientWithConfig(config)
}
