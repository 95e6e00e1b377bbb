package ingest

import (
	"bytes"
	"context"
	"path"
	"strings"
)

// parse reads the data. What it begins with says more than the file's name, which may be wrong;
// texts have no such mark and go by their name.
func (r *Reader) parse(ctx context.Context, name string, data []byte) (source, error) {
	switch head := data[:min(len(data), 1024)]; {
	case bytes.Contains(head, []byte("%PDF-")):
		return r.pdfSource(ctx, data)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return r.officeSource(data)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return source{}, oldOffice(name)
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")), bytes.HasPrefix(head, []byte("\x89PNG")):
		return source{}, fault(NeedsOCR, "这是图片，请先做文字识别（OCR）再导入。", nil)
	}
	ext := strings.ToLower(path.Ext(name))
	switch ext {
	case ".md", ".markdown", ".txt", ".html", ".htm", ".csv":
	case ".docx", ".pdf", ".xlsx":
		return source{}, fault(Damaged, "内容和扩展名“"+ext+"”不符，文件可能损坏或改错了名字。", nil)
	default:
		return source{}, fault(Unsupported, "不认识这种文件，请转成 docx、pdf、xlsx、csv、html、md 或 txt。", nil)
	}
	text, err := decodeText(data)
	if err != nil {
		return source{}, err
	}
	if int64(len(text)) > r.opts.MaxText {
		return source{}, fault(TooLarge, "文件里的文字太多，请拆分后再导入。", nil)
	}
	switch ext {
	case ".txt":
		return textSource(text), nil
	case ".html", ".htm":
		return htmlSource(text)
	case ".csv":
		return csvSource(text, r.opts)
	default:
		return markdownSource(text)
	}
}

func markdownSource(text string) (source, error) {
	md := readMarkdown(text)
	matter, err := readGiven(md.matter)
	return source{lines: md.lines, matter: matter, address: md.source}, err
}

// officeSource reads a packed document by what it holds.
func (r *Reader) officeSource(data []byte) (source, error) {
	z, err := openZip(data, r.opts)
	if err != nil {
		return source{}, err
	}
	switch {
	case has(z, docxBody):
		return docxSource(z, r.opts)
	case has(z, "xl/workbook.xml"):
		return xlsxSource(data, r.opts)
	default:
		return source{}, fault(Unsupported, "压缩包里不是 Word 或 Excel 文件，请解开后逐个导入。", nil)
	}
}

// oldOffice tells an office file of the old kind from a new one that has a password: both are
// packed the same way.
func oldOffice(name string) *Fault {
	switch strings.ToLower(path.Ext(name)) {
	case ".docx", ".xlsx":
		return fault(Encrypted, "文件设有密码，请去掉密码后再导入。", nil)
	case ".xls", ".et":
		return fault(Unsupported, "旧版 Excel 文件，请另存为 xlsx 再导入。", nil)
	default:
		return fault(Unsupported, "旧版 Word 或 WPS 文件，请另存为 docx 再导入。", nil)
	}
}
