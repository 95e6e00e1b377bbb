package platformtest

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// PathUpload is where all platforms of the family take files for a time.
const PathUpload = "/cgi-bin/media/upload"

const (
	// maxUpload bounds a request with a file; the largest may have 20 MB.
	maxUpload = 21 << 20
	// uploadLife is how long a file is kept.
	uploadLife = 3 * 24 * time.Hour
)

const (
	codeBadMediaKind = 40004
	codeBadFileType  = 40005
	codeBadFileSize  = 40006
	codeNoMediaData  = 41005
)

// UploadRule is what a platform takes of one kind of file: so many bytes, of these content types, told
// by the file itself; none named: of all.
type UploadRule struct {
	Least, Most int
	Types       []string
}

// uploads are the files that were put on the platform.
type uploads struct {
	mu   sync.Mutex
	byID map[string]uploaded
}

type uploaded struct {
	File
	kind  string
	until time.Time
}

type uploadReply struct {
	Type    string `json:"type"`
	MediaID string `json:"media_id"`
	Created string `json:"created_at"`
}

// Upload answers media/upload: a form with one file under the name media, which is kept for three days
// as the kind that the query names.
func (p *Platform) Upload(r *http.Request, body []byte, rules map[string]UploadRule) (any, error) {
	kind := r.URL.Query().Get("type")
	rule, known := rules[kind]
	if !known {
		return nil, Refuse(codeBadMediaKind, "invalid media type")
	}
	f, err := formFile(r, body)
	if err != nil {
		return nil, err
	}
	switch {
	case len(f.Data) < rule.Least || len(f.Data) > rule.Most:
		return nil, Refuse(codeBadFileSize, "invalid media size")
	case len(rule.Types) > 0 && !slices.Contains(rule.Types, f.Type):
		return nil, Refuse(codeBadFileType, "invalid file type")
	}
	id, now := p.Random(64), p.cfg.Now()
	p.uploads.mu.Lock()
	defer p.uploads.mu.Unlock()
	p.uploads.byID[id] = uploaded{f, kind, now.Add(uploadLife)}
	return uploadReply{kind, id, strconv.FormatInt(now.Unix(), 10)}, nil
}

// Uploaded is a file that was put on the platform less than three days ago, and the kind it was given as.
func (p *Platform) Uploaded(mediaID string) (f File, kind string, ok bool) {
	p.uploads.mu.Lock()
	defer p.uploads.mu.Unlock()
	u, ok := p.uploads.byID[mediaID]
	if !ok || !p.cfg.Now().Before(u.until) {
		return File{}, "", false
	}
	return u.File, u.kind, true
}

// ForgetUploads throws away what was put on the platform, as the end of its three days does.
func (p *Platform) ForgetUploads() {
	p.uploads.mu.Lock()
	defer p.uploads.mu.Unlock()
	clear(p.uploads.byID)
}

// formFile reads the file out of a form, and tells its type by its content.
func formFile(r *http.Request, body []byte) (File, error) {
	missing := Refuse(codeNoMediaData, "media data missing")
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || r.ContentLength < 0 {
		return File{}, missing
	}
	parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for {
		part, err := parts.NextPart()
		if err != nil {
			return File{}, missing
		}
		_, named, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
		if err != nil || named["name"] != "media" || part.FileName() == "" {
			continue
		}
		data, err := io.ReadAll(part)
		if err != nil || named["filelength"] != "" && named["filelength"] != strconv.Itoa(len(data)) {
			return File{}, missing
		}
		return File{Name: part.FileName(), Type: typeOf(data), Data: data}, nil
	}
}

func typeOf(data []byte) string {
	if bytes.HasPrefix(data, []byte("#!AMR")) {
		return "audio/amr"
	}
	return http.DetectContentType(data)
}

// MostOf is how many bytes the body of a call may have.
func MostOf(path string) int64 {
	if path == PathUpload {
		return maxUpload
	}
	return MaxBody
}
