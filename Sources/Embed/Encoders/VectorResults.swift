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
