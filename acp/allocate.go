package acp

import (
	"cmp"
	"math/big"
	"slices"
)

// Allocate splits total over the weights in proportion, by largest remainder,
// so that the parts sum to total exactly. Negative weights count as zero; when
// no weight is positive, everything goes to the first part.
func Allocate(total int64, weights []int64) []int64 {
	parts := make([]int64, len(weights))
	if len(weights) == 0 {
		return parts
	}
	sum := new(big.Int)
	for _, w := range weights {
		sum.Add(sum, big.NewInt(max(w, 0)))
	}
	if sum.Sign() == 0 {
		parts[0] = total
		return parts
	}
	type remainder struct {
		index int
		rest  *big.Int
	}
	left := total
	remainders := make([]remainder, 0, len(weights))
	for i, w := range weights {
		product := new(big.Int).Mul(big.NewInt(total), big.NewInt(max(w, 0)))
		quotient, rest := new(big.Int).DivMod(product, sum, new(big.Int))
		parts[i] = quotient.Int64()
		left -= parts[i]
		remainders = append(remainders, remainder{i, rest})
	}
	slices.SortStableFunc(remainders, func(a, b remainder) int {
		return cmp.Or(b.rest.Cmp(a.rest), cmp.Compare(a.index, b.index))
	})
	for _, r := range remainders[:left] { // Euclidean division: 0 <= left < len(weights)
		parts[r.index]++
	}
	return parts
}
