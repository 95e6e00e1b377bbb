package ingest

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// maxEntries is the most files that a document of an office program holds.
const maxEntries = 20_000

// freeUnpacked is the unpacked size up to which no ratio is asked for: small files of much white
// space pack well.
const freeUnpacked = 8 << 20

// openZip opens a packed document after a look at what unpacking would cost.
func openZip(data []byte, opts Options) (*zip.Reader, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fault(Damaged, "文件损坏或没有传完整，请重新导出一份。", err)
	}
	total := uint64(0)
	for _, f := range z.File {
		total += min(f.UncompressedSize64, 1<<40)
		if f.Flags&1 != 0 {
			return nil, fault(Encrypted, "文件设有密码，请去掉密码后再导入。", nil)
		}
	}
	limit := uint64(max(freeUnpacked, opts.MaxRatio*int64(len(data))))
	if total > limit || len(z.File) > maxEntries {
		return nil, fault(TooLarge, fmt.Sprintf(
			"文件解开后大到不正常（约 %d MB），没有读取。", total>>20), nil)
	}
	return z, nil
}

// readEntry unpacks one file, no larger than the limit.
func readEntry(z *zip.Reader, name string, limit int64) ([]byte, error) {
	f, err := z.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fault(Damaged, "文件损坏或没有传完整，请重新导出一份。", err)
	}
	if int64(len(data)) > limit {
		return nil, fault(TooLarge, "文件里的文字太多，请拆分后再导入。", nil)
	}
	return data, nil
}

func has(z *zip.Reader, name string) bool {
	f, err := z.Open(name)
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	return f.Close() == nil
}
