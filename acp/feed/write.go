package feed

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/acp-bridge/acp-bridge/acp"
)

const bufferSize = 64 << 10

// Write streams the feed of a merchant's items, in the order in which each
// brings them. An item that lacks something required is left out and counted;
// one that was removed or hidden is told as withdrawn for 14 days. On an error
// the file is incomplete and must not be used. Errors: KindInvalid (format,
// currency), and those of each and of w.
func Write(ctx context.Context, w io.Writer, o Options, each func(yield func(acp.Item) error) error) (Report, error) {
	if err := o.check(); err != nil {
		return Report{}, fmt.Errorf("write feed: %w", err)
	}
	m := newMapper(o)
	out := newSink(o.Format, w)
	err := each(func(it acp.Item) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		r := m.next(&it)
		if r == nil {
			return nil
		}
		return out.put(r)
	})
	if err == nil {
		err = out.flush()
	}
	if err != nil {
		return m.report, fmt.Errorf("write feed: %w", err)
	}
	return m.report, nil
}

// sink is where rows go.
type sink interface {
	put(r *row) error
	flush() error
}

func newSink(f Format, w io.Writer) sink {
	if f == CSV {
		return newCSVSink(w)
	}
	buffer := bufio.NewWriterSize(w, bufferSize)
	encoder := json.NewEncoder(buffer)
	encoder.SetEscapeHTML(false) // addresses hold ampersands
	return jsonSink{encoder, buffer}
}

type jsonSink struct {
	encoder *json.Encoder
	buffer  *bufio.Writer
}

func (s jsonSink) put(r *row) error { return s.encoder.Encode(r) }

func (s jsonSink) flush() error { return s.buffer.Flush() }
