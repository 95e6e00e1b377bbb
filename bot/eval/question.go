package eval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"rongjun/bot"
	"rongjun/knowledge"
)

// Question is one labelled question. Without Relevant it is left out of the scores of retrieval and
// citations, without Decision out of that of decisions; it is answered in any case.
type Question struct {
	// ID is unique in its file; a line without one goes by its number.
	ID string `json:"id"`
	// Kind groups questions in the report, such as core or version_trap; it may be empty.
	Kind     string    `json:"kind,omitempty"`
	Question string    `json:"question"`
	History  []Earlier `json:"history,omitempty"`
	// Region is where the contact is, AsOf the day whose law counts; both may be empty.
	Region   knowledge.Region     `json:"region,omitempty"`
	AsOf     knowledge.Date       `json:"as_of,omitzero"`
	Relevant []knowledge.Citation `json:"relevant,omitempty"`
	Decision bot.Decision         `json:"decision,omitempty"`
}

// Earlier is one earlier line of the conversation; Role is "user" or "assistant".
type Earlier struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// The roles of earlier lines.
const (
	roleContact = "user"
	roleBot     = "assistant"
)

// ReadFile reads the questions of a file as Read does.
func ReadFile(path string) ([]Question, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open questions: %w", err)
	}
	defer file.Close()
	questions, err := Read(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return questions, nil
}

// Read reads questions, one JSON object a line. Fields it does not know are ignored, and so are empty
// lines. All faults are told at once, each with its line.
func Read(r io.Reader) ([]Question, error) {
	var questions []Question
	first := make(map[string]int)
	err := eachLine(r, func(number int, line []byte) error {
		q, err := parseQuestion(number, line)
		if err != nil {
			return err
		}
		if before, taken := first[q.ID]; taken {
			return fmt.Errorf("id %q is taken by line %d: %w", q.ID, before, bot.ErrInvalid)
		}
		first[q.ID] = number
		questions = append(questions, q)
		return nil
	})
	return questions, err
}

func parseQuestion(number int, line []byte) (Question, error) {
	var q Question
	if err := json.Unmarshal(line, &q); err != nil {
		return q, fmt.Errorf("%w: %w", err, bot.ErrInvalid)
	}
	if q.ID == "" {
		q.ID = strconv.Itoa(number)
	}
	if q.Question == "" {
		return q, fmt.Errorf("question is empty: %w", bot.ErrInvalid)
	}
	for _, e := range q.History {
		if e.Role != roleContact && e.Role != roleBot {
			return q, fmt.Errorf("role %q is not user or assistant: %w", e.Role, bot.ErrInvalid)
		}
	}
	if q.Decision != "" && !known(q.Decision) {
		return q, fmt.Errorf("decision %q is unknown: %w", q.Decision, bot.ErrInvalid)
	}
	return q, nil
}

// LineError is what is wrong with one line of a file.
type LineError struct {
	Line int
	Err  error
}

// Error begins with the line's number.
func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns the cause.
func (e *LineError) Unwrap() error { return e.Err }

// eachLine calls do with every line that is not empty and joins what it returns, each as a LineError.
// A line may be of any length.
func eachLine(r io.Reader, do func(number int, line []byte) error) error {
	var errs []error
	lines := bufio.NewReader(r)
	for number := 1; ; number++ {
		line, err := lines.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read line %d: %w", number, err)
		}
		if text := bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff"))); len(text) > 0 {
			if err := do(number, text); err != nil {
				errs = append(errs, &LineError{number, err})
			}
		}
		if err != nil {
			return errors.Join(errs...)
		}
	}
}
