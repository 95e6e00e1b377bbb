package main

import (
	"bufio"
	"fmt"
	"os"
	"regexp"
	"slices"

	"rongjun/knowledge/guide"
)

// sentenceCount is how many sentences the reference engine embeds.
const sentenceCount = 1000

// writeSentences writes sentences of the guide, a line each, spread evenly over it.
func writeSentences(to string) error {
	g, err := guide.Load()
	if err != nil {
		return fmt.Errorf("load guide: %w", err)
	}
	var all []string
	for _, e := range g.Entries {
		all = append(all, e.Question, e.Short)
		all = append(all, e.Phrasings...)
	}
	outside := regexp.MustCompile(`\n|[A-Za-z]{4,}`) // words that our vocabulary spells otherwise
	all = slices.DeleteFunc(all, outside.MatchString)
	slices.Sort(all)
	all = slices.Compact(all)
	if len(all) < sentenceCount {
		return fmt.Errorf("the guide has %d sentences, want %d", len(all), sentenceCount)
	}
	file, err := os.Create(to)
	if err != nil {
		return fmt.Errorf("create sentences: %w", err)
	}
	defer file.Close()
	w := bufio.NewWriter(file)
	for i := range sentenceCount {
		fmt.Fprintln(w, all[i*len(all)/sentenceCount])
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write sentences: %w", err)
	}
	return file.Close()
}
