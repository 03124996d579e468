package standin

import (
	"encoding/json"
	"fmt"
	"net/http"
)

const faultBodyLimit = 16 << 10

// Handler serves /_sandbox/faults: POST orders a failure (400 on an unknown mode,
// operation or field), GET lists those still to come, DELETE takes all of them back
// and ends the delays that have begun.
func (f *Faults) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet:
			writeJSON(w, http.StatusOK, map[string]any{"faults": f.Pending()})
		case http.MethodPost:
			f.order(w, r)
		case http.MethodDelete:
			f.Clear()
			writeJSON(w, http.StatusOK, map[string]any{"faults": f.Pending()})
		default:
			w.Header().Set("Allow", "GET, POST, DELETE")
			writeJSON(w, http.StatusMethodNotAllowed, map[string]any{"error": "GET, POST or DELETE"})
		}
	})
}

func (f *Faults) order(w http.ResponseWriter, r *http.Request) {
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, faultBodyLimit))
	dec.DisallowUnknownFields()
	var fault Fault
	if err := dec.Decode(&fault); err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]any{"error": fmt.Sprintf("decode fault: %v", err)})
		return
	}
	if err := f.Add(fault); err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"faults": f.Pending()})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the status is out: a caller who hung up cannot be told more
}
