// A record batch of an Arrow stream as an array of the C data interface, over the very bytes that came.
// Source: https://arrow.apache.org/docs/format/Columnar.html

import CDuckDB

/// The bytes of a message, aligned as Arrow wants them, for as long as an array points into them.
final class ArrowBytes: @unchecked Sendable {
  let bytes: UnsafeMutableRawBufferPointer

  init(_ source: UnsafeRawBufferPointer) {
    bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 64)
    bytes.copyMemory(from: source)
  }

  deinit { bytes.deallocate() }
}

/// Takes nodes and buffers of a batch in the order of the fields.
struct ArrowBatchReader {
  private let owner: ArrowBytes
  private let body: CheckedBytes
  private let batch: FlatTable
  private let nodes: (start: Int, count: Int)
  private let buffers: (start: Int, count: Int)
  private var node = 0
  private var buffer = 0

  init(_ batch: FlatTable, body: CheckedBytes, owner: ArrowBytes) throws {
    guard try !batch.has(3) else {
      throw FrameError.arrow("it is compressed; set spark.sql.execution.arrow.compression.codec to none")
    }
    self.owner = owner
    self.body = body
    self.batch = batch
    nodes = try batch.vector(1)
    buffers = try batch.vector(2)
  }

  /// The rows of the batch as one array of rows. Whoever gets it releases it.
  mutating func array(_ fields: [ArrowField]) throws -> ArrowArray {
    let rows = try count(batch.number(0, default: Int64(0)))
    var children: [ArrowArray] = []
    do {
      for field in fields { children.append(try array(field, atLeast: rows)) }
    } catch {
      for index in children.indices { children[index].release?(&children[index]) }
      throw error
    }
    return make(rows, missing: 0, buffers: [nil], children: children)
  }

  private func count(_ number: Int64) throws -> Int {
    // A count of rows beyond what any buffer of the body could back is damage.
    guard number >= 0, number <= Int64(Int32.max) else { throw FrameError.arrow("a batch of \(number) rows") }
    return Int(number)
  }

  private mutating func array(_ field: ArrowField, atLeast least: Int) throws -> ArrowArray {
    guard node < nodes.count else { throw FrameError.arrow("it lacks column \(field.name)") }
    let rows = try count(batch.bytes.load(nodes.start + 16 * node, as: Int64.self))
    let missing = try batch.bytes.load(nodes.start + 16 * node + 8, as: Int64.self)
    node += 1
    guard rows >= least else { throw FrameError.arrow("column \(field.name) has \(rows) of \(least) rows") }
    if field.layout == .missing { return make(rows, missing: rows, buffers: [], children: []) }

    let validity = try next(field, bytes: missing == 0 ? 0 : (rows + 7) / 8)
    var parts: [UnsafeRawPointer?] = [missing == 0 ? nil : validity.bytes.baseAddress]
    var children: [ArrowArray] = []
    do {
      switch field.layout {
      case .missing: break
      case .fixed(let bits): parts.append(try next(field, bytes: (rows * bits + 7) / 8).bytes.baseAddress)
      case .bytes(let isLarge):
        let (offsets, end) = try offsets(field, rows, isLarge)
        parts += [offsets, try next(field, bytes: end).bytes.baseAddress]
      case .list(let isLarge):
        let (offsets, end) = try offsets(field, rows, isLarge)
        parts.append(offsets)
        children.append(try array(field.children[0], atLeast: end))
      case .array(let count): children.append(try array(field.children[0], atLeast: rows * count))
      case .row: for child in field.children { children.append(try array(child, atLeast: rows)) }
      }
    } catch {
      for index in children.indices { children[index].release?(&children[index]) }
      throw error
    }
    return make(rows, missing: Int(missing), buffers: parts, children: children)
  }

  /// The next buffer, which has to hold at least `least` bytes.
  private mutating func next(_ field: ArrowField, bytes least: Int) throws -> CheckedBytes {
    guard buffer < buffers.count else { throw FrameError.arrow("it lacks a part of column \(field.name)") }
    let place = buffers.start + 16 * buffer
    buffer += 1
    let part = try body.part(
      Int(try batch.bytes.load(place, as: Int64.self)), Int(try batch.bytes.load(place + 8, as: Int64.self)))
    guard part.bytes.count >= least else { throw FrameError.arrow("column \(field.name) ends early") }
    return part
  }

  /// The one offset of a column without rows, which a stream may leave out and DuckDB reads all the same.
  private nonisolated(unsafe) static let noOffsets: UnsafeRawPointer = {
    let offset = UnsafeMutablePointer<Int64>.allocate(capacity: 1)
    offset.initialize(to: 0)
    return UnsafeRawPointer(offset)
  }()

  /// Offsets that never go back, and the last of them. A column without rows may have none at all.
  private mutating func offsets(_ field: ArrowField, _ rows: Int, _ isLarge: Bool) throws -> (UnsafeRawPointer?, Int) {
    let width = isLarge ? 8 : 4
    let part = try next(field, bytes: rows == 0 ? 0 : (rows + 1) * width)
    guard rows > 0 else { return (Self.noOffsets, 0) }
    var last = 0
    for index in 0...rows {
      let offset =
        isLarge ? Int(try part.load(index * 8, as: Int64.self)) : Int(try part.load(index * 4, as: Int32.self))
      guard offset >= last else { throw FrameError.arrow("column \(field.name) has offsets that go back") }
      last = offset
    }
    return (part.bytes.baseAddress, last)
  }

  private func make(
    _ rows: Int, missing: Int, buffers parts: [UnsafeRawPointer?], children: [ArrowArray]
  ) -> ArrowArray {
    var array = ArrowArray()
    array.length = Int64(rows)
    array.null_count = Int64(missing)
    array.n_buffers = Int64(parts.count)
    array.n_children = Int64(children.count)
    // DuckDB looks at the first buffer of a column even where it is said to have none.
    let buffers = UnsafeMutablePointer<UnsafeRawPointer?>.allocate(capacity: max(parts.count, 3))
    buffers.initialize(repeating: nil, count: max(parts.count, 3))
    for (index, part) in parts.enumerated() { buffers[index] = part }
    array.buffers = buffers
    let places = UnsafeMutablePointer<UnsafeMutablePointer<ArrowArray>?>.allocate(capacity: max(children.count, 1))
    places.initialize(repeating: nil, count: max(children.count, 1))
    for (index, child) in children.enumerated() {
      let place = UnsafeMutablePointer<ArrowArray>.allocate(capacity: 1)
      place.initialize(to: child)
      places[index] = place
    }
    array.children = places
    array.private_data = Unmanaged.passRetained(owner).toOpaque()
    array.release = { array in
      guard let array else { return }
      if let children = array.pointee.children {
        for index in 0..<Int(array.pointee.n_children) {
          guard let child = children[index] else { continue }
          child.pointee.release?(child)
          child.deallocate()
        }
        children.deallocate()
      }
      array.pointee.buffers?.deallocate()
      if let owner = array.pointee.private_data { Unmanaged<ArrowBytes>.fromOpaque(owner).release() }
      array.pointee.release = nil
    }
    return array
  }
}
