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

// Reader reads files into documents.
type Reader struct {
	opts Options
}

// New makes a reader.
func New(opts Options) *Reader {
	return &Reader{opts: opts.WithDefaults()}
}

// File reads one file of fsys into a document. An error is a *Fault, or the context's.
func (r *Reader) File(ctx context.Context, fsys fs.FS, name string) (knowledge.Document, error) {
	d, err := r.file(ctx, fsys, name)
	if err == nil {
		return d, nil
	}
	var f *Fault
	if !errors.As(err, &f) {
		if ctx.Err() != nil {
			return knowledge.Document{}, fmt.Errorf("read %q: %w", name, ctx.Err())
		}
		f = fault(Unreadable, "文件打不开。", err)
	}
	f.Path = name
	return knowledge.Document{}, f
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
	data, err := fs.ReadFile(fsys, name+sidecarExt)
	if errors.Is(err, fs.ErrNotExist) {
		data, err = fs.ReadFile(fsys, strings.TrimSuffix(name, path.Ext(name))+sidecarExt)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return given{}, nil
	}
	if err != nil {
		return given{}, fmt.Errorf("read sidecar: %w", err)
	}
	return readGiven(string(data), yaml.Strict())
}
