package pricing

import (
	"cmp"
	"math/big"
	"slices"
)

// Apportion splits total over weights by largest remainder: the parts add up to total
// exactly and none differs from its true share by a whole unit. With no weight at all
// nothing can be split and every part is zero.
func Apportion(total int64, weights []int64) []int64 {
	parts := make([]int64, len(weights))
	sum := new(big.Int)
	for _, w := range weights {
		sum.Add(sum, big.NewInt(w))
	}
	if sum.Sign() == 0 {
		return parts
	}
	remainders := make([]*big.Int, len(weights))
	left := total
	for i, w := range weights {
		part, rest := new(big.Int).QuoRem(new(big.Int).Mul(big.NewInt(total), big.NewInt(w)), sum, new(big.Int))
		parts[i], remainders[i] = part.Int64(), rest
		left -= parts[i]
	}
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(remainders[b].CmpAbs(remainders[a]), cmp.Compare(a, b))
	})
	for i := int64(0); i < left; i++ {
		parts[order[i]]++
	}
	return parts
}

// share is amount*num/den rounded half up; amounts and rates here are never negative.
func share(amount, num, den int64) int64 {
	n := new(big.Int).Mul(big.NewInt(amount), big.NewInt(num))
	n.Lsh(n, 1).Add(n, big.NewInt(den))
	return n.Quo(n, new(big.Int).Lsh(big.NewInt(den), 1)).Int64()
}
