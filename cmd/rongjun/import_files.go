package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"rongjun/knowledge"
	"rongjun/knowledge/directory"
	"rongjun/knowledge/ingest"
)

// importedFile is what became of one file.
type importedFile struct {
	Path    string `json:"path"`
	Outcome string `json:"outcome"`
	Key     string `json:"key,omitempty"`
	Title   string `json:"title,omitempty"`
	// Articles counts the articles, or the sections of a text without articles.
	Articles int `json:"articles,omitempty"`
	// Records counts the places, fairs and offers of a directory.
	Records int `json:"records,omitempty"`
	// SameAs is the key of the same text under another name.
	SameAs string `json:"same_as,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// The outcomes of files that were not taken in; the others are those of knowledge.ImportOutcome.
const (
	failedOutcome  = "failed"
	skippedOutcome = "skipped"
)

// taking goes through files and takes each in as it comes.
type taking struct {
	// store is where documents go; nil in a dry run.
	store knowledge.ImportStore
	// standing are the documents that stood before, by key; nil for one that was withdrawn.
	standing map[string]*knowledge.Document
	progress *progress

	files     []importedFile
	documents []knowledge.Document
	// keys tells of each key which content this run has taken under it, hashes of each content
	// which key it came under first.
	keys, hashes map[string]string
}

// newTaking is to go through files over what stands, which comes in the order in which it was first
// imported.
func newTaking(standing []knowledge.Revision, bar *progress) *taking {
	t := &taking{
		standing: make(map[string]*knowledge.Document), progress: bar,
		keys: make(map[string]string), hashes: make(map[string]string),
	}
	for _, r := range standing {
		if r.Kind != knowledge.ItemDocument {
			continue
		}
		t.standing[r.Key] = r.Document
		if r.Document != nil {
			t.sameAs(*r.Document)
		}
	}
	return t
}

// paths reads files and folders.
func (t *taking) paths(ctx context.Context, opts ingest.Options, paths []string) (err error) {
	reader := ingest.New(opts)
	defer func() { err = errors.Join(err, reader.Close()) }()
	for _, path := range paths {
		folder, root := filepath.Dir(path), filepath.Base(path)
		info, err := os.Stat(path)
		if err != nil {
			return &told{"打不开要导入的文件或文件夹：" + path, err}
		}
		if info.IsDir() {
			folder, root = path, "."
		}
		err = reader.Walk(ctx, os.DirFS(folder), root, func(r ingest.Result) error {
			t.progress.show(r.Done, r.Total, filepath.Base(r.Path))
			return t.take(ctx, filepath.Join(folder, filepath.FromSlash(r.Path)), r, root != ".")
		})
		if err != nil {
			return fmt.Errorf("import %q: %w", path, err)
		}
	}
	return nil
}

// take handles one file. In a folder, files of kinds that are no documents are passed over.
func (t *taking) take(ctx context.Context, path string, r ingest.Result, named bool) error {
	if r.Fault != nil {
		outcome := failedOutcome
		if r.Fault.Kind == ingest.Unsupported && !named {
			outcome = skippedOutcome
		}
		t.files = append(t.files, importedFile{Path: path, Outcome: outcome, Reason: r.Fault.Reason})
		return nil
	}
	d := r.Document
	if hash, taken := t.keys[d.Key]; taken && hash != d.Hash {
		t.files = append(t.files, importedFile{
			Path: path, Outcome: failedOutcome, Key: d.Key,
			Reason: "这次导入里已有同名而内容不同的文件；文件名是文本的标识，请改一个名字。",
		})
		return nil
	}
	t.keys[d.Key] = d.Hash
	outcome, err := t.publish(ctx, d, filepath.Base(path))
	if err != nil {
		return err
	}
	f := importedFile{
		Path: path, Outcome: string(outcome), Key: d.Key, Title: d.Title, Articles: len(d.Clauses),
		SameAs: t.sameAs(d),
	}
	if d.IsDirectory() {
		records, _ := directory.Read(d)
		f.Records = len(records)
	}
	t.files = append(t.files, f)
	if outcome == knowledge.ImportNew || outcome == knowledge.ImportChanged {
		t.documents = append(t.documents, d)
	}
	return nil
}

// sameAs is the key under which the same text is already there, empty if it is not.
func (t *taking) sameAs(d knowledge.Document) string {
	first, known := t.hashes[d.Hash]
	if !known {
		t.hashes[d.Hash] = d.Key
	}
	if first == d.Key {
		return ""
	}
	return first
}

// publish takes a document in, or in a dry run says what would become of it.
func (t *taking) publish(
	ctx context.Context, d knowledge.Document, file string,
) (knowledge.ImportOutcome, error) {
	if t.store != nil {
		outcome, err := t.store.Import(ctx, d, file)
		if err != nil {
			return "", fmt.Errorf("import: %w", err)
		}
		return outcome, nil
	}
	before, known := t.standing[d.Key]
	switch {
	case !known:
		return knowledge.ImportNew, nil
	case before == nil:
		return knowledge.ImportDraft, nil
	}
	was, err := json.Marshal(before)
	if err != nil {
		return "", fmt.Errorf("compare: %w", err)
	}
	now, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("compare: %w", err)
	}
	if string(was) == string(now) {
		return knowledge.ImportUnchanged, nil
	}
	return knowledge.ImportChanged, nil
}
