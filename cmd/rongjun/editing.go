package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"rongjun/handlers"
	"rongjun/knowledge"
	"rongjun/knowledge/ingest"
)

// knowledge wires the pages on which the knowledge is edited and tried out.
func (p *Program) knowledge() handlers.Knowledge {
	return handlers.Knowledge{
		Edition: p.shelf.edited, Answerer: p.answerer, Review: p.store, Revisions: p.store,
		Importer: uploads{}, Trial: &trials{program: p},
	}
}

// edited is the present edition as editors see it; false while the first is being made.
func (s *shelf) edited() (handlers.Edition, bool) {
	e := s.edition.Load()
	if e == nil {
		return handlers.Edition{}, false
	}
	return handlers.Edition{
		Entries: e.listed(), Shipped: e.guide.Entries, Documents: e.documents,
		Lookup: e.register.Lookup,
	}, true
}

// uploads reads files that come from a browser.
type uploads struct{}

// Import implements handlers.Importer. The file is laid into a folder of its own under the name that
// it came with, since the name is the key of the text.
func (uploads) Import(
	ctx context.Context, name string, content io.Reader, said string,
) (d knowledge.Document, err error) {
	region, err := readRegion(said)
	if fault, ok := errors.AsType[*told](err); ok {
		return d, &handlers.ImportError{Reason: fault.words, Err: err}
	}
	if err != nil {
		return d, err
	}
	dir, err := os.MkdirTemp("", "rongjun-upload-")
	if err != nil {
		return d, fmt.Errorf("make folder for upload: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	root, err := os.OpenRoot(dir)
	if err != nil {
		return d, fmt.Errorf("open folder for upload: %w", err)
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	if err := lay(root, name, content); err != nil {
		return d, err
	}
	reader := ingest.New(ingest.Options{Region: region})
	defer func() { err = errors.Join(err, reader.Close()) }()
	d, err = reader.File(ctx, root.FS(), name)
	if fault, ok := errors.AsType[*ingest.Fault](err); ok {
		return d, &handlers.ImportError{Reason: fault.Reason, Err: err}
	}
	if err != nil {
		return d, fmt.Errorf("read upload: %w", err)
	}
	return d, nil
}

func lay(root *os.Root, name string, content io.Reader) error {
	file, err := root.Create(name)
	if err != nil {
		return &handlers.ImportError{Reason: "文件名不能用，请改一个名字。", Err: err}
	}
	_, err = io.Copy(file, content)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("keep upload: %w", err)
	}
	return nil
}
