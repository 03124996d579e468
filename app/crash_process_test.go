package app

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/acp-bridge/acp-bridge/sandbox/standin"
)

// appProcess is the app while it runs in a process of its own; nil never ran.
type appProcess struct {
	cmd     *exec.Cmd
	dead    chan struct{}
	control string // base URL of the parent's hand in it
}

// start runs the app until it is killed.
func (w *crashWorld) start() {
	w.t.Helper()
	w.appProcess = w.launch(w.orders)
	w.mail.runs(true)
}

func (w *crashWorld) kill() {
	w.mail.runs(false)
	w.appProcess.kill()
}

// launch runs an app as it is told.
func (w *crashWorld) launch(o childOrders) *appProcess {
	w.t.Helper()
	o.Ahead = w.ahead.Load()
	path := filepath.Join(o.Data, o.Keys.App+".json")
	if err := standin.Save(path, o); err != nil {
		w.t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crashChild+"="+path)
	cmd.Stderr = w.stderr
	_, err := cmd.StdinPipe() // held open as long as this process lives
	if err != nil {
		w.t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		w.t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	address, up := strings.CutPrefix(strings.TrimSpace(line), "up ")
	p := &appProcess{cmd: cmd, control: "http://" + address, dead: make(chan struct{})}
	go func() {
		cmd.Wait() //nolint:errcheck // it says "killed"
		close(p.dead)
	}()
	if err != nil || !up {
		w.t.Fatalf("the app did not come up: %q %v\n%s", line, err, w.stderr)
	}
	return p
}

// kill is kill -9; it returns when the process is gone.
func (p *appProcess) kill() {
	if p == nil {
		return
	}
	p.cmd.Process.Kill() //nolint:errcheck // it may have died by itself
	<-p.dead
}

func (p *appProcess) alive() bool {
	if p == nil {
		return false
	}
	select {
	case <-p.dead:
		return false
	default:
		return true
	}
}

// dies waits for a process that stopped answering.
func (p *appProcess) dies() bool {
	select {
	case <-p.dead:
		return true
	case <-time.After(patience):
		return false
	}
}

// steer calls the child's control; a child that died meanwhile is no failure.
func (w *crashWorld) steer(path string, values url.Values, into any) bool {
	w.t.Helper()
	return w.steerAt(w.appProcess, path, values, into)
}

func (w *crashWorld) steerAt(p *appProcess, path string, values url.Values, into any) bool {
	w.t.Helper()
	a, err := w.request(w.t.Context(), http.MethodPost, p.control+path+"?"+values.Encode(), "", nil)
	if err != nil || a.Status != http.StatusOK {
		if p.alive() && !p.dies() {
			w.t.Fatalf("%s: %v %d %s\n%s", path, err, a.Status, a.Raw, w.stderr)
		}
		return false
	}
	if into != nil {
		if err := json.Unmarshal([]byte(a.Raw), into); err != nil {
			w.t.Fatal(err)
		}
	}
	return true
}

// pass moves the clock for everybody.
func (w *crashWorld) pass(d time.Duration) {
	w.t.Helper()
	ahead := w.ahead.Add(int64(d))
	values := url.Values{"ahead": {strconv.FormatInt(ahead, 10)}}
	if w.beside.alive() { // first, so that it takes no lease by the old time
		w.steerAt(w.beside, "/clock", values, nil)
	}
	if w.alive() {
		w.steer("/pass", values, nil)
	}
}

// lastLines keeps the end of the child's log.
type lastLines struct {
	mu    sync.Mutex
	lines []string
}

// Write implements io.Writer.
func (l *lastLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, strings.Split(strings.TrimSpace(string(p)), "\n")...)
	if n := len(l.lines) - 4000; n > 0 {
		l.lines = append([]string(nil), l.lines[n:]...)
	}
	return len(p), nil
}

// String implements fmt.Stringer.
func (l *lastLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n")
}

// about are the lines that name something.
func (l *lastLines) about(what string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []string
	for _, line := range l.lines {
		if strings.Contains(line, what) {
			found = append(found, line)
		}
	}
	return strings.Join(found, "\n")
}
