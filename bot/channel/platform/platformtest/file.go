package platformtest

import (
	"fmt"
	"net/http"
)

// File is a picture, a recording, a video or a document on the platform.
type File struct {
	Name string
	// Type is the content type with which it is handed out.
	Type string
	Data []byte
	// span is the part of it that is asked for, as the head of a request says it.
	span string
}

// AskedBy is the file as it is handed out to a request, which may want a part of it only.
func (f File) AskedBy(r *http.Request) File {
	f.span = r.Header.Get("Range")
	return f
}

// Write answers with the file, named in the head of the answer, or with the part that was asked for.
func (f File) Write(w http.ResponseWriter) {
	data, status, size := f.Data, http.StatusOK, len(f.Data)
	var from, to int
	if n, _ := fmt.Sscanf(f.span, "bytes=%d-%d", &from, &to); n > 0 {
		if n == 1 || to >= size {
			to = size - 1
		}
		if from > to {
			http.Error(w, http.StatusText(http.StatusRequestedRangeNotSatisfiable),
				http.StatusRequestedRangeNotSatisfiable)
			return
		}
		data, status = data[from:to+1], http.StatusPartialContent
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, to, size))
	}
	w.Header().Set("Accept-Ranges", "bytes")
	w.Header().Set("Content-Type", f.Type)
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", f.Name))
	w.Header().Set("Content-Length", fmt.Sprint(len(data)))
	w.WriteHeader(status)
	_, _ = w.Write(data)
}

// breaking is an answer that breaks off after so many bytes of its body.
type breaking struct {
	http.ResponseWriter
	left int
}

func (b *breaking) Write(p []byte) (int, error) {
	n, err := b.ResponseWriter.Write(p[:min(len(p), b.left)])
	b.left -= n
	if b.left > 0 || err != nil {
		return n, err
	}
	_ = http.NewResponseController(b.ResponseWriter).Flush()
	panic(http.ErrAbortHandler)
}
