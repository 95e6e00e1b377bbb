package ingest

import (
	"context"
	"path"
	"strings"
)

// parse reads the data in the format that the file's name says.
func (r *Reader) parse(_ context.Context, name string, data []byte) (source, error) {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".markdown":
		return markdownSource(string(data))
	default:
		return source{}, fault(Unsupported, "不认识这种文件，请转成 docx、pdf、xlsx、html、md 或 txt。", nil)
	}
}

func markdownSource(text string) (source, error) {
	md := readMarkdown(text)
	matter, err := readGiven(md.matter)
	return source{lines: md.lines, matter: matter, address: md.source}, err
}
