// The messages of an Arrow IPC stream: schema and record batches, one after the other.
// Source: https://arrow.apache.org/docs/format/Columnar.html, "IPC Streaming Format"

import CDuckDB

/// Reads one encapsulated stream, such as one batch of Spark Connect is.
struct ArrowMessages {
  private let owner: ArrowBytes
  private let all: CheckedBytes
  private var place = 0
  /// nil until the schema has come.
  private(set) var fields: [ArrowField]?

  init(_ bytes: [UInt8]) {
    owner = bytes.withUnsafeBytes { ArrowBytes($0) }
    all = CheckedBytes(bytes: UnsafeRawBufferPointer(owner.bytes))
  }

  /// The next batch, nil at the end. Whoever gets it releases it.
  mutating func next() throws -> ArrowArray? {
    while let (message, body) = try message() {
      guard let header = try message.table(2) else { continue }
      switch try message.number(1, default: UInt8(0)) {
      case 1:
        let again = try ArrowField.fields(of: header)
        guard fields == nil || fields == again else { throw FrameError.arrow("its columns change along the way") }
        fields = again
      case 3:
        guard let fields else { throw FrameError.arrow("rows come before their schema") }
        var reader = try ArrowBatchReader(header, body: body, owner: owner)
        return try reader.array(fields)
      default: throw FrameError.arrow("a kind of message that is not supported")
      }
    }
    return nil
  }

  /// Reads as far as the schema.
  mutating func schema() throws -> [ArrowField] {
    if let fields { return fields }
    guard let (message, _) = try message(), try message.number(1, default: UInt8(0)) == 1,
      let header = try message.table(2)
    else { throw FrameError.arrow("it has no schema") }
    let read = try ArrowField.fields(of: header)
    fields = read
    return read
  }

  private mutating func message() throws -> (FlatTable, CheckedBytes)? {
    guard place + 4 <= all.bytes.count else { return nil }
    var count = try all.load(place, as: UInt32.self)
    place += 4
    // Streams from before Arrow 0.15 lack the marker.
    if count == .max {
      count = try all.load(place, as: UInt32.self)
      place += 4
    }
    guard count > 0 else { return nil }
    let message = try FlatTable(root: all.part(place, Int(count)))
    place += Int(count)
    let bodyCount = Int(try message.number(3, default: Int64(0)))
    let body = try all.part(place, bodyCount)
    place += bodyCount
    return (message, body)
  }
}
