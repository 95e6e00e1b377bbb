package text

import (
	"fmt"

	"github.com/longbridgeapp/opencc"
)

// Normaliser holds the tables that the methods read. It does not change after New, so one may be
// shared by any number of goroutines.
type Normaliser struct {
	simplifier *opencc.OpenCC
	// traditional tells for each character from firstHan on whether the converter may change it.
	traditional []bool
	noise       noise
	synonyms    []synonym
	stops       map[string]bool
}

// New reads the shipped tables. It takes some milliseconds, so a program makes one and shares it.
func New() (*Normaliser, error) {
	simplifier, err := opencc.New("t2s")
	if err != nil {
		return nil, fmt.Errorf("load traditional to simplified table: %w", err)
	}
	n := &Normaliser{simplifier: simplifier}
	if n.traditional, err = traditionalRunes(simplifier); err != nil {
		return nil, err
	}
	if n.noise, err = readNoise(); err != nil {
		return nil, err
	}
	if n.synonyms, err = readSynonyms(); err != nil {
		return nil, err
	}
	if n.stops, err = readStops(); err != nil {
		return nil, err
	}
	return n, nil
}
