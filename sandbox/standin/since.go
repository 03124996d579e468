package standin

import (
	"fmt"
	"net/http"
	"strconv"
)

// Since reads ?since= of a request for the books, in Unix seconds; without it, everything
// is asked for.
func Since(r *http.Request) (int64, error) {
	raw := r.URL.Query().Get("since")
	if raw == "" {
		return 0, nil
	}
	at, err := strconv.ParseInt(raw, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("since is a number of seconds, not %q", raw)
	}
	return at, nil
}
