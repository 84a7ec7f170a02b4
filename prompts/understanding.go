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
