package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/goccy/go-yaml"

	"rongjun/knowledge"
)

// sidecarExt ends the name of a file that states metadata for the file of the same name before it.
const sidecarExt = ".meta.yaml"

// maxSidecar bounds such a file; an honest one has a few lines.
const maxSidecar = 64 << 10

// Reader reads files into documents. It may be used by several goroutines.
type Reader struct {
	opts   Options
	pdfium thorough
}

// New makes a reader; Close ends it.
func New(opts Options) *Reader {
	return &Reader{opts: opts.WithDefaults()}
}

// Close gives back what reading difficult PDFs needed.
func (r *Reader) Close() error { return r.pdfium.close() }

// File reads one file of fsys into a document. An error is a *Fault, or the context's.
func (r *Reader) File(ctx context.Context, fsys fs.FS, name string) (knowledge.Document, error) {
	d, err := r.inTime(ctx, fsys, name)
	if err == nil {
		return d, nil
	}
	if ctx.Err() != nil {
		return knowledge.Document{}, fmt.Errorf("read %q: %w", name, ctx.Err())
	}
	var f *Fault
	switch {
	case errors.As(err, &f):
	case errors.Is(err, context.DeadlineExceeded):
		f = fault(TooSlow, fmt.Sprintf("读了 %s 还没读完，已放弃。", r.opts.Timeout), err)
	default:
		f = fault(Unreadable, "文件打不开。", err)
	}
	f.Path = name
	return knowledge.Document{}, f
}

// inTime reads a file within the time limit. A parser that does not look at its context is left
// behind to finish by itself; what it reads is bounded by the other limits.
func (r *Reader) inTime(ctx context.Context, fsys fs.FS, name string) (knowledge.Document, error) {
	ctx, cancel := context.WithTimeout(ctx, r.opts.Timeout)
	defer cancel()
	type outcome struct {
		document knowledge.Document
		err      error
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			if p := recover(); p != nil {
				o.err = fault(Damaged, "文件的内容看不懂，可能损坏。", fmt.Errorf("parser: %v", p))
			}
			done <- o
		}()
		o.document, o.err = r.file(ctx, fsys, name)
	}()
	select {
	case o := <-done:
		return o.document, o.err
	case <-ctx.Done():
		return knowledge.Document{}, ctx.Err()
	}
}

func (r *Reader) file(ctx context.Context, fsys fs.FS, name string) (knowledge.Document, error) {
	data, err := r.read(fsys, name)
	if err != nil {
		return knowledge.Document{}, err
	}
	s, err := r.parse(ctx, name, data)
	if err != nil {
		return knowledge.Document{}, err
	}
	if s.sidecar, err = r.sidecar(fsys, name); err != nil {
		return knowledge.Document{}, err
	}
	return build(name, s, r.opts)
}

// read takes a file in, no larger than the limit.
func (r *Reader) read(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, r.opts.MaxBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read: %w", err)
	case int64(len(data)) > r.opts.MaxBytes:
		return nil, fault(TooLarge, fmt.Sprintf("文件超过 %d MB，请拆分后再导入。", r.opts.MaxBytes>>20), nil)
	case len(strings.TrimSpace(string(data[:min(len(data), 4096)]))) == 0 && len(data) <= 4096:
		return nil, fault(Empty, "文件是空的。", nil)
	}
	return data, nil
}

// sidecar reads the metadata stated beside a file, if there is such.
func (r *Reader) sidecar(fsys fs.FS, name string) (given, error) {
	f, err := fsys.Open(name + sidecarExt)
	if errors.Is(err, fs.ErrNotExist) {
		f, err = fsys.Open(strings.TrimSuffix(name, path.Ext(name)) + sidecarExt)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return given{}, nil
	}
	if err != nil {
		return given{}, fmt.Errorf("open sidecar: %w", err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxSidecar+1))
	switch {
	case err != nil:
		return given{}, fmt.Errorf("read sidecar: %w", err)
	case len(data) > maxSidecar:
		return given{}, fault(TooLarge, "旁边的说明文件（"+sidecarExt+"）太大。", nil)
	}
	return readGiven(string(data), yaml.Strict())
}
