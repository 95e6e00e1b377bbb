package ingest

import (
	"time"

	"rongjun/knowledge"
)

// Options bound what reading a file may cost and fill in what files of a folder leave out.
type Options struct {
	// MaxBytes is the size of the largest file read; default 64 MiB.
	MaxBytes int64
	// MaxText is the most bytes of text taken from one file; default 16 MiB.
	MaxText int64
	// MaxPages is the most pages of a PDF, and sheets of a workbook; default 2000.
	MaxPages int
	// MaxRatio is how many times larger than the file its unpacked content may be; default 200.
	MaxRatio int64
	// Timeout is the time for one file; default 60 s.
	Timeout time.Duration
	// Region is that of texts which do not name one themselves.
	Region knowledge.Region
}

// WithDefaults fills in the limits that are not set.
func (o Options) WithDefaults() Options {
	if o.MaxBytes <= 0 {
		o.MaxBytes = 64 << 20
	}
	if o.MaxText <= 0 {
		o.MaxText = 16 << 20
	}
	if o.MaxPages <= 0 {
		o.MaxPages = 2000
	}
	if o.MaxRatio <= 0 {
		o.MaxRatio = 200
	}
	if o.Timeout <= 0 {
		o.Timeout = time.Minute
	}
	return o
}
