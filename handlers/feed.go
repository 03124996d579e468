package handlers

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"

	"github.com/acp-bridge/acp-bridge/acp"
)

// feedTypes are the media types of the formats that a feed has.
var feedTypes = map[string]string{"jsonl": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}

// errHeadOnly ends a feed whose existence was all that was asked for.
var errHeadOnly = errors.New("only the header was asked for")

// feed streams a merchant's products. The unguessable token in the address is
// what admits the reader.
func (a *app) feed(c *gin.Context) {
	name, zipped := strings.CutSuffix(c.Param("file"), ".gz")
	token, format, _ := strings.Cut(name, ".")
	kind, known := feedTypes[format]
	if !known || token == "" {
		c.String(http.StatusNotFound, "There is no such feed.\n")
		return
	}
	if zipped {
		kind = "application/gzip"
	}
	out := &feedWriter{c: c, kind: kind, zipped: zipped}
	err := a.WriteFeed(c.Request.Context(), token, format, out)
	if err == nil {
		err = out.finish()
	}
	if err == nil || errors.Is(err, errHeadOnly) {
		return
	}
	a.feedFailed(c, out, err)
}

func (a *app) feedFailed(c *gin.Context, out *feedWriter, err error) {
	if out.begun {
		a.logProblem(c, slog.LevelWarn, "feed cut off", err)
		// The reader must not take half a catalog for the whole: net/http then
		// closes the connection without the end of the last chunk.
		panic(http.ErrAbortHandler)
	}
	if acp.KindOf(err) == acp.KindNotFound {
		c.String(http.StatusNotFound, "There is no such feed.\n")
		return
	}
	a.logProblem(c, slog.LevelError, "feed not served", err)
	setRetryAfter(c, unavailable.RetryAfter)
	c.String(http.StatusServiceUnavailable, "The feed cannot be read at the moment.\n")
}

// feedWriter begins the answer with the first byte of the feed, so that a feed
// that does not exist can still be answered with its own status.
type feedWriter struct {
	c      *gin.Context
	kind   string
	zipped bool
	begun  bool
	out    io.Writer
	zip    *gzip.Writer
}

// Write implements io.Writer.
func (w *feedWriter) Write(p []byte) (int, error) {
	w.begin()
	if w.c.Request.Method == http.MethodHead {
		return 0, errHeadOnly
	}
	return w.out.Write(p)
}

func (w *feedWriter) begin() {
	if w.begun {
		return
	}
	w.begun, w.out = true, w.c.Writer
	w.c.Header("Content-Type", w.kind)
	w.c.Header("X-Robots-Tag", "noindex")
	w.c.Header("Cache-Control", "private, max-age=60")
	w.c.Status(http.StatusOK)
	if w.zipped {
		w.zip = gzip.NewWriter(w.c.Writer)
		w.out = w.zip
	}
}

// finish ends the answer; a feed without any product is an empty file.
func (w *feedWriter) finish() error {
	w.begin()
	if w.zip == nil || w.c.Request.Method == http.MethodHead {
		return nil
	}
	return w.zip.Close()
}
