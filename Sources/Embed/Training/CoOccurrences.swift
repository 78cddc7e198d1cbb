// How often words stand near each other, weighted by 1 / distance (Pennington, Socher, Manning 2014).

import Foundation
import Jobs

/// Sums for pairs of words, the smaller number first. Pairs of frequent words are summed in a table; others are kept in
/// runs, sorted and added up when their buffer is full, and go to a file beyond a limit.
final class CoOccurrences: @unchecked Sendable {
  /// Numbers of the table: 128 MiB.
  private static let tableLimit = 32 << 20
  private static let bufferLimit = 4 << 20
  private static let rounds = 4

  private let words: Int
  /// For each word how many words from itself on are in the table, and where they begin.
  private var reaches: [Int32] = []
  private var offsets: [Int] = []
  private let table: MappedRegion
  private var keys: [UInt64] = []
  private var weights: [Float] = []
  private let runs: NumberStore
  private var bounds: [Range<Int>] = []
  /// Triples: word, word, and the sum as bits.
  private let triples: NumberStore

  var count: Int { triples.count / 3 }
  var pointer: UnsafeMutablePointer<Int32> { triples.pointer }

  init(_ corpus: Corpus, words: Int, window: Int, context: any JobContext) throws {
    self.words = words
    var size = 0
    // The table is densest where both words are frequent: word times word below a product.
    let product = Double(Self.tableLimit) / max(log(Double(words)) + 1, 1)
    for word in 0..<words {
      let reach = max(0, min(words - word, Int(product / Double(word + 1)) - word))
      guard size + reach <= Self.tableLimit else { break }
      reaches.append(Int32(reach))
      offsets.append(size)
      size += reach
    }
    while reaches.count < words {
      reaches.append(0)
      offsets.append(size)
    }
    table = try MappedRegion(bytes: max(size, 1) * 4)
    runs = try NumberStore()
    triples = try NumberStore()
    keys.reserveCapacity(Self.bufferLimit)
    weights.reserveCapacity(Self.bufferLimit)
    try count(corpus, window: window, context: context)
    try merge(size: size, context: context)
  }

  private func count(_ corpus: Corpus, window: Int, context: any JobContext) throws {
    let sums = table.pointer.assumingMemoryBound(to: Float.self)
    let numbers = corpus.numbers.pointer
    let total = corpus.numbers.count
    let shares = (0...window).map { $0 == 0 ? 0 : 1 / Float($0) }
    var line = 0
    for at in 0..<total {
      let word = numbers[at]
      if word < 0 {
        line = at + 1
        continue
      }
      if at & 0xFFFF == 0 {
        try context.checkCancelled()
        context.report(nil, "counting pairs")
      }
      for other in max(line, at - window)..<at {
        let (low, high) = numbers[other] < word ? (numbers[other], word) : (word, numbers[other])
        let share = shares[at &- other]
        if high &- low < reaches[Int(low)] {
          sums[offsets[Int(low)] &+ Int(high &- low)] += share
        } else {
          keys.append(UInt64(low) << 32 | UInt64(high))
          weights.append(share)
          if keys.count == Self.bufferLimit { try endRun() }
        }
      }
    }
    try endRun()
  }

  /// Sorts the buffer, adds up what is equal, and keeps it.
  private func endRun() throws {
    guard !keys.isEmpty else { return }
    sortByKey()
    let first = runs.count
    try runs.reserve(keys.count * 3)
    var at = 0
    while at < keys.count {
      let key = keys[at]
      var sum: Float = 0
      while at < keys.count, keys[at] == key {
        sum += weights[at]
        at += 1
      }
      runs.append(Int32(key >> 32))
      runs.append(Int32(key & 0xFFFF_FFFF))
      runs.append(Int32(bitPattern: sum.bitPattern))
    }
    bounds.append(first..<runs.count)
    keys.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
  }

  /// By digits of 11 bits, the last first.
  private func sortByKey() {
    var (otherKeys, otherWeights) = (keys, weights)
    let bits = 64 - UInt64(words).leadingZeroBitCount
    let shifts = [0, 32].flatMap { base in stride(from: base, to: base + bits, by: 11).map { UInt64($0) } }
    for shift in shifts {
      var places = [Int](repeating: 0, count: 2049)
      for key in keys { places[Int((key >> shift) & 2047) + 1] += 1 }
      for digit in 1...2048 { places[digit] += places[digit - 1] }
      keys.withUnsafeBufferPointer { keys in
        for at in keys.indices {
          let digit = Int((keys[at] >> shift) & 2047)
          otherKeys[places[digit]] = keys[at]
          otherWeights[places[digit]] = weights[at]
          places[digit] += 1
        }
      }
      swap(&keys, &otherKeys)
      swap(&weights, &otherWeights)
    }
  }

  /// Brings the table and the runs together.
  private func merge(size: Int, context: any JobContext) throws {
    context.report(nil, "adding up pairs")
    let sums = table.pointer.assumingMemoryBound(to: Float.self)
    for word in 0..<words {
      try triples.reserve(Int(reaches[word]) * 3)
      for step in 0..<Int(reaches[word]) where sums[offsets[word] + step] > 0 {
        triples.append(Int32(word))
        triples.append(Int32(word + step))
        triples.append(Int32(bitPattern: sums[offsets[word] + step].bitPattern))
      }
    }
    var heads = bounds.map(\.lowerBound)
    func key(_ run: Int) -> UInt64 {
      heads[run] < bounds[run].upperBound
        ? UInt64(runs.pointer[heads[run]]) << 32 | UInt64(runs.pointer[heads[run] + 1]) : .max
    }
    var current = bounds.indices.map(key)
    while let least = current.min(), least < .max {
      try triples.reserve(3)
      var sum: Float = 0
      for run in current.indices where current[run] == least {
        sum += Float(bitPattern: UInt32(bitPattern: runs.pointer[heads[run] + 2]))
        heads[run] += 3
        current[run] = key(run)
      }
      triples.append(Int32(least >> 32))
      triples.append(Int32(least & 0xFFFF_FFFF))
      triples.append(Int32(bitPattern: sum.bitPattern))
    }
  }

  /// Puts the pairs in random order, but for this: those of the same two blocks of words stand together, so that the
  /// rows of a block stay in the cache while they are learnt (Gemulla et al. 2011, doi:10.1145/2020408.2020426).
  func shuffle(seed: UInt64, block: Int) {
    guard count > 1 else { return }
    var random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    // No more than a quarter of a million pairs of blocks; each comes in several rounds, with other pairs.
    let block = max(block, words / 500 + 1)
    let blocks = (words + block - 1) / block
    let tiles = blocks * blocks
    let places = order(of: tiles * Self.rounds, &random)
    func tile(_ pair: Int) -> Int {
      let (first, second) = (pointer[pair * 3], pointer[pair * 3 + 1])
      let mixed = (UInt32(bitPattern: first) &* 0x9E37_79B1) ^ (UInt32(bitPattern: second) &* 0x85EB_CA77)
      let round = Int((mixed &* 0xC2B2_AE3D) >> 16) % Self.rounds
      return Int(places[round * tiles + Int(first) / block * blocks + Int(second) / block])
    }
    var ends = [Int](repeating: 0, count: places.count)
    for pair in 0..<count { ends[tile(pair)] += 1 }
    var heads: [Int] = []
    var total = 0
    for place in ends.indices {
      heads.append(total)
      total += ends[place]
      ends[place] = total
    }
    let starts = heads
    for place in ends.indices {
      while heads[place] < ends[place] {
        let other = tile(heads[place])
        // What belongs elsewhere goes there, for what stood there.
        if other != place { exchange(heads[place], heads[other]) }
        heads[other] += 1
      }
      for last in stride(from: ends[place] - 1, to: starts[place], by: -1) {
        exchange(last, starts[place] + Self.draw(last - starts[place] + 1, &random))
      }
    }
  }

  private func order(of count: Int, _ random: inout UInt64) -> [Int32] {
    var order = (0..<count).map { Int32($0) }
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, Self.draw(last + 1, &random)) }
    return order
  }

  /// A number below `count`, by xorshift64.
  private static func draw(_ count: Int, _ state: inout UInt64) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state.multipliedFullWidth(by: UInt64(count)).high)
  }

  private func exchange(_ one: Int, _ other: Int) {
    guard one != other else { return }
    for part in 0..<3 {
      let held = pointer[one * 3 + part]
      pointer[one * 3 + part] = pointer[other * 3 + part]
      pointer[other * 3 + part] = held
    }
  }
}
