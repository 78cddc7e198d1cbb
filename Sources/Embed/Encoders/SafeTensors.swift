// Tensors of a safetensors file, mapped: nothing in it is run, and what nobody asks for is not read.

import Foundation

/// The tensors of one file, or of a folder whose weights are spread over several.
final class SafeTensors: Sendable {
  private struct Entry: Sendable {
    let file: MappedFile
    let kind: String
    let shape: [Int]
    let offset: Int
    let bytes: Int
  }

  let path: String
  private let entries: [String: Entry]

  var names: [String] { entries.keys.sorted() }

  /// - Parameter folder: holds `model.safetensors`, or an index that names the parts.
  convenience init(folder: String) throws {
    let index = folder + "/model.safetensors.index.json"
    let single = folder + "/model.safetensors"
    if !FileManager.default.fileExists(atPath: single), FileManager.default.fileExists(atPath: index) {
      let map = try JSONFile(index)["weight_map"].object ?? [:]
      let names = Set(map.values.compactMap { $0 as? String })
      guard !names.isEmpty, names.allSatisfy({ !$0.contains("/") }) else {
        throw EmbedError.broken(path: index, place: "weight_map", reason: "names of files in this folder were expected")
      }
      try self.init(path: index, files: names.sorted().map { folder + "/" + $0 })
    } else if !FileManager.default.fileExists(atPath: single),
      FileManager.default.fileExists(atPath: folder + "/pytorch_model.bin")
    {
      throw EmbedError.unsupported(
        path: folder, what: "Its weights are a pickle, which could run any code when it is read",
        advice: "Save the model with safe_serialization=True and give that folder.")
    } else {
      try self.init(path: single, files: [single])
    }
  }

  convenience init(file: String) throws { try self.init(path: file, files: [file]) }

  private init(path: String, files: [String]) throws {
    self.path = path
    var entries: [String: Entry] = [:]
    for file in files {
      for (name, entry) in try Self.read(file) {
        guard entries.updateValue(entry, forKey: name) == nil else {
          throw EmbedError.broken(path: file, place: name, reason: "the tensor is there twice")
        }
      }
    }
    self.entries = entries
  }

  private static func read(_ path: String) throws -> [String: Entry] {
    let file = try MappedFile(path)
    func broken(_ place: String, _ reason: String) -> EmbedError { .broken(path: path, place: place, reason: reason) }
    guard file.bytes.count > 8 else { throw broken("its beginning", "the length of a header was expected") }
    let length = file.bytes.loadUnaligned(as: UInt64.self).littleEndian
    guard length <= 100_000_000, Int(length) <= file.bytes.count - 8 else {
      throw broken("its beginning", "a header of \(length) bytes is not possible")
    }
    let start = 8 + Int(length)
    guard
      let header = try? JSONSerialization.jsonObject(with: Data(file.bytes[8..<start])) as? [String: Any]
    else { throw broken("its header", "JSON was expected") }
    var entries: [String: Entry] = [:]
    var spans: [Range<Int>] = []
    for (name, value) in header where name != "__metadata__" {
      guard let tensor = value as? [String: Any], let kind = tensor["dtype"] as? String,
        let shape = tensor["shape"] as? [Int], let offsets = tensor["data_offsets"] as? [Int], offsets.count == 2,
        offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= file.bytes.count - start,
        shape.allSatisfy({ (0...1 << 32).contains($0) })
      else { throw broken(name, "a kind, a shape and a place in the file were expected") }
      let size =
        ["F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2, "U16": 2][kind] ?? 1
      var elements = 1
      for side in shape {
        let (product, overflows) = elements.multipliedReportingOverflow(by: side)
        guard !overflows, product <= file.bytes.count else { throw broken(name, "the shape is too large") }
        elements = product
      }
      guard elements * size == offsets[1] - offsets[0] else { throw broken(name, "the shape does not fit its bytes") }
      spans.append(offsets[0]..<offsets[1])
      entries[name] = Entry(
        file: file, kind: kind, shape: shape, offset: start + offsets[0], bytes: offsets[1] - offsets[0])
    }
    spans.sort { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
    var end = 0
    for span in spans {
      guard span.lowerBound == end else { throw broken("its header", "tensors overlap or leave a gap") }
      end = span.upperBound
    }
    guard end == file.bytes.count - start else { throw broken("its end", "\(end) bytes of tensors were expected") }
    return entries
  }

  func has(_ name: String) -> Bool { entries[name] != nil }

  func shape(_ name: String) -> [Int]? { entries[name]?.shape }

  func broken(_ name: String, _ reason: String) -> EmbedError { .broken(path: path, place: name, reason: reason) }

  /// Whole numbers of a tensor.
  func integers(_ name: String) throws -> [Int] {
    guard let entry = entries[name] else { throw broken(name, "the tensor is not there") }
    let bytes = entry.file.bytes
    func read<Number: FixedWidthInteger>(_ type: Number.Type) -> [Int] {
      let size = MemoryLayout<Number>.size
      return (0..<entry.bytes / size).map {
        Int(
          truncatingIfNeeded: Number(
            littleEndian: bytes.loadUnaligned(fromByteOffset: entry.offset + $0 * size, as: type)))
      }
    }
    switch entry.kind {
    case "I64": return read(Int64.self)
    case "I32": return read(Int32.self)
    case "U32": return read(UInt32.self)
    default: throw broken(name, "it holds \(entry.kind) where whole numbers were expected")
    }
  }

  /// The numbers of a tensor as floats, after a check of its shape. Half precision is widened.
  func floats(_ name: String, shape: [Int]) throws -> [Float] {
    guard let entry = entries[name] else {
      throw EmbedError.broken(path: path, place: name, reason: "the tensor is not there")
    }
    guard entry.shape == shape else {
      throw EmbedError.broken(
        path: path, place: name, reason: "its shape is \(entry.shape) where the configuration wants \(shape)")
    }
    let count = shape.reduce(1, *)
    let bytes = entry.file.bytes
    func number<Bits: FixedWidthInteger>(_ index: Int, _ type: Bits.Type) -> Bits {
      Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: entry.offset + index * MemoryLayout<Bits>.size, as: type))
    }
    switch entry.kind {
    case "F32":
      return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
        if let from = bytes.baseAddress, let to = buffer.baseAddress { memcpy(to, from + entry.offset, count * 4) }
        initialized = count
      }
    case "F16": return (0..<count).map { Self.half(number($0, UInt16.self)) }
    case "I8": return (0..<count).map { Float(number($0, Int8.self)) }
    case "BF16": return (0..<count).map { Float(bitPattern: UInt32(number($0, UInt16.self)) << 16) }
    case "F64": return (0..<count).map { Float(Double(bitPattern: number($0, UInt64.self))) }
    default:
      throw EmbedError.unsupported(
        path: path, what: "The tensor \(name) holds \(entry.kind)", advice: "Save the model in F32, F16 or BF16.")
    }
  }

  /// IEEE 754 half precision.
  static func half(_ bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10) & 31
    let fraction = Float(bits & 1023) / 1024
    switch exponent {
    case 0: return sign * fraction * 0x1p-14
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1 + fraction) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }
}

/// A JSON file whose values are looked up without complaint; what must be there is asked for with `require`.
struct JSONFile {
  let path: String
  let value: Any?

  init(_ path: String) throws {
    self.path = path
    guard let data = FileManager.default.contents(atPath: path) else { throw EmbedError.notFound(path: path) }
    guard let value = try? JSONSerialization.jsonObject(with: data) else {
      throw EmbedError.broken(path: path, place: "its text", reason: "JSON was expected")
    }
    self.value = value
  }

  init(path: String, value: Any?) { (self.path, self.value) = (path, value) }

  /// Nil where there is no such file.
  static func optional(_ path: String) throws -> JSONFile? {
    FileManager.default.fileExists(atPath: path) ? try JSONFile(path) : nil
  }

  subscript(_ key: String) -> JSONFile { JSONFile(path: path, value: (value as? [String: Any])?[key]) }

  var object: [String: Any]? { value as? [String: Any] }
  var int: Int? { (value as? NSNumber)?.intValue }
  var double: Double? { (value as? NSNumber)?.doubleValue }
  var bool: Bool? { (value as? NSNumber)?.boolValue }
  var text: String? { value as? String }

  /// A whole number in a range.
  func require(_ key: String, _ range: ClosedRange<Int>) throws -> Int {
    guard let number = self[key].int, range.contains(number) else {
      throw EmbedError.broken(
        path: path, place: key,
        reason: "a whole number from \(range.lowerBound) to \(range.upperBound) was expected")
    }
    return number
  }
}
