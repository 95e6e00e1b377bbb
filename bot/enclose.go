package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// FileChannel is a channel on which staff can send pictures (KindImage) and other files (KindFile).
type FileChannel interface {
	Carries(Kind) bool
}

// Carries lists the kinds of files that a channel takes from staff.
func Carries(c Channel) []Kind {
	files, ok := c.(FileChannel)
	if !ok {
		return nil
	}
	var kinds []Kind
	for _, k := range []Kind{KindImage, KindFile} {
		if files.Carries(k) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// ErrNotCarried says that a channel takes no file of this kind, and ErrTooLarge that the file is larger
// than any platform takes.
var (
	ErrNotCarried = errors.New("channel does not carry this kind of file")
	ErrTooLarge   = errors.New("file too large")
)

// SaidFile is a file that a member of staff sends.
type SaidFile struct {
	Name string
	Body io.Reader
}

// Enclosure is a file of staff on our disk, on its way into a message.
type Enclosure struct {
	// ID is what the message is sent with.
	ID   string
	Kind Kind
	Media
	// Until is when it is deleted; zero for never.
	Until time.Time
}

// MaxFile is the most bytes of a file that staff can send, MaxPicture of a picture: what the platforms
// take.
const (
	MaxFile    = 20 << 20
	MaxPicture = 10 << 20
)

// Encloser keeps files of staff; see Attachments.Enclose.
type Encloser interface {
	Enclose(ctx context.Context, f SaidFile, use func(Enclosure) error) error
}

// leastFile is what the platforms want a file to have.
const leastFile = 6

// pictures are the types that every platform shows as a picture.
var pictures = map[string]bool{"image/jpeg": true, "image/png": true}

// Enclose keeps a file of staff and lets use store the message that shows it; meanwhile the same content
// is not deleted. A picture that is too large for one goes as a file.
func (a *Attachments) Enclose(
	ctx context.Context, f SaidFile, use func(Enclosure) error,
) error {
	a.removing.RLock()
	defer a.removing.RUnlock()
	kept, err := a.Files.Put(f.Body, MaxFile)
	if errors.Is(err, ErrInvalid) {
		return fmt.Errorf("keep file: %w: %w", ErrTooLarge, err)
	}
	if err != nil {
		return fmt.Errorf("keep file: %w", err)
	}
	e := Enclosure{Kind: KindFile, Media: kept}
	if pictures[kept.Type] && kept.Size <= MaxPicture {
		e.Kind = KindImage
	}
	e.State, e.Name = MediaKept, CleanText(f.Name, maxFileName)
	if e.Name == "" {
		e.Name = "文件"
	}
	if a.Keep > 0 {
		e.Until = a.Now().Add(a.Keep)
	}
	if kept.Size < leastFile {
		err = fmt.Errorf("file of %d bytes: %w", kept.Size, ErrInvalid)
	} else {
		err = use(e)
	}
	// A repeat, which changes nothing, may have come with another file.
	unused := a.removeUnused(context.WithoutCancel(ctx), kept.Hash)
	if err != nil {
		return errors.Join(err, unused)
	}
	if unused != nil {
		a.Log.Warn("file of a repeat not removed", "error", unused)
	}
	return nil
}

// Upload names a content as it was put on a platform: there it has one id for each of its kinds.
type Upload struct {
	Channel string
	// Kind is the platform's word, "image" or "file".
	Kind string
	Hash string
}
