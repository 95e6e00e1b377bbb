package eval

import (
	"rongjun/bot"
	"rongjun/knowledge"
)

// Report is how well questions were answered.
type Report struct {
	Questions int `json:"questions"`
	// Errors is how many questions could not be answered at all.
	Errors    int       `json:"errors"`
	Retrieval Retrieval `json:"retrieval"`
	Decisions Decisions `json:"decisions"`
	Citations Citations `json:"citations"`
	Kinds     []Kind    `json:"kinds,omitempty"`
	Latency   Latency   `json:"latency"`

	// OutOfForce are the citations shown that are not in force on the day of the question, Elsewhere
	// those of another region than the contact's, Unsupported the figures that nothing carries.
	OutOfForce  []Finding `json:"out_of_force"`
	Elsewhere   []Finding `json:"elsewhere"`
	Unsupported []Finding `json:"unsupported"`

	Outcomes []Outcome `json:"outcomes"`
	// Lines are the answers that were measured.
	Lines []Line `json:"-"`
}

// Retrieval scores the questions that have relevant articles. Ranks count distinct articles, read hit
// by hit, at most three of each.
type Retrieval struct {
	Scored int `json:"scored"`
	// Recall is the share of a question's relevant articles among the first found, on average.
	Recall1  float64 `json:"recall@1"`
	Recall5  float64 `json:"recall@5"`
	Recall10 float64 `json:"recall@10"`
	// Hit5 is the share of questions with a relevant article among the first five.
	Hit5 float64 `json:"hit@5"`
	// MRR is the average of one divided by the rank of the first relevant article.
	MRR float64 `json:"mrr"`
}

// Decisions scores the questions that have a labelled decision, after folding.
type Decisions struct {
	Scored   int     `json:"scored"`
	Right    int     `json:"right"`
	Accuracy float64 `json:"accuracy"`
	// Confusion counts, by label, the decisions made.
	Confusion map[bot.Decision]map[bot.Decision]int `json:"confusion"`
}

// Citations scores the citations shown with questions that have relevant articles.
type Citations struct {
	Shown     int     `json:"shown"`
	Right     int     `json:"right"`
	Precision float64 `json:"precision"`
}

// Kind is the short score of the questions of one kind. Scored is how many have a labelled decision,
// Found of Wanted how many have a relevant article among the first five.
type Kind struct {
	Name      string `json:"name"`
	Questions int    `json:"questions"`
	Scored    int    `json:"scored"`
	Right     int    `json:"right"`
	Wanted    int    `json:"wanted"`
	Found     int    `json:"found"`
}

// Latency gives the times from question to reply in milliseconds, by nearest rank.
type Latency struct {
	P50 float64 `json:"p50_ms"`
	P95 float64 `json:"p95_ms"`
}

// Finding is one thing in a reply that must not be there.
type Finding struct {
	ID   string `json:"id"`
	What string `json:"what"`
}

// Outcome is how one question came out.
type Outcome struct {
	ID string `json:"id"`
	// Want and Got are the decisions as they were compared; Want is empty without a label.
	Want bot.Decision `json:"want,omitempty"`
	Got  bot.Decision `json:"got"`
	// Right is whether the decision is the labelled one.
	Right bool `json:"right"`
	// Wanted is how many articles are relevant, Found10 how many of them are among the first ten, and
	// Rank the place of the first, 0 for none.
	Wanted  int `json:"wanted"`
	Found10 int `json:"found_10"`
	Rank    int `json:"rank"`
	// Shown are the citations of the reply; ShownRight is how many of them are relevant.
	Shown       []knowledge.Citation `json:"shown"`
	ShownRight  int                  `json:"shown_right"`
	OutOfForce  []knowledge.Citation `json:"out_of_force,omitempty"`
	Elsewhere   []knowledge.Citation `json:"elsewhere,omitempty"`
	Unsupported []string             `json:"unsupported,omitempty"`
	MS          float64              `json:"ms"`
}

// hit5 reports whether a relevant article is among the first five.
func (o Outcome) hit5() bool { return o.Rank >= 1 && o.Rank <= 5 }
