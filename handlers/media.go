package handlers

import (
	"cmp"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"rongjun/bot"
)

// mediaPolicy lets nothing run in what a contact sent, whatever it is.
const mediaPolicy = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; " +
	"frame-ancestors 'none'"

// inline are the types that browsers show or play by themselves. What phones record in, AMR and Silk,
// they do not.
var inline = map[string]string{
	"image/jpeg": "picture", "image/png": "picture", "image/gif": "picture", "image/webp": "picture",
	"audio/mpeg": "sound", "audio/wave": "sound", "video/mp4": "video",
}

// endings name files that have no name of their own.
var endings = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp",
	"audio/mpeg": ".mp3", "audio/wave": ".wav", "audio/amr": ".amr", "audio/silk": ".silk",
	"video/mp4": ".mp4", "application/pdf": ".pdf",
}

// media gives staff what a contact sent: under the type that the content itself shows, never as a
// page, and as a download where a browser could not show it.
func (f *face) media(c echo.Context) error {
	message, err := mediaID(c)
	if err != nil {
		return err
	}
	return f.serveMedia(c, message)
}

func mediaID(c echo.Context) (int64, error) {
	message, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil || message < 1 {
		return 0, fmt.Errorf("message id: %w", bot.ErrNotFound)
	}
	return message, nil
}

// serveMedia writes the media of a message to whoever may see it.
func (f *face) serveMedia(c echo.Context, message int64) error {
	m, file, err := f.o.Media.Open(c.Request().Context(), message)
	if err != nil {
		return fmt.Errorf("open media: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	how := "attachment"
	if inline[m.Type] != "" {
		how = "inline"
	}
	name := cmp.Or(m.Name, strconv.FormatInt(message, 10)+endings[m.Type])
	h := c.Response().Header()
	h.Set("Content-Security-Policy", mediaPolicy)
	h.Set("Content-Type", cmp.Or(m.Type, "application/octet-stream"))
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": name}))
	h.Set("ETag", strconv.Quote(m.Hash)) // with it a browser goes on where a slow line broke off
	slow := &leaving{c.Response(), moving{
		http.NewResponseController(c.Response()), f.o.Now, f.o.Now().Add(fileWithin),
	}}
	http.ServeContent(slow, c.Request(), "", time.Time{}, file)
	return nil
}

// attached is what staff see of a message's media.
type attached struct {
	// Show is picture, sound or video for what the page shows, file for what is downloaded, and
	// empty where there is nothing to be had.
	Show string
	URL  string
	// Words say what it is, or why it is not there.
	Words string
}

func attachedOf(m bot.Message) *attached {
	if m.Media == nil || m.State == bot.MessageRecalled {
		return nil
	}
	switch m.Media.State {
	case bot.MediaWanted:
		return &attached{Words: "正在下载……"}
	case bot.MediaFailed:
		return &attached{Words: "没有取到：" + m.Media.Reason}
	case bot.MediaExpired:
		return &attached{Words: "保留期已过，文件已删除"}
	}
	a := &attached{
		Show: cmp.Or(inline[m.Media.Type], "file"),
		URL:  "/desk/media/" + strconv.FormatInt(m.ID, 10),
	}
	size := sizeWords(m.Media.Size)
	switch {
	case m.Media.Type == "audio/amr" || m.Media.Type == "audio/silk":
		a.Words = "下载语音（" + size + "，浏览器放不了这种格式，请下载后用播放器听）"
	case a.Show == "file":
		a.Words = "下载 " + cmp.Or(m.Media.Name, "文件") + "（" + size + "）"
	}
	return a
}

func sizeWords(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KB", (n+1023)>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}

// kindWords are what stands in a transcript where a message has no words.
func kindWords(m bot.Message) string {
	switch m.Kind {
	case bot.KindVoice:
		return "〔语音〕"
	case bot.KindUnknown:
		return "（一条看不懂的消息）"
	case bot.KindTap:
		return "（点了一个选项）"
	}
	return ""
}
