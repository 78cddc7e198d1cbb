// Rows of a fastText file, where they stand.

import Foundation

/// A matrix of a file: as it stands, or quantised by products (Jégou, Douze, Schmid 2011, doi:10.1109/TPAMI.2010.57).
enum ModelRows: Sendable {
  case dense(MappedFile, offset: Int, rows: Int, columns: Int)
  case quantized(QuantizedRows)

  var rows: Int {
    switch self {
    case .dense(_, _, let rows, _): rows
    case .quantized(let matrix): matrix.rows
    }
  }

  var columns: Int {
    switch self {
    case .dense(_, _, _, let columns): columns
    case .quantized(let matrix): matrix.columns
    }
  }

  init(_ reader: inout ByteReader, isQuantized: Bool) throws {
    if isQuantized {
      self = .quantized(try QuantizedRows(&reader))
      return
    }
    let (rows, columns) = try reader.readShape()
    let offset = try reader.skip(rows * columns * 4)
    self = .dense(reader.file, offset: offset, rows: rows, columns: columns)
  }

  /// Adds a row to a sum.
  func add(_ row: Int, to sum: inout [Float]) {
    switch self {
    case .dense(let file, let offset, _, let columns):
      let first = offset + row * columns * 4
      for column in 0..<columns {
        sum[column] += file.bytes.loadUnaligned(fromByteOffset: first + column * 4, as: Float.self)
      }
    case .quantized(let matrix): matrix.add(row, to: &sum)
    }
  }

  /// The product of each row with a vector.
  func products(with vector: [Float]) -> [Float] {
    (0..<rows).map { row in
      var values = [Float](repeating: 0, count: columns)
      add(row, to: &values)
      return zip(values, vector).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }
}

extension ByteReader {
  /// Rows and columns that the file has room for.
  mutating func readShape() throws -> (rows: Int, columns: Int) {
    let rows = try read(Int64.self)
    let columns = try read(Int64.self)
    guard rows >= 0, columns > 0, columns <= 1 << 20, rows < 1 << 40 else {
      throw broken("a matrix of \(rows) rows and \(columns) columns is not possible")
    }
    return (Int(rows), Int(columns))
  }
}

/// Centroids for each part of a row.
struct ProductQuantizer: Sendable {
  private static let centroids = 256

  let parts: Int
  private let size: Int
  private let lastSize: Int
  private let values: [Float]

  init(_ reader: inout ByteReader) throws {
    let columns = Int(try reader.read(Int32.self))
    parts = Int(try reader.read(Int32.self))
    size = Int(try reader.read(Int32.self))
    lastSize = Int(try reader.read(Int32.self))
    guard parts > 0, size > 0, lastSize > 0, lastSize <= size, (parts - 1) * size + lastSize == columns else {
      throw reader.broken("the quantiser contradicts itself")
    }
    values = try reader.readFloats(columns * Self.centroids)
  }

  func add(_ code: (Int) -> UInt8, times factor: Float, to sum: inout [Float]) {
    for part in 0..<parts {
      let count = part == parts - 1 ? lastSize : size
      let first = part * Self.centroids * size + Int(code(part)) * count
      for column in 0..<count { sum[part * size + column] += factor * values[first + column] }
    }
  }
}

/// A quantised matrix.
struct QuantizedRows: Sendable {
  let rows: Int
  let columns: Int
  private let file: MappedFile
  private let codes: Int
  private let quantizer: ProductQuantizer
  private let norms: (codes: Int, quantizer: ProductQuantizer)?

  init(_ reader: inout ByteReader) throws {
    file = reader.file
    let hasNorms = try reader.read(UInt8.self) != 0
    (rows, columns) = try reader.readShape()
    let size = Int(try reader.read(Int32.self))
    codes = try reader.skip(size)
    quantizer = try ProductQuantizer(&reader)
    guard size == rows * quantizer.parts else { throw reader.broken("\(rows * quantizer.parts) codes were expected") }
    norms = hasNorms ? (try reader.skip(rows), try ProductQuantizer(&reader)) : nil
  }

  func add(_ row: Int, to sum: inout [Float]) {
    var factor: Float = 1
    if let norms {
      var norm: [Float] = [0]
      norms.quantizer.add({ _ in file.bytes[norms.codes + row] }, times: 1, to: &norm)
      factor = norm[0]
    }
    let first = codes + row * quantizer.parts
    quantizer.add({ file.bytes[first + $0] }, times: factor, to: &sum)
  }
}
