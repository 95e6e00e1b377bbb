package ingest

import "fmt"

// Kind is why a file could not be read; callers decide on it, people read Fault.Reason.
type Kind string

// The kinds of faults.
const (
	Empty       Kind = "empty"
	TooLarge    Kind = "too large"
	Encrypted   Kind = "encrypted"
	NeedsOCR    Kind = "needs ocr"
	Damaged     Kind = "damaged"
	Unsupported Kind = "unsupported"
	Unreadable  Kind = "unreadable"
	TooSlow     Kind = "too slow"
	BadMeta     Kind = "bad metadata"
	Unusable    Kind = "unusable"
)

// Fault says that one file could not be imported.
type Fault struct {
	// Path is the file's path inside the folder that was read.
	Path string
	Kind Kind
	// Reason tells the editor, in Chinese, what is wrong and what to do.
	Reason string
	// Err is the cause, nil where the finding is our own.
	Err error
}

// Error is for logs; it holds no text of the file.
func (f *Fault) Error() string {
	if f.Err == nil {
		return fmt.Sprintf("read %q: %s", f.Path, f.Kind)
	}
	return fmt.Sprintf("read %q: %s: %v", f.Path, f.Kind, f.Err)
}

// Unwrap is the cause.
func (f *Fault) Unwrap() error { return f.Err }

// fault is a Fault whose path is filled in by the one who knows it.
func fault(kind Kind, reason string, err error) *Fault {
	return &Fault{Kind: kind, Reason: reason, Err: err}
}
