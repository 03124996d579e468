package app

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"
)

func printBench(results map[cell][]result) {
	fmt.Printf("\n%s, %d CPUs, medians of %d rounds of %s; CPU and allocations are those of the server's process alone\n\n",
		runtime.Version(), runtime.NumCPU(), *benchRounds, *benchFor)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "operation\tat once\trequests/s\tp50\tp99\tCPU/request\tallocs\tKB\tShopify calls\tCPU : bare\t")
	for _, concurrency := range []int{1, 16} {
		bare := middle(results[cell{bareLoad, concurrency}])
		for _, l := range benchLoads() {
			measured := results[cell{l.name, concurrency}]
			if len(measured) == 0 {
				continue // see bench.only
			}
			r := middle(measured)
			fmt.Fprintf(w, "%s\t%d\t%.0f\t%s\t%s\t%s\t%.0f\t%.1f\t%.2f\t%.1f\t\n", l.name, concurrency, r.perSecond,
				short(r.p50), short(r.p99), short(r.cpu), r.allocs, r.kb, r.upstream, float64(r.cpu)/float64(bare.cpu))
		}
	}
	w.Flush()
	fmt.Println()
}

func short(d time.Duration) string {
	if d < time.Millisecond {
		return fmt.Sprintf("%.0fµs", float64(d)/1e3)
	}
	return fmt.Sprintf("%.2fms", float64(d)/1e6)
}

// middle is the median of each figure.
func middle(rounds []result) result {
	return result{
		perSecond: median(rounds, func(r result) float64 { return r.perSecond }),
		p50:       median(rounds, func(r result) time.Duration { return r.p50 }),
		p99:       median(rounds, func(r result) time.Duration { return r.p99 }),
		cpu:       median(rounds, func(r result) time.Duration { return r.cpu }),
		allocs:    median(rounds, func(r result) float64 { return r.allocs }),
		kb:        median(rounds, func(r result) float64 { return r.kb }),
		upstream:  median(rounds, func(r result) float64 { return r.upstream }),
	}
}

func median[T cmp.Ordered](rounds []result, of func(result) T) T {
	all := make([]T, len(rounds))
	for i, r := range rounds {
		all[i] = of(r)
	}
	slices.Sort(all)
	return all[len(all)/2]
}
