import Foundation

/// A file of figures that other programs computed; the versions stand in it.
enum RecordFile {
  static func read<Record: Decodable>(_ name: String, as type: Record.Type) throws -> Record {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Records")
    return try JSONDecoder().decode(type, from: Data(contentsOf: folder.appendingPathComponent(name)))
  }
}

/// Whether all numbers agree to a part of the largest.
func areClose(_ left: [Double], _ right: [Double], _ tolerance: Double = 1e-9) -> Bool {
  let size = right.reduce(1) { max($0, abs($1)) }
  return left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) <= tolerance * size }
}
