package app

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// How long to measure; `make bench` passes them on. No result is judged here:
// a benchmark that fails on a busy machine teaches nothing.
var (
	benchFor     = flag.Duration("bench.for", 3*time.Second, "how long each cell is measured in each round")
	benchRounds  = flag.Int("bench.rounds", 3, "rounds; the table shows medians")
	benchOnly    = flag.String("bench.only", "", "measure loads whose name contains this, beside the bare handler")
	benchProfile = flag.String("bench.profiles", "", "folder for a CPU profile per cell")
)

// BenchmarkCheckout prints what a checkout costs beside a bare net/http
// handler. The app runs in a process of its own, on a real file with everything
// durable, so that what the load costs is not counted; only the answers to
// questions about carts come from memory. Rounds are interleaved, so that
// whatever else the machine does falls on every row.
func BenchmarkCheckout(b *testing.B) {
	s := startBenchServer(b)
	fmt.Printf("\nat rest the process uses %s of CPU per second, which is in every row: the lower requests/s, the more of it\n", short(s.atRest(b)))
	results := map[cell][]result{}
	for round := range *benchRounds {
		for _, load := range benchLoads() {
			if load.name != bareLoad && !strings.Contains(load.name, *benchOnly) {
				continue
			}
			for _, concurrency := range []int{1, 16} {
				at := cell{load.name, concurrency}
				results[at] = append(results[at], s.measure(b, load, at, round))
			}
		}
	}
	printBench(results)
	for b.Loop() { //nolint:revive // everything was measured above
	}
}

type cell struct {
	load        string
	concurrency int
}

// String names the cell's profile.
func (c cell) String() string {
	return fmt.Sprintf("%s-%d", strings.NewReplacer(" ", "-", ":", "", ",", "").Replace(c.load), c.concurrency)
}

// result is one cell in one round.
type result struct {
	perSecond  float64
	p50, p99   time.Duration
	cpu        time.Duration // of the server's process, per request
	allocs, kb float64       // per request
	upstream   float64       // calls to Shopify per request
}

func (s *benchServer) measure(b *testing.B, l load, at cell, round int) result {
	b.Helper()
	agents := make([]*benchAgent, at.concurrency)
	for i := range agents {
		agents[i] = s.agent(b, i)
		l.prepare(b, agents[i])
	}
	l.run(b, agents, *benchFor/5) // connections, caches and prepared statements
	stop := s.profile(b, at, round)
	before := s.usage(b)
	began := time.Now()
	took := l.run(b, agents, *benchFor)
	elapsed := time.Since(began)
	after := s.usage(b)
	stop()
	n := float64(len(took))
	return result{
		perSecond: n / elapsed.Seconds(), p50: took[len(took)/2], p99: took[len(took)*99/100],
		cpu:    time.Duration(float64(after.CPU-before.CPU) / n),
		allocs: float64(after.Mallocs-before.Mallocs) / n, kb: float64(after.Bytes-before.Bytes) / n / 1024,
		upstream: float64(after.Upstream-before.Upstream) / n,
	}
}

// atRest is what background work costs per second.
func (s *benchServer) atRest(b *testing.B) time.Duration {
	b.Helper()
	before := s.usage(b)
	began := time.Now()
	<-time.After(*benchFor)
	return time.Duration(float64(s.usage(b).CPU-before.CPU) / time.Since(began).Seconds())
}

func (s *benchServer) profile(b *testing.B, at cell, round int) (stop func()) {
	b.Helper()
	if *benchProfile == "" || round > 0 {
		return func() {}
	}
	if err := os.MkdirAll(*benchProfile, 0o755); err != nil {
		b.Fatal(err)
	}
	folder, err := filepath.Abs(*benchProfile)
	if err != nil {
		b.Fatal(err)
	}
	s.control(b, "/profile/start?file="+filepath.Join(folder, at.String()+".pprof"), nil)
	return func() { s.control(b, "/profile/stop", nil) }
}
