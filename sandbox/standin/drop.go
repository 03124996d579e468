package standin

import "net/http"

// Drop closes the connection without an answer, which a client sees as EOF or a reset.
// Where the connection cannot be taken over (HTTP/2, a recorder) the handler is aborted,
// which net/http turns into the same closed connection.
func Drop(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // net/http's own signal for "abandon this answer"
	}
	_ = conn.Close() // the point is that the caller learns nothing
}
