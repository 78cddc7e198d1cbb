// What a causal transformer remembers of the tokens before.

import Foundation

/// The keys and values of every block, so that a further token costs no more than itself. One thread at a time.
final class KeyValueCache {
  let capacity: Int
  /// Tokens that all blocks have seen.
  var count = 0
  private let width: Int
  /// [blocks][capacity][width]
  private let keys: FloatBuffer
  private let values: FloatBuffer

  init(blocks: Int, width: Int, capacity: Int) {
    (self.width, self.capacity) = (width, capacity)
    keys = FloatBuffer(blocks * capacity * width)
    values = FloatBuffer(blocks * capacity * width)
  }

  /// Takes the keys and values of new tokens from rows of queries, keys and values.
  func add(_ rows: UnsafePointer<Float>, rows total: Int, block: Int) {
    for row in 0..<total {
      let place = (block * capacity + count + row) * width
      let source = rows + row * 3 * width
      (keys.pointer + place).update(from: source + width, count: width)
      (values.pointer + place).update(from: source + 2 * width, count: width)
    }
  }

  /// Scaled dot-product attention of one query over the first `seen` tokens.
  func attend(
    _ query: UnsafePointer<Float>, seen: Int, block: Int, heads: Int, to result: UnsafeMutablePointer<Float>
  ) {
    let size = width / heads
    let scale = 1 / Float(size).squareRoot()
    var shares = [Float](repeating: 0, count: seen)
    for head in 0..<heads {
      let start = block * capacity * width + head * size
      let question = query + head * size
      var top = -Float.infinity
      for token in 0..<seen {
        let key = keys.pointer + start + token * width
        var sum: Float = 0
        for column in 0..<size { sum += question[column] * key[column] }
        shares[token] = sum * scale
        top = max(top, shares[token])
      }
      var total: Float = 0
      for token in 0..<seen {
        shares[token] = expf(shares[token] - top)
        total += shares[token]
      }
      let target = result + head * size
      target.update(repeating: 0, count: size)
      for token in 0..<seen {
        let share = shares[token] / total
        let value = values.pointer + start + token * width
        for column in 0..<size { target[column] += share * value[column] }
      }
    }
  }
}
