// The schema of an Arrow stream, from its FlatBuffer to the C data interface.
// Sources: Schema.fbs of Apache Arrow, https://arrow.apache.org/docs/format/CDataInterface.html

import CDuckDB
import Foundation

/// A column, or a part of a nested one. DuckDB trusts what a schema says of its children and widths, so all that it would
/// read by is checked here.
struct ArrowField: Equatable {
  /// How the values lie in memory.
  enum Layout: Equatable {
    /// No buffers at all: every value is missing.
    case missing
    /// A validity bitmap, and values of so many bits each.
    case fixed(bits: Int)
    /// Validity, offsets of four or eight bytes, and bytes.
    case bytes(largeOffsets: Bool)
    /// Validity, offsets, and one child.
    case list(largeOffsets: Bool)
    /// Validity, and a child of so many values a row.
    case array(count: Int)
    /// Validity, and a child for each member.
    case row
  }

  let name: String
  let isNullable: Bool
  /// The type in the letters of the C data interface.
  let format: String
  let layout: Layout
  let children: [ArrowField]

  private static let units = ["s", "m", "u", "n"]

  private static let deepest = 64

  init(_ table: FlatTable, depth: Int = 0) throws {
    name = try table.text(0) ?? ""
    guard depth < Self.deepest else { throw FrameError.arrow("column \(name) is nested too deep") }
    isNullable = try table.number(1, default: UInt8(0)) != 0
    children = try table.tables(5).map { try ArrowField($0, depth: depth + 1) }
    guard try !table.has(4) else { throw FrameError.arrow("column \(name) is a dictionary, which is not supported") }
    let tag: UInt8 = try table.number(2, default: 0)
    let type = try table.table(3)
    (format, layout) = try Self.type(tag, type, name: name)
    let expected: Int? =
      switch layout {
      case .list, .array: 1
      case .row: nil
      default: 0
      }
    guard expected == nil || expected == children.count else {
      throw FrameError.arrow("column \(name) has \(children.count) children")
    }
    if format == "+m" {
      guard children[0].layout == .row, children[0].children.count == 2 else {
        throw FrameError.arrow("column \(name) is a map without keys and values")
      }
    }
  }

  private static func type(_ tag: UInt8, _ type: FlatTable?, name: String) throws -> (String, Layout) {
    func small(_ field: Int, _ absent: Int16) throws -> Int { Int(try type?.number(field, default: absent) ?? absent) }
    func whole(_ field: Int, _ absent: Int32) throws -> Int { Int(try type?.number(field, default: absent) ?? absent) }
    func unit(_ absent: Int16) throws -> String {
      let unit = try small(0, absent)
      guard units.indices.contains(unit) else { throw FrameError.arrow("unit of time \(unit) in column \(name)") }
      return units[unit]
    }
    switch tag {
    case 1: return ("n", .missing)
    case 2:
      let bits = try whole(0, 0)
      let isSigned = try type?.number(1, default: UInt8(0)) ?? 0 != 0
      guard let letter = [8: "c", 16: "s", 32: "i", 64: "l"][bits] else {
        throw FrameError.arrow("integers of \(bits) bits in column \(name)")
      }
      return (isSigned ? letter : letter.uppercased(), .fixed(bits: bits))
    case 3:
      let precision = try small(0, 0)
      guard (1...2).contains(precision) else { throw FrameError.arrow("half-precision numbers in column \(name)") }
      return precision == 1 ? ("f", .fixed(bits: 32)) : ("g", .fixed(bits: 64))
    case 4: return ("z", .bytes(largeOffsets: false))
    case 19: return ("Z", .bytes(largeOffsets: true))
    case 5: return ("u", .bytes(largeOffsets: false))
    case 20: return ("U", .bytes(largeOffsets: true))
    case 6: return ("b", .fixed(bits: 1))
    case 7:
      let bits = try whole(2, 128)
      guard bits == 128 else { throw FrameError.arrow("decimals of \(bits) bits in column \(name)") }
      return ("d:\(try whole(0, 0)),\(try whole(1, 0))", .fixed(bits: 128))
    case 8: return try small(0, 1) == 0 ? ("tdD", .fixed(bits: 32)) : ("tdm", .fixed(bits: 64))
    case 9:
      let bits = try whole(1, 32)
      guard bits == 32 || bits == 64 else { throw FrameError.arrow("times of \(bits) bits in column \(name)") }
      // The unit settles the width in the C interface; Spark and pyarrow write no other pairs either.
      let letter = try unit(1)
      guard (bits == 32) == ["s", "m"].contains(letter) else {
        throw FrameError.arrow("times of \(bits) bits in unit \(letter) in column \(name)")
      }
      return ("tt" + letter, .fixed(bits: bits))
    case 10: return ("ts" + (try unit(0)) + ":" + (try type?.text(1) ?? ""), .fixed(bits: 64))
    case 11:
      switch try small(0, 0) {
      case 0: return ("tiM", .fixed(bits: 32))
      case 1: return ("tiD", .fixed(bits: 64))
      default: return ("tin", .fixed(bits: 128))
      }
    case 12: return ("+l", .list(largeOffsets: false))
    case 21: return ("+L", .list(largeOffsets: true))
    case 13: return ("+s", .row)
    case 15:
      let width = try whole(0, 0)
      guard (0...1 << 20).contains(width) else { throw FrameError.arrow("\(width) bytes a value in column \(name)") }
      return ("w:\(width)", .fixed(bits: width * 8))
    case 16:
      let count = try whole(0, 0)
      guard (0...1 << 20).contains(count) else { throw FrameError.arrow("\(count) values a row in column \(name)") }
      return ("+w:\(count)", .array(count: count))
    case 17: return ("+m", .list(largeOffsets: false))
    case 18: return ("tD" + (try unit(1)), .fixed(bits: 64))
    default: throw FrameError.arrow("type \(tag) of column \(name) is not supported")
    }
  }

  /// The members of a schema message.
  static func fields(of schema: FlatTable) throws -> [ArrowField] {
    guard try schema.number(0, default: Int16(0)) == 0 else { throw FrameError.arrow("it is big-endian") }
    return try schema.tables(1).map { try ArrowField($0) }
  }
}

/// A schema for whoever takes it over: all of it is released by its own `release`.
func arrowSchema(_ name: String, format: String, isNullable: Bool, children: [ArrowField]) -> ArrowSchema {
  var schema = ArrowSchema()
  schema.format = UnsafePointer(strdup(format))
  schema.name = UnsafePointer(strdup(name))
  schema.flags = isNullable ? Int64(ASSAY_ARROW_NULLABLE) : 0
  schema.n_children = Int64(children.count)
  let places = UnsafeMutablePointer<UnsafeMutablePointer<ArrowSchema>?>.allocate(capacity: max(children.count, 1))
  places.initialize(repeating: nil, count: max(children.count, 1))
  for (index, child) in children.enumerated() {
    let place = UnsafeMutablePointer<ArrowSchema>.allocate(capacity: 1)
    place.initialize(
      to: arrowSchema(child.name, format: child.format, isNullable: child.isNullable, children: child.children))
    places[index] = place
  }
  schema.children = places
  schema.release = { schema in
    guard let schema else { return }
    free(UnsafeMutableRawPointer(mutating: schema.pointee.format))
    free(UnsafeMutableRawPointer(mutating: schema.pointee.name))
    if let children = schema.pointee.children {
      for index in 0..<Int(schema.pointee.n_children) {
        guard let child = children[index] else { continue }
        child.pointee.release?(child)
        child.deallocate()
      }
      children.deallocate()
    }
    schema.pointee.release = nil
  }
  return schema
}

extension [ArrowField] {
  /// Whether rows of these can be read as rows of others: the same types all the way down, whatever their names.
  func hasLayout(of others: [ArrowField]) -> Bool {
    count == others.count
      && zip(self, others).allSatisfy { $0.format == $1.format && $0.children.hasLayout(of: $1.children) }
  }
}
