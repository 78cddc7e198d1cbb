// Words with their vectors, and what one asks of them.

import CTextKernels
import Foundation

/// Words and vectors: of one training, or read from a file.
public final class WordVectors: Sendable {
  public let words: [String]
  public let matrix: RowMatrix
  private let numbers: [String: Int]
  /// The vectors with length 1; of a zero vector zeros.
  private let unit: RowMatrix

  public init(words: [String], matrix: RowMatrix) throws {
    (self.words, self.matrix) = (words, matrix)
    numbers = Dictionary(zip(words, words.indices), uniquingKeysWith: { first, _ in first })
    unit = try RowMatrix(rows: matrix.rows, dimensions: matrix.dimensions)
    for number in 0..<matrix.rows {
      let row = matrix.row(number)
      let target = unit.row(number)
      var square: Float = 0
      for column in 0..<matrix.dimensions { square += row[column] * row[column] }
      let scale = square > 0 ? 1 / square.squareRoot() : 0
      for column in 0..<matrix.dimensions { target[column] = row[column] * scale }
    }
  }

  public var dimensions: Int { matrix.dimensions }

  public func number(of word: String) -> Int? { numbers[word] }

  /// The vector of a word with length 1.
  public func unitVector(_ number: Int) -> [Float] { unit[number] }

  /// The cosine of the angle between two words.
  public func similarity(_ left: Int, _ right: Int) -> Double {
    let a = unit.row(left)
    let b = unit.row(right)
    var sum: Float = 0
    for column in 0..<dimensions { sum += a[column] * b[column] }
    return Double(sum)
  }

  /// The words whose vectors point most nearly where `vector` points.
  public func nearest(to vector: [Float], count: Int, without excluded: Set<Int> = []) -> [Neighbor] {
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0, count > 0 else { return [] }
    let cosines = products(with: vector.map { $0 / length })
    return cosines.indices.lazy.filter { !excluded.contains($0) }
      .reduce(into: TopList(count: count)) { $0.offer($1, cosines[$1]) }
      .entries.map { Neighbor(word: words[$0.number], similarity: Double($0.score)) }
  }

  /// The product of every word's unit vector with a vector.
  func products(with vector: [Float]) -> [Float] { unit.products(with: vector) }

  /// What is to `third` as `second` is to `first`: the words nearest to second - first + third, those three left out
  /// (3CosAdd, Mikolov, Yih, Zweig 2013).
  public func analogy(_ first: Int, _ second: Int, _ third: Int, count: Int) -> [Neighbor] {
    let (a, b, c) = (unit[first], unit[second], unit[third])
    return nearest(
      to: a.indices.map { b[$0] - a[$0] + c[$0] }, count: count, without: [first, second, third])
  }
}

extension RowMatrix {
  /// The product of each row with a vector.
  func products(with vector: [Float]) -> [Float] {
    let query = AlignedVector(vector, width: width)
    return [Float](unsafeUninitializedCapacity: rows) { buffer, count in
      if let base = buffer.baseAddress {
        assay_dots(TextKernelLevel.best.rawValue, pointer, Int32(width), Int64(rows), query.pointer, base)
      }
      count = rows
    }
  }
}

/// A word and how alike it is.
public struct Neighbor: Codable, Sendable, Equatable {
  public let word: String
  /// The cosine, in -1...1.
  public let similarity: Double
}

/// The largest of many scores, in falling order; the first of equal ones wins.
struct TopList {
  let count: Int
  private(set) var entries: [(number: Int, score: Float)] = []

  mutating func offer(_ number: Int, _ score: Float) {
    if entries.count == count {
      guard let last = entries.last, score > last.score else { return }
      entries.removeLast()
    }
    let place = entries.firstIndex { score > $0.score } ?? entries.count
    entries.insert((number, score), at: place)
  }

  init(count: Int) { self.count = count }
}

/// A vector on a boundary that kernels load from.
final class AlignedVector: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Float>

  init(_ values: [Float], width: Int) {
    pointer = UnsafeMutableRawPointer.allocate(byteCount: max(width, 16) * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: max(width, 16))
    pointer.initialize(repeating: 0, count: max(width, 16))
    for (index, value) in values.prefix(width).enumerated() { pointer[index] = value }
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }
}
