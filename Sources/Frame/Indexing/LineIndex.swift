import Foundation
import Jobs
import Synchronization

/// Where the rows of a plain CSV or TSV file start, so that any window of it can be read at once.
///
/// `build` passes over the file once; windows of what has been passed, and the tail, are there before it ends. Reads by
/// position: a file that shrinks gives an error, never a crash.
public final class LineIndex: Sendable {
  /// Rows between two places that are remembered.
  public static let stride = 256

  private let database: Database
  private let name: String
  private let file: InputFile
  private let original: InputFile
  private let dataStart: Int
  private let newline: (byte: UInt8, hasCarriageReturns: Bool)
  private let state: Mutex<State>

  private struct State {
    var layout: DelimitedLayout
    var starts: [Int] = []
    var rows = 0
    /// Everything before this place is indexed.
    var end: Int
    var isComplete = false
  }

  /// An index that still has to be built; nil for what is not plain delimited text read without leaving rows out.
  public init?(_ opened: OpenedSource, in database: Database) throws {
    guard case .delimited(let layout) = opened.layout, !layout.isGzip, !layout.skipBadRows else { return nil }
    self.database = database
    name = opened.source.name
    file = opened.file
    original = opened.original
    (dataStart, newline) = try layout.start(in: opened.file)
    state = Mutex(State(layout: layout, end: dataStart))
  }

  /// The rows known so far: exact once the whole file has been passed.
  public var count: RowCount {
    state.withLock { $0.isComplete ? .exact($0.rows) : .atLeast($0.rows) }
  }

  /// How many rows there probably are, from the length of those passed so far.
  public var estimate: RowCount {
    state.withLock { state in
      if state.isComplete { return .exact(state.rows) }
      guard state.rows > 0 else { return .estimate(0) }
      let perRow = Double(state.end - dataStart) / Double(state.rows)
      return .estimate(Int(Double(file.size - dataStart) / perRow))
    }
  }

  /// The columns as windows show them; a value that fits its type nowhere has made its column text.
  public var schema: Schema { state.withLock { $0.layout.columns } }

  /// Passes over the whole file. Safe to call again after a cancelled build: it starts anew.
  public func build(_ context: any JobContext = SilentContext()) throws {
    let layout = state.withLock { $0.layout }
    var counter = RecordCounter(
      dialect: layout.dialect, newline: newline.byte, hasCarriageReturns: newline.hasCarriageReturns,
      countsBlankLines: layout.columns.count == 1, stride: Self.stride, from: dataStart)
    let chunk = 1 << 20
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: RecordCounter.lookBack + chunk, alignment: 64)
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
    defer { buffer.deallocate() }
    let fresh = UnsafeMutableRawBufferPointer(rebasing: buffer[RecordCounter.lookBack...])
    var offset = dataStart
    while offset < file.size {
      try context.checkCancelled()
      let (count, code) = file.fill(
        UnsafeMutableRawBufferPointer(rebasing: fresh.prefix(file.size - offset)), at: offset)
      if code != 0 { throw FrameError.opening(name, errno: code) }
      if count == 0 { throw FrameError.changed(name) }
      counter.scan(UnsafeRawBufferPointer(rebasing: buffer[..<(RecordCounter.lookBack + count)]), at: offset)
      offset += count
      // The last bytes go before the next chunk.
      if let base = buffer.baseAddress { memmove(base, base + count, RecordCounter.lookBack) }
      publish(counter)
      context.report(Double(offset) / Double(file.size), "counting rows")
    }
    try original.checkUnchanged()
    counter.finish(at: file.size)
    publish(counter, isComplete: true)
  }

  private func publish(_ counter: RecordCounter, isComplete: Bool = false) {
    state.withLock { state in
      guard counter.count >= state.rows || isComplete else { return }
      state.starts.append(contentsOf: counter.starts.dropFirst(state.starts.count))
      state.rows = counter.count
      state.end = counter.recordStart
      state.isComplete = isComplete
    }
  }

  /// Rows by number, from 0, as far as they are known.
  public func window(_ rows: Range<Int>, context: (any JobContext)? = nil) throws -> DataTable {
    let (first, last, from, to) = state.withLock { state -> (Int, Int, Int, Int) in
      let first = min(max(0, rows.lowerBound), state.rows)
      let last = min(max(first, rows.upperBound), state.rows)
      guard first < last else { return (first, first, state.end, state.end) }
      let after = (last + Self.stride - 1) / Self.stride
      return (
        first, last, state.starts[first / Self.stride], after < state.starts.count ? state.starts[after] : state.end
      )
    }
    return try parse(from..<to, skipping: first % Self.stride, taking: last - first, context)
  }

  /// The last rows, whether or not the file has been passed.
  public func tail(_ rows: Int, context: (any JobContext)? = nil) throws -> DataTable {
    if case .exact(let count) = count { return try window(max(0, count - rows)..<count, context: context) }
    try original.checkUnchanged()
    let layout = state.withLock { $0.layout }
    var length = 64 << 10
    while true {
      let from = max(dataStart, file.size - length)
      let bytes = try file.read(at: from, count: file.size - from)
      if let starts = Self.records(in: bytes, layout: layout, startsAtRecord: from == dataStart),
        starts.count >= rows || from == dataStart
      {
        guard !starts.isEmpty else { return try parse(file.size..<file.size, skipping: 0, taking: 0, context) }
        let start = from + starts[max(0, starts.count - rows)]
        return try parse(start..<file.size, skipping: 0, taking: rows, context)
      }
      if from == dataStart { throw FrameError.changed(name) }
      length *= 4
    }
  }

  /// Where the records of the end of a file start; nil where no start makes sense of all of them.
  private static func records(in bytes: [UInt8], layout: DelimitedLayout, startsAtRecord: Bool) -> [Int]? {
    bytes.withUnsafeBufferPointer { buffer in
      var candidate = startsAtRecord ? 0 : nextLine(buffer, 0)
      // The end of a line may lie in a quoted field; then what follows does not fit, and the next one is tried.
      for _ in 0..<100 {
        guard let start = candidate else { return nil }
        if let starts = wellFormed(buffer, from: start, layout) { return starts }
        if startsAtRecord { return nil }
        candidate = nextLine(buffer, start)
      }
      return nil
    }
  }

  private static func nextLine(_ bytes: UnsafeBufferPointer<UInt8>, _ from: Int) -> Int? {
    guard let found = bytes[from...].firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) else { return nil }
    let isPair = bytes[found] == 0x0D && found + 1 < bytes.count && bytes[found + 1] == 0x0A
    return found + (isPair ? 2 : 1)
  }

  private static func wellFormed(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, _ layout: DelimitedLayout
  ) -> [Int]? {
    var scanner = RecordScanner(bytes, dialect: layout.dialect, from: start)
    var starts: [Int] = []
    let expected = layout.columns.count
    while let record = scanner.next() {
      if record.isBlank && expected > 1 { continue }
      if record.isMalformed || !(expected...expected + 1).contains(record.fieldCount) { return nil }
      starts.append(record.range.lowerBound)
    }
    return starts
  }

  /// Reads a slice of whole records with the fixed schema.
  private func parse(
    _ slice: Range<Int>, skipping: Int, taking: Int, _ context: (any JobContext)?
  ) throws -> DataTable {
    try original.checkUnchanged()
    let bytes = try file.read(at: slice.lowerBound, count: slice.count)
    if bytes.count < slice.count { throw FrameError.changed(name) }
    let memory = try ScratchFile.inMemory(bytes, name: name)
    state.withLock { state in
      var survey = FieldSurvey(state.layout, firstLine: 1)
      _ = bytes.withUnsafeBytes { survey.scan($0, isLast: true) }
      for (column, misfits) in survey.misfits { state.layout.widen(column, for: misfits) }
    }
    while true {
      var layout = state.withLock { $0.layout }
      layout.longestRecord = max(layout.longestRecord, bytes.count)
      let sql = layout.select(memory.path, hasHeader: false) + " LIMIT \(taking) OFFSET \(skipping)"
      do {
        return try database.query(bytes.isEmpty ? "SELECT * FROM (\(sql)) WHERE false" : sql, context: context)
      } catch var error as FrameError {
        if let column = error.column, let wider = layout.widened(column, by: error) {
          state.withLock { $0.layout.columns = wider }
          continue
        }
        error.location = name
        error.line = nil
        throw error
      }
    }
  }
}
