import CDuckDB
import Foundation

/// Where Arrow data comes from: encapsulated IPC streams of one schema, one after the other.
public protocol ArrowSource: AnyObject, Sendable {
  /// The next stream, nil at the end. Called by one thread at a time, not always the same; may wait.
  func next() throws -> [UInt8]?

  /// Told of every batch when it has been taken apart.
  func came(rows: Int)
}

extension ArrowSource {
  public func came(rows: Int) {}
}

extension Database {
  /// Lets `body` read the rows of a source as a relation, once and in order. They pass through; what is held is what
  /// DuckDB holds of them.
  ///
  /// - Parameter body: gets a SELECT over the rows; nil where nothing comes, or nothing with a column.
  /// - Throws: what the source throws, `FrameError` where the data cannot be read, and what `body` throws.
  public func withArrow<Result>(_ source: any ArrowSource, _ body: (_ sql: String?) throws -> Result) throws -> Result {
    guard let stream = try ArrowStream(source) else { return try body(nil) }
    let name = "assay_arrow_" + UUID().uuidString.replacingOccurrences(of: "-", with: "")
    let structure = UnsafeMutablePointer<ArrowArrayStream>.allocate(capacity: 1)
    structure.initialize(to: stream.structure())
    defer {
      structure.pointee.release?(structure)
      structure.deallocate()
    }
    return try withConnection { connection in
      guard duckdb_arrow_scan(connection.handle, name, structure) == DuckDBSuccess else {
        throw stream.failure ?? FrameError.arrow("DuckDB does not take its types")
      }
      defer { _ = try? execute("DROP VIEW IF EXISTS \(SQL.identifier(name))") }
      do {
        // DuckDB asks a scan of Arrow for some columns only, and has it filter; a stream of the C interface hears nothing of
        // that, and its columns would be taken for others. Through a row that is made of all of them nothing is asked.
        let view = SQL.identifier(name)
        return try body("SELECT row.* FROM (SELECT \(view) AS row FROM \(view))")
      } catch {
        throw stream.failure ?? error
      }
    }
  }
}

/// A source as a stream of the C interface. `lock` guards what changes.
private final class ArrowStream: @unchecked Sendable {
  private let source: any ArrowSource
  private let fields: [ArrowField]
  private let lock = NSLock()
  private var messages: ArrowMessages
  private var latestFailure: (any Error)?
  /// What the failure says, for DuckDB, which asks for a pointer.
  private var reason: UnsafeMutablePointer<CChar>?

  var failure: (any Error)? { lock.withLock { latestFailure } }

  /// Waits for the first batch: the schema comes with it. Nil where there is none, or none with a column.
  init?(_ source: any ArrowSource) throws {
    self.source = source
    guard let first = try source.next() else { return nil }
    messages = ArrowMessages(first)
    fields = try messages.schema()
    if fields.isEmpty { return nil }
  }

  deinit { free(reason) }

  func structure() -> ArrowArrayStream {
    var stream = ArrowArrayStream()
    stream.private_data = Unmanaged.passRetained(self).toOpaque()
    stream.get_schema = { stream, out in
      guard let self = ArrowStream.of(stream), let out else { return EINVAL }
      out.pointee = arrowSchema("", format: "+s", isNullable: false, children: self.fields)
      return 0
    }
    stream.get_next = { stream, out in
      guard let self = ArrowStream.of(stream), let out else { return EINVAL }
      return self.next(out)
    }
    stream.get_last_error = { stream in
      guard let self = ArrowStream.of(stream) else { return nil }
      return self.lock.withLock { UnsafePointer(self.reason) }
    }
    stream.release = { stream in
      guard let stream, let own = stream.pointee.private_data else { return }
      Unmanaged<ArrowStream>.fromOpaque(own).release()
      stream.pointee.private_data = nil
      stream.pointee.release = nil
    }
    return stream
  }

  private static func of(_ stream: UnsafeMutablePointer<ArrowArrayStream>?) -> ArrowStream? {
    stream?.pointee.private_data.map { Unmanaged<ArrowStream>.fromOpaque($0).takeUnretainedValue() }
  }

  private func next(_ out: UnsafeMutablePointer<ArrowArray>) -> Int32 {
    lock.withLock {
      do {
        while true {
          if let array = try messages.next() {
            source.came(rows: Int(array.length))
            out.pointee = array
            return 0
          }
          guard let bytes = try source.next() else {
            out.pointee = ArrowArray()
            return 0
          }
          messages = ArrowMessages(bytes)
          guard try messages.schema().hasLayout(of: fields) else {
            throw FrameError.arrow("its columns change along the way")
          }
        }
      } catch {
        // Another thread may be reading the words of the first failure.
        if reason == nil {
          latestFailure = error
          reason = strdup("\(error)")
        }
        out.pointee = ArrowArray()
        return EIO
      }
    }
  }
}
