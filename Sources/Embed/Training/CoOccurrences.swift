// How often words stand near each other, weighted by 1 / distance (Pennington, Socher, Manning 2014).

import Foundation
import Jobs

/// Sums for pairs of words, the smaller number first. Pairs of frequent words are summed in a table; others are kept in
/// runs, sorted and added up when their buffer is full. Runs and pairs go to nameless files beyond a share of the memory.
final class CoOccurrences: @unchecked Sendable {
  /// Bytes that pairs have where nobody says how many.
  static let defaultMemory = 1 << 30
  /// Numbers of the table: 128 MiB.
  private static let tableLimit = 32 << 20
  private static let bufferLimit = 4 << 20
  private static let rounds = 4

  private let words: Int
  private let memory: Int
  private let bufferLimit: Int
  /// For each word how many words from itself on are in the table, and where they begin.
  private var reaches: [Int32] = []
  private var offsets: [Int] = []
  private var keys: [UInt64] = []
  private var weights: [Float] = []
  private var bounds: [Range<Int>] = []
  private let pairs: PairStore

  var count: Int { pairs.count }
  /// Triples, of word, word, and the sum as bits, where memory holds them.
  var pointer: UnsafeMutablePointer<Int32>? { pairs.pointer }

  /// - Parameter memory: bytes for pairs. The table and the buffers take at most a quarter of them each, and less than
  ///   240 MB together, whatever there is.
  init(
    _ corpus: Corpus, words: Int, window: Int, memory: Int = CoOccurrences.defaultMemory, context: any JobContext
  ) throws {
    (self.words, self.memory) = (words, memory)
    let tableLimit = max(1 << 10, min(Self.tableLimit, memory / 16))
    bufferLimit = max(1 << 10, min(Self.bufferLimit, memory / 96))
    var size = 0
    // The table is densest where both words are frequent: word times word below a product.
    let product = Double(tableLimit) / max(log(Double(words)) + 1, 1)
    for word in 0..<words {
      let reach = max(0, min(words - word, Int(product / Double(word + 1)) - word))
      guard size + reach <= tableLimit else { break }
      reaches.append(Int32(reach))
      offsets.append(size)
      size += reach
    }
    while reaches.count < words {
      reaches.append(0)
      offsets.append(size)
    }
    pairs = try PairStore(limit: memory / 2)
    // Both go when the pairs are there.
    let table = try MappedRegion(bytes: max(size, 1) * 4)
    let runs = try PairStore(limit: memory / 2)
    keys.reserveCapacity(bufferLimit)
    weights.reserveCapacity(bufferLimit)
    try count(corpus, window: window, into: table, runs, context: context)
    (keys, weights) = ([], [])
    try merge(table, runs, context: context)
  }

  /// Copies triples.
  func read(_ range: Range<Int>, into target: UnsafeMutablePointer<Int32>) throws {
    try pairs.read(range, into: target)
  }

  private func count(
    _ corpus: Corpus, window: Int, into table: MappedRegion, _ runs: PairStore, context: any JobContext
  ) throws {
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
          if keys.count == bufferLimit { try endRun(runs) }
        }
      }
    }
    try endRun(runs)
    try runs.end()
  }

  /// Sorts the buffer, adds up what is equal, and keeps it.
  private func endRun(_ runs: PairStore) throws {
    guard !keys.isEmpty else { return }
    sortByKey()
    let first = runs.count
    var at = 0
    while at < keys.count {
      let key = keys[at]
      var sum: Float = 0
      while at < keys.count, keys[at] == key {
        sum += weights[at]
        at += 1
      }
      try runs.append(Int32(key >> 32), Int32(key & 0xFFFF_FFFF), sum)
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

  /// Runs that are merged by looking at each; more stand in a heap.
  private static let fewRuns = 32

  /// Brings the table and the runs together.
  private func merge(_ table: MappedRegion, _ runs: PairStore, context: any JobContext) throws {
    context.report(nil, "adding up pairs")
    let sums = table.pointer.assumingMemoryBound(to: Float.self)
    for word in 0..<words {
      for step in 0..<Int(reaches[word]) where sums[offsets[word] + step] > 0 {
        try pairs.append(Int32(word), Int32(word + step), sums[offsets[word] + step])
      }
    }
    let buffer = max(64, min(1 << 15, memory / 8 / PairStore.size / max(1, bounds.count)))
    var heads = try bounds.map { try PairRun(runs, $0, buffer: buffer) }
    if heads.count <= Self.fewRuns {
      try mergeFew(&heads, context: context)
    } else {
      try mergeMany(&heads, context: context)
    }
    try pairs.end()
  }

  private func mergeFew(_ heads: inout [PairRun], context: any JobContext) throws {
    var current = heads.map(\.key)
    while let least = current.min(), least < .max {
      if pairs.count & 0xFFFF == 0 { try context.checkCancelled() }
      var sum: Float = 0
      for run in current.indices where current[run] == least {
        sum += heads[run].sum
        try heads[run].advance()
        current[run] = heads[run].key
      }
      try pairs.append(Int32(least >> 32), Int32(least & 0xFFFF_FFFF), sum)
    }
  }

  /// The same by a heap of runs, the least pair first, and of equal pairs the earliest run: sums are the same to the bit.
  private func mergeMany(_ heads: inout [PairRun], context: any JobContext) throws {
    var heap = heads.indices.filter { heads[$0].key < .max }.map { (key: heads[$0].key, run: $0) }
    func sink(_ from: Int) {
      var place = from
      while true {
        var least = place
        for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child] < heap[least] {
          least = child
        }
        guard least != place else { return }
        heap.swapAt(least, place)
        place = least
      }
    }
    for place in stride(from: heap.count / 2, through: 0, by: -1) { sink(place) }
    while let least = heap.first?.key {
      if pairs.count & 0xFFFF == 0 { try context.checkCancelled() }
      var sum: Float = 0
      while let first = heap.first, first.key == least {
        sum += heads[first.run].sum
        try heads[first.run].advance()
        let key = heads[first.run].key
        if key == .max {
          heap[0] = heap[heap.count - 1]
          heap.removeLast()
        } else {
          heap[0] = (key, first.run)
        }
        sink(0)
      }
      try pairs.append(Int32(least >> 32), Int32(least & 0xFFFF_FFFF), sum)
    }
  }

  // MARK: Order

  /// Where the pairs of two blocks of words go.
  private struct Tiles {
    let block: Int
    let blocks: Int
    let rounds: Int
    let places: [Int32]

    func place(of triple: UnsafePointer<Int32>) -> Int {
      let (first, second) = (triple[0], triple[1])
      let mixed = (UInt32(bitPattern: first) &* 0x9E37_79B1) ^ (UInt32(bitPattern: second) &* 0x85EB_CA77)
      let round = Int((mixed &* 0xC2B2_AE3D) >> 16) % rounds
      return Int(places[(round * blocks + Int(first) / block) * blocks + Int(second) / block])
    }
  }

  /// Puts the pairs in random order, but for this: those of the same two blocks of words stand together, so that the
  /// rows of a block stay in the cache while they are learnt (Gemulla et al. 2011, doi:10.1145/2020408.2020426).
  func shuffle(seed: UInt64, block: Int, context: any JobContext) throws {
    guard count > 1 else { return }
    var random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    // No more than a quarter of a million pairs of blocks; each comes in several rounds, with other pairs.
    let block = max(block, words / 500 + 1)
    let blocks = (words + block - 1) / block
    let tiles = Tiles(
      block: block, blocks: blocks, rounds: Self.rounds,
      places: order(of: blocks * blocks * Self.rounds, &random))
    if let pointer {
      var ends = [Int](repeating: 0, count: tiles.places.count)
      for pair in 0..<count { ends[tiles.place(of: pointer + pair * 3)] += 1 }
      Self.shuffle(pointer, tiles, first: 0, &ends, &random)
    } else {
      try shuffleFile(tiles, &random, context: context)
    }
  }

  /// Brings triples in memory into the order of their tiles, from the tile `first` on, and mixes those of each.
  /// - Parameter ends: how many each tile has.
  private static func shuffle(
    _ pointer: UnsafeMutablePointer<Int32>, _ tiles: Tiles, first: Int, _ ends: inout [Int], _ random: inout UInt64
  ) {
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
        let other = tiles.place(of: pointer + heads[place] * 3) - first
        // What belongs elsewhere goes there, for what stood there.
        if other != place { exchange(pointer, heads[place], heads[other]) }
        heads[other] += 1
      }
      for last in Swift.stride(from: ends[place] - 1, to: starts[place], by: -1) {
        exchange(pointer, last, starts[place] + draw(last - starts[place] + 1, &random))
      }
    }
  }

  /// The same of triples in a file: they go to the parts of another one, a part for tiles that memory holds together, and
  /// then each part is brought into order.
  private func shuffleFile(_ tiles: Tiles, _ random: inout UInt64, context: any JobContext) throws {
    context.report(nil, "shuffling pairs")
    var sizes = [Int](repeating: 0, count: tiles.places.count)
    try pairs.forEach(check: context.checkCancelled) { sizes[tiles.place(of: $0)] += 1 }
    let most = max(memory / 4 / PairStore.size, 1 << 10)
    var parts: [Range<Int>] = []
    var starts: [Int] = []
    var (first, held, total) = (0, 0, 0)
    for place in sizes.indices {
      if held > 0, held + sizes[place] > most {
        parts.append(first..<place)
        starts.append(total - held)
        (first, held) = (place, 0)
      }
      held += sizes[place]
      total += sizes[place]
    }
    parts.append(first..<sizes.count)
    starts.append(total - held)
    var partOf = [Int32](repeating: 0, count: sizes.count)
    for (number, part) in parts.enumerated() { for place in part { partOf[place] = Int32(number) } }

    let target = try SpillFile()
    let capacity = max(64, min(1 << 14, most / parts.count))
    let buffer = UnsafeMutablePointer<Int32>.allocate(capacity: capacity * parts.count * 3)
    defer { buffer.deallocate() }
    var (filled, next) = ([Int](repeating: 0, count: parts.count), starts)
    func flush(_ part: Int) throws {
      try target.write(
        UnsafeRawBufferPointer(start: buffer + part * capacity * 3, count: filled[part] * PairStore.size),
        at: next[part] * PairStore.size)
      next[part] += filled[part]
      filled[part] = 0
    }
    try pairs.forEach(check: context.checkCancelled) { triple in
      let part = Int(partOf[tiles.place(of: triple)])
      (buffer + (part * capacity + filled[part]) * 3).update(from: triple, count: 3)
      filled[part] += 1
      if filled[part] == capacity { try flush(part) }
    }
    for part in parts.indices { try flush(part) }

    for (part, start) in zip(parts, starts) {
      try context.checkCancelled()
      var ends = Array(sizes[part])
      let size = ends.reduce(0, +)
      let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, size) * PairStore.size, alignment: 64)
      defer { bytes.deallocate() }
      guard size > 0, let base = bytes.baseAddress?.assumingMemoryBound(to: Int32.self) else { continue }
      try target.read(into: bytes, at: start * PairStore.size)
      Self.shuffle(base, tiles, first: part.lowerBound, &ends, &random)
      try target.write(UnsafeRawBufferPointer(bytes), at: start * PairStore.size)
    }
    pairs.replace(with: target)
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

  private static func exchange(_ pointer: UnsafeMutablePointer<Int32>, _ one: Int, _ other: Int) {
    guard one != other else { return }
    for part in 0..<3 {
      let held = pointer[one * 3 + part]
      pointer[one * 3 + part] = pointer[other * 3 + part]
      pointer[other * 3 + part] = held
    }
  }
}
