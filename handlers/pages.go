package handlers

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"

	"github.com/labstack/echo/v4"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed static
var staticFiles embed.FS

// pages are the templates and what they load, all read at the start so that a broken one is found
// then.
type pages struct {
	templates *template.Template
	// versions are the beginnings of the hashes of the static files, so that browsers may keep them.
	versions map[string]string
}

func loadPages() (*pages, error) {
	p := &pages{versions: make(map[string]string)}
	files, err := fs.ReadDir(staticFiles, "static")
	if err != nil {
		return nil, fmt.Errorf("list static files: %w", err)
	}
	for _, file := range files {
		content, err := fs.ReadFile(staticFiles, "static/"+file.Name())
		if err != nil {
			return nil, fmt.Errorf("read static file: %w", err)
		}
		sum := sha256.Sum256(content)
		p.versions[file.Name()] = hex.EncodeToString(sum[:6])
	}
	p.templates, err = template.New("").Option("missingkey=error").
		Funcs(template.FuncMap{"static": p.address, "filtered": filteredWords}).
		ParseFS(templateFiles, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse templates: %w", err)
	}
	return p, nil
}

// address is where a static file is, with its version.
func (p *pages) address(name string) (string, error) {
	version, ok := p.versions[name]
	if !ok {
		return "", fmt.Errorf("no static file %q", name)
	}
	return "/static/" + name + "?v=" + version, nil
}

// render sends a page only when all of it could be made.
func (p *pages) render(c echo.Context, status int, name string, data any) error {
	var page bytes.Buffer
	if err := p.templates.ExecuteTemplate(&page, name, data); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	return c.HTMLBlob(status, page.Bytes())
}

func (f *face) static(c echo.Context) error {
	name := c.Param("file")
	if _, ok := f.pages.versions[name]; !ok {
		return echo.ErrNotFound
	}
	content, err := fs.ReadFile(staticFiles, "static/"+name)
	if err != nil {
		return fmt.Errorf("read static file: %w", err)
	}
	c.Response().Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	return c.Blob(http.StatusOK, mime.TypeByExtension(path.Ext(name)), content)
}
