package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// thorough reads PDFs that the quick reader does not understand. Starting it takes seconds, so it
// is started when it is first needed and kept; one file is read at a time.
type thorough struct {
	mu   sync.Mutex
	pool pdfium.Pool
	// stop ends whatever runs in the sandbox.
	stop context.CancelFunc
}

// start makes the sandbox: no files, no output, and an end to all work when stop is called.
func (t *thorough) start() error {
	if t.pool != nil {
		return nil
	}
	ctx, stop := context.WithCancel(context.Background())
	features := api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling
	pool, err := webassembly.Init(webassembly.Config{
		Context: ctx, MaxIdle: 1, MaxTotal: 1, FSConfig: wazero.NewFSConfig(),
		Stdout: io.Discard, Stderr: io.Discard,
		RuntimeConfig: wazero.NewRuntimeConfig().WithCoreFeatures(features).
			WithCloseOnContextDone(true),
	})
	if err != nil {
		stop()
		return fmt.Errorf("start pdfium: %w", err)
	}
	t.pool, t.stop = pool, stop
	return nil
}

// close gives the sandbox back.
func (t *thorough) close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.end()
}

func (t *thorough) end() error {
	if t.pool == nil {
		return nil
	}
	t.stop()
	err := t.pool.Close()
	t.pool = nil
	return err
}

// rows reads the rows of all pages. When ctx ends, so does the sandbox.
func (t *thorough) rows(ctx context.Context, data []byte, opts Options) (rows []row, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.start(); err != nil {
		return nil, err
	}
	unhook := context.AfterFunc(ctx, t.stop)
	defer func() {
		if p := recover(); p != nil {
			err = fault(Damaged, "PDF 打不开，文件可能损坏。", fmt.Errorf("pdfium: %v", p))
		}
		if !unhook() {
			// The sandbox was stopped in the middle of its work and is of no more use.
			_ = t.end()
			err = ctx.Err()
		}
	}()
	return t.read(ctx, data, opts)
}

func (t *thorough) read(ctx context.Context, data []byte, opts Options) ([]row, error) {
	instance, err := t.pool.GetInstance(time.Minute)
	if err != nil {
		return nil, fmt.Errorf("start pdfium: %w", err)
	}
	defer func() { _ = instance.Close() }()
	doc, err := instance.OpenDocument(&requests.OpenDocument{File: &data})
	switch {
	case errors.Is(err, pdfiumerrors.ErrPassword), errors.Is(err, pdfiumerrors.ErrSecurity):
		return nil, fault(Encrypted, "PDF 设有密码，请去掉密码后再导入。", err)
	case err != nil:
		return nil, fault(Damaged, "PDF 打不开，文件可能损坏。", err)
	}
	count, err := instance.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc.Document})
	if err != nil {
		return nil, fault(Damaged, "PDF 打不开，文件可能损坏。", err)
	}
	if count.PageCount > opts.MaxPages {
		return nil, tooManyPages(opts)
	}
	var rows []row
	size := int64(0)
	for i := range count.PageCount {
		page, err := instance.GetPageText(&requests.GetPageText{
			Page: requests.Page{ByIndex: &requests.PageByIndex{Document: doc.Document, Index: i}},
		})
		if err != nil || ctx.Err() != nil {
			return nil, fault(Damaged, fmt.Sprintf("PDF 第 %d 页读不出来。", i+1), err)
		}
		if size += int64(len(page.Text)); size > opts.MaxText {
			return nil, fault(TooLarge, "PDF 里的文字太多，请拆分后再导入。", nil)
		}
		for l := range strings.Lines(page.Text) {
			if l = trim(l); l != "" && !pageNumber.MatchString(l) {
				rows = append(rows, row{text: l, width: width(l)})
			}
		}
	}
	return rows, nil
}
