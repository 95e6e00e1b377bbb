package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"rongjun/knowledge"
)

// Result is what became of one file of a folder.
type Result struct {
	// Path is the file's path in the folder.
	Path     string
	Document knowledge.Document
	// Fault is why the file could not be read, nil where it could.
	Fault *Fault
	// Done and Total count the files, this one included.
	Done, Total int
}

// Walk reads all files under root, those of upper folders first, and gives each result to take as
// it comes. A file that cannot be read does not stop the others; only take's error and the end of
// ctx do.
func (r *Reader) Walk(
	ctx context.Context, fsys fs.FS, root string, take func(Result) error,
) error {
	files, err := list(fsys, root)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	reading := r.ahead(ctx, fsys, files)
	defer func() {
		stop()
		for range reading { //nolint:revive // until the reader has ended
		}
	}()
	for next := range reading {
		if next.err != nil {
			return next.err
		}
		if err := take(next.Result); err != nil {
			return fmt.Errorf("take %q: %w", next.Path, err)
		}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("walk: %w", err)
	}
	return nil
}

// walked is what reading a file gave.
type walked struct {
	Result
	// err is what ends the walk.
	err error
}

// ahead reads the files in order, the next one while one is taken, until there are no more or the context
// ends.
func (r *Reader) ahead(ctx context.Context, fsys fs.FS, files []string) <-chan walked {
	reading := make(chan walked)
	go func() {
		defer close(reading)
		for i, name := range files {
			w := walked{Result: Result{Path: name, Done: i + 1, Total: len(files)}}
			w.Document, w.err = r.File(ctx, fsys, name)
			if errors.As(w.err, &w.Fault) {
				w.err = nil
			}
			select {
			case reading <- w:
			case <-ctx.Done():
				return
			}
		}
	}()
	return reading
}

// list names the files to read: no hidden ones, no sidecars, no README of the folder.
func list(fsys fs.FS, root string) ([]string, error) {
	var files []string
	err := fs.WalkDir(fsys, root, func(name string, e fs.DirEntry, err error) error {
		base := path.Base(name)
		switch {
		case err != nil:
			return err
		case name != root && strings.HasPrefix(base, "."):
			if e.IsDir() {
				return fs.SkipDir
			}
		case e.IsDir(), strings.HasSuffix(base, sidecarExt):
		case name != root && strings.HasPrefix(strings.ToLower(base), "readme."):
		default:
			files = append(files, name)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list %q: %w", root, err)
	}
	slices.SortFunc(files, func(a, b string) int {
		return cmp.Or(cmp.Compare(strings.Count(a, "/"), strings.Count(b, "/")), cmp.Compare(a, b))
	})
	return files, nil
}
