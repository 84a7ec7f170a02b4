package prompts

// Understanding is what a message means. Its JSON is that of `onedoor classify`, beside the text itself.
type Understanding struct {
	Category   string   `json:"category"`   // the likeliest; empty when nothing can be said
	Categories []Guess  `json:"categories"` // likeliest first; confidences add up to at most 1
	Urgency    Urgency  `json:"urgency"`
	Crisis     Crisis   `json:"crisis"`
	Groups     []string `json:"groups"`     // beneficiary groups
	Confidence float64  `json:"confidence"` // of Category, 0 to 1
	Source     string   `json:"source"`     // offline or model
	Summary    string   `json:"summary,omitempty"`
	Because    []string `json:"because,omitempty"` // the words that decided
	Further    []string `json:"further,omitempty"` // other services that are needed as well
	For        string   `json:"for,omitempty"`     // who needs help: ForSelf, or who that is to the writer; empty when the words don't say
	Asked      *Asked   `json:"asked,omitempty"`   // the model, where one was asked
}

// Asked is what a language model was asked and what it answered, for whoever wants to know why.
type Asked struct {
	Model    string  `json:"model"`
	Prompt   string  `json:"prompt"`           // the version of the prompt: a part of its hash
	Question string  `json:"question"`         // as it left the machine
	Answer   string  `json:"answer,omitempty"` // as it came, whether or not it could be used
	Tokens   int     `json:"tokens"`           // of question and answer, as the endpoint counts them; 0 for an answer from memory
	Seconds  float64 `json:"seconds"`
	Error    string  `json:"error,omitempty"` // why there is no answer that can be used
}

// Guess is a category and how sure we are of it, 0 to 1.
type Guess struct {
	Key        string  `json:"key"`
	Confidence float64 `json:"confidence"`
}

// Where an Understanding comes from.
const (
	SourceOffline = "offline"
	SourceModel   = "model"
)
