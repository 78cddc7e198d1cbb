// Many texts at once.

import Jobs
import Synchronization

/// Vectors of texts, put in their places by several threads.
final class VectorResults: Sendable {
  private let rows: Mutex<[[Float]]>

  init(count: Int) { rows = Mutex([[Float]](repeating: [], count: count)) }

  func set(_ places: [Int], _ vectors: [[Float]]) {
    rows.withLock { rows in
      for (place, vector) in zip(places, vectors) { rows[place] = vector }
    }
  }

  var values: [[Float]] { rows.withLock { $0 } }
}

/// Texts of about the same length together, the longest first, so that no thread is left with those in the end.
/// - Parameters:
///   - counts: tokens of each text.
///   - limit: tokens of a batch; a longer text is a batch alone.
func batchesByLength(_ counts: [Int], limit: Int) -> [[Int]] {
  let order = counts.indices.sorted { (counts[$0], $1) > (counts[$1], $0) }
  var batches: [[Int]] = []
  var held = limit
  for text in order {
    if held + counts[text] > limit {
      batches.append([])
      held = 0
    }
    batches[batches.count - 1].append(text)
    held += counts[text]
  }
  return batches
}

/// The tokens of texts, found on several threads.
func encodedTexts(
  _ texts: [String], threads: Int, _ encode: @escaping @Sendable (String) -> [Int32]
) throws -> [[Int32]] {
  let part = 64
  let results = Mutex([[Int32]](repeating: [], count: texts.count))
  try inParallel((texts.count + part - 1) / part, threads: threads) { number in
    let range = number * part..<min((number + 1) * part, texts.count)
    let found = range.map { encode(texts[$0]) }
    results.withLock { $0.replaceSubrange(range, with: found) }
  }
  return results.withLock { $0 }
}
