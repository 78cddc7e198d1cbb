// Draws by weight in constant time (Walker 1977, doi:10.1145/355744.355749; Vose 1991, doi:10.1109/32.92917).

/// For each number the share of a draw that keeps it, of 2^32, and above it the number that the rest goes to.
func aliasTable(_ weights: [Double]) -> [UInt64] {
  let mean = weights.reduce(0, +) / Double(max(weights.count, 1))
  var shares = weights.map { mean > 0 ? $0 / mean : 1 }
  var table = weights.indices.map { UInt64(UInt32.max) | UInt64($0) << 32 }
  var small = shares.indices.filter { shares[$0] < 1 }
  var large = shares.indices.filter { shares[$0] >= 1 }
  while let last = large.last, let little = small.popLast() {
    table[little] = UInt64(min(shares[little], 1) * 4_294_967_295) | UInt64(last) << 32
    shares[last] -= 1 - shares[little]
    if shares[last] < 1 {
      large.removeLast()
      small.append(last)
    }
  }
  return table
}
