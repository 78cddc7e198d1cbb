// Whether texts match patterns, as the patterns' regular expressions would say: without an automaton, whose states a bounded
// repetition of letters of any script makes so many that RE2 gives up on it.

/// A text as patterns look at it.
struct MatchedText {
  fileprivate private(set) var scalars: [UInt32] = []
  /// The sort of each, as a bit.
  fileprivate private(set) var sorts: [UInt8] = []
  private static let plain = (0..<128).map { PatternToken.sortBit(Unicode.Scalar(UInt8($0))) }
  private let plain = Self.plain

  mutating func read(_ text: String) {
    scalars.removeAll(keepingCapacity: true)
    sorts.removeAll(keepingCapacity: true)
    let isPlain = text.utf8.withContiguousStorageIfAvailable { bytes in
      for byte in bytes {
        guard byte < 128 else { return false }
        scalars.append(UInt32(byte))
        sorts.append(plain[Int(byte)])
      }
      return true
    }
    if isPlain == true { return }
    scalars.removeAll(keepingCapacity: true)
    sorts.removeAll(keepingCapacity: true)
    for scalar in text.unicodeScalars {
      scalars.append(scalar.value)
      sorts.append(PatternToken.sortBit(scalar))
    }
  }
}

/// Matches whole texts with a pattern.
struct PatternMatcher {
  /// A run of characters of some sorts, or characters as they stand.
  private struct Item {
    /// The sorts of its characters, as bits; of a literal, of its first.
    var sorts: UInt8
    var shortest: Int
    var longest: Int
    var literal: [UInt32] = []
    /// Whether no character can belong to this item and begin what comes after it, so that it ends in one place alone.
    var endsOnce = true
  }

  private var items: [Item] = []
  // Where the items so far can end: by position, and how many do before a position.
  private var ends: [Bool] = []
  private var next: [Bool] = []
  private var endsBefore: [Int32] = []

  init(_ tokens: [PatternToken]) {
    for token in tokens {
      let longest = token.longest ?? Int.max / 2
      switch token.sort {
      case .literal:
        let scalars = Array(token.text.unicodeScalars)
        items.append(
          Item(
            sorts: scalars.first.map(PatternToken.sortBit) ?? 0, shortest: scalars.count, longest: scalars.count,
            literal: scalars.map(\.value)))
      case .name:
        items.append(Item(sorts: PatternToken.sortBits(.upper), shortest: 1, longest: 1))
        items.append(Item(sorts: PatternToken.sortBits(.lower), shortest: token.shortest - 1, longest: longest - 1))
      default: items.append(Item(sorts: PatternToken.sortBits(token.sort), shortest: token.shortest, longest: longest))
      }
    }
    for index in items.indices.dropLast() {
      let after = items[index + 1]
      items[index].endsOnce = after.shortest > 0 && items[index].sorts & after.sorts == 0
    }
  }

  mutating func matches(_ text: MatchedText) -> Bool {
    let count = text.sorts.count
    var position = 0
    for (index, item) in items.enumerated() {
      guard item.endsOnce || !item.literal.isEmpty else { return matches(text, from: position, items: index) }
      if item.literal.isEmpty {
        let start = position
        while position < count, text.sorts[position] & item.sorts != 0 { position += 1 }
        guard position - start >= item.shortest, position - start <= item.longest else { return false }
      } else {
        guard Self.has(item.literal, text, at: position) else { return false }
        position += item.literal.count
      }
    }
    return position == count
  }

  private static func has(_ literal: [UInt32], _ text: MatchedText, at position: Int) -> Bool {
    guard position + literal.count <= text.scalars.count else { return false }
    for (offset, scalar) in literal.enumerated() where text.scalars[position + offset] != scalar { return false }
    return true
  }

  /// Follows all places where items can end, from `start` and the item `first` on: in a window of the text that moves on.
  private mutating func matches(_ text: MatchedText, from start: Int, items first: Int) -> Bool {
    let count = text.sorts.count
    ends = [Bool](repeating: false, count: count + 1)
    next = ends
    endsBefore = [Int32](repeating: 0, count: count + 2)
    ends[start] = true
    var window = start...start
    for item in items[first...] {
      var (low, high) = (Int.max, -1)
      func reach(_ end: Int) {
        next[end] = true
        low = min(low, end)
        high = end
      }
      if !item.literal.isEmpty {
        for place in window where ends[place] && Self.has(item.literal, text, at: place) {
          reach(place + item.literal.count)
        }
      } else {
        // From the first place on that an end may follow, each end looks back on the places that it can come from.
        for place in window { endsBefore[place + 1] = endsBefore[place] + (ends[place] ? 1 : 0) }
        var runStart = window.lowerBound
        for end in window.lowerBound...count {
          if end > window.lowerBound, text.sorts[end - 1] & item.sorts == 0 { runStart = end }
          if runStart > window.upperBound || end - window.upperBound > item.longest { break }
          let from = max(runStart, end - item.longest)
          let to = min(window.upperBound, end - item.shortest)
          if from <= to, endsBefore[to + 1] > endsBefore[from] { reach(end) }
        }
      }
      for place in window { ends[place] = false }
      guard high >= 0 else { return false }
      swap(&ends, &next)
      window = low...high
    }
    return ends[count]
  }
}
