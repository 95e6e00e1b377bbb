package ingest_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"rongjun/knowledge/ingest"
)

func TestABadFileIsRefusedWithAReason(t *testing.T) {
	small := ingest.Options{MaxBytes: 1 << 20, MaxText: 1 << 19, MaxPages: 1}
	for name, c := range map[string]struct {
		data []byte
		kind ingest.Kind
	}{
		"empty.txt":        {nil, ingest.Empty},
		"blank.md":         {[]byte(" \n\t"), ingest.Empty},
		"title.md":         {[]byte("# 只有标题"), ingest.Empty},
		"huge.txt":         {bytes.Repeat([]byte("字"), 1<<19), ingest.TooLarge},
		"text.txt":         {bytes.Repeat([]byte("字"), 1<<18), ingest.TooLarge},
		"line.md":          {bytes.Repeat([]byte("第一条 "), 1<<17), ingest.TooLarge},
		"encrypted.pdf":    {pdfFile("<< >>", encrypted, ""), ingest.Encrypted},
		"encrypted.docx":   {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more"), ingest.Encrypted},
		"pages.pdf":        {pdfFile("<< >>", "", "", ""), ingest.TooLarge},
		"old.doc":          {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more"), ingest.Unsupported},
		"bomb.docx":        {bomb(t, "word/document.xml"), ingest.TooLarge},
		"bomb.xlsx":        {bomb(t, "xl/workbook.xml"), ingest.TooLarge},
		"cut.docx":         {docx(t, wordParagraphs(smallLaw))[:600], ingest.Damaged},
		"broken.docx":      {docx(t, "<w:p><w:r>"), ingest.Damaged},
		"text.docx":        {[]byte(strings.Join(smallLaw, "\n")), ingest.Damaged},
		"text.pdf":         {[]byte(strings.Join(smallLaw, "\n")), ingest.Damaged},
		"binary.txt":       {bytes.Repeat([]byte{0, 1, 2, 0xfe, 0xff}, 99), ingest.Damaged},
		"noise.txt":        {bytes.Repeat([]byte{0x81, 0xff, 0xfe}, 99), ingest.Damaged},
		"photo.pdf.jpg":    {[]byte("\xff\xd8\xff\xe0 photo"), ingest.NeedsOCR},
		"program.exe":      {[]byte("MZ program"), ingest.Unsupported},
		"other.zip":        {packed(t, map[string]string{"a.txt": "x"}), ingest.Unsupported},
		"matter.md":        {[]byte("---\neffective: 2024-13-01\n---\n# 题\n文。"), ingest.BadMeta},
		"level.md":         {[]byte("---\nlevel: 乡\n---\n# 题\n文。"), ingest.BadMeta},
		"not-there/at.all": {nil, ingest.Unreadable},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			if c.kind != ingest.Unreadable {
				fsys[name] = &fstest.MapFile{Data: c.data}
			}
			_, err := reader(t, small).File(context.Background(), fsys, name)
			var f *ingest.Fault
			require.ErrorAs(t, err, &f)
			assert.Equal(t, c.kind, f.Kind, err)
			assert.Equal(t, name, f.Path)
			assert.Regexp(t, `^\p{Han}|[A-Z]`, f.Reason)
			assert.True(t, strings.HasSuffix(f.Reason, "。"), f.Reason)
		})
	}
}

// bomb packs 64 MiB of nothing into a few kilobytes.
func bomb(t *testing.T, name string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	require.NoError(t, err)
	block := make([]byte, 1<<20)
	for range 64 {
		_, err = w.Write(block)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

func TestAScanNeedsToBeRecognisedFirst(t *testing.T) {
	if testing.Short() {
		t.Skip("starting the thorough reader takes seconds")
	}
	r := reader(t, ingest.Options{})
	for name, data := range map[string][]byte{
		"scan.pdf": pdfFile("<< >>", "", "0 0 m 10 10 l S"), "cut.pdf": pdfFile("<< >>", "", "")[:200],
	} {
		_, err := r.File(context.Background(), fstest.MapFS{name: {Data: data}}, name)
		var f *ingest.Fault
		require.ErrorAs(t, err, &f)
		want := map[string]ingest.Kind{"scan.pdf": ingest.NeedsOCR, "cut.pdf": ingest.Damaged}
		assert.Equal(t, want[name], f.Kind, err)
	}
}

func TestWhatIsWrongBesideAFileIsToldNotIgnored(t *testing.T) {
	for beside, kind := range map[string]ingest.Kind{
		"efective: 2024-01-01": ingest.BadMeta, "# " + strings.Repeat("x", 1<<20): ingest.TooLarge,
	} {
		fsys := fstest.MapFS{
			"a.md": {Data: []byte("# 题\n文。")}, "a.meta.yaml": {Data: []byte(beside)},
		}
		_, err := reader(t, ingest.Options{}).File(context.Background(), fsys, "a.md")
		var f *ingest.Fault
		require.ErrorAs(t, err, &f)
		assert.Equal(t, kind, f.Kind)
	}
}

// slow is a folder whose files never come.
type slow struct{ release chan struct{} }

func (s slow) Open(string) (fs.File, error) {
	<-s.release
	return nil, fs.ErrNotExist
}

func TestAFileThatTakesTooLongIsGivenUp(t *testing.T) {
	s := slow{release: make(chan struct{})}
	defer close(s.release)
	hurried := reader(t, ingest.Options{Timeout: time.Millisecond})
	_, err := hurried.File(context.Background(), s, "a.md")
	var f *ingest.Fault
	require.ErrorAs(t, err, &f)
	assert.Equal(t, ingest.TooSlow, f.Kind)

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = reader(t, ingest.Options{}).File(ctx, s, "a.md")
	require.ErrorIs(t, err, context.Canceled)
	assert.False(t, errors.As(err, &f), "whoever stops the import is told so")
}

func TestALineOfAHundredMegabytesIsRefused(t *testing.T) {
	_, err := read(t, "line.txt", bytes.Repeat([]byte("0123456789"), 10<<20), ingest.Options{})
	var f *ingest.Fault
	require.ErrorAs(t, err, &f)
	assert.Equal(t, ingest.TooLarge, f.Kind)
}

// TestLongLinesAreReadInLinearTime reads 3 MB without a line break, full of what the parsers look
// for.
func TestLongLinesAreReadInLinearTime(t *testing.T) {
	for _, unit := range []string{
		"2024年1月1日公布《办法》自2024年1月1日起施行同时废止", "第一条第二章（一）", "《《《", "))))", "**a",
	} {
		data := []byte("标题办法\n" + strings.Repeat(unit, 3<<20/len(unit)))
		for _, name := range []string{"long.txt", "long.md"} {
			d, err := read(t, name, data, ingest.Options{Timeout: 2 * time.Minute})
			require.NoError(t, err, "%s %s", name, unit)
			for _, p := range d.Passages(300) {
				assert.LessOrEqual(t, len([]rune(p.Text)), 300*20)
			}
		}
	}
}
