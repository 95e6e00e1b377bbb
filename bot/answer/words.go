package answer

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed words/words.txt
var wordsFile string

// words are the fixed texts, by name.
type words map[string]string

// wanted are the names that the code uses; loading fails when one is missing, so that no reply can
// come out empty.
var wanted = []string{
	"introduction", "late", "too-old", "crisis", "crisis-threat", "crisis-help", "care",
	"listening", "handover", "own-file", "own-file-office", "wait-first", "wait-behind",
	"wait-nobody", "wait-nobody-behind", "withdrawn", "greeting", "thanks", "goodbye", "about",
	"unclear", "unknown-kind", "stale-tap", "again", "secret", "privacy", "illegal",
	"civilian", "family-law", "debt", "homework", "money", "medical", "civil-law", "everyday",
	"pension-out", "other-scope", "none", "ask-which", "partial", "partial-plain", "past",
	"past-missing", "past-began", "past-ended", "place-ask", "place-none", "place-route",
	"fair-none", "sample-mark",
	"voice-unheard", "voice-heard", "picture", "too-large", "near-none", "near-unknown",
	"near-distance", "welcome", "welcome-place", "farewell",
	"grief", "anger", "hardship", "model-mark", "choice-person", "choice-cancel", "label-who",
	"label-how-much", "label-bring", "label-where", "label-when", "label-appeal",
	"label-limits",
}

func loadWords() (words, error) {
	sections, err := parseSections("words.txt", wordsFile)
	if err != nil {
		return nil, fmt.Errorf("load words: %w", err)
	}
	w := make(words, len(sections))
	for _, s := range sections {
		w[s.name] = strings.Join(s.lines, "\n")
	}
	for _, name := range wanted {
		if w[name] == "" {
			return nil, fmt.Errorf("load words: %q is missing", name)
		}
	}
	return w, nil
}

// say returns a text with its places filled in; pairs are name and value in turn.
func (w words) say(name string, pairs ...string) string {
	places := make([]string, len(pairs))
	for i, p := range pairs {
		if i%2 == 0 {
			p = "{" + p + "}"
		}
		places[i] = p
	}
	return strings.NewReplacer(places...).Replace(w[name])
}
