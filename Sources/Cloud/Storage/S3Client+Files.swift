import Foundation
import Jobs
import Synchronization

/// Objects to files and back.
extension S3Client {
  /// Bytes from which on a file goes up in parts.
  static let partSize = 16 << 20

  /// Reads an object into a file, which appears when it is complete. A connection that breaks is taken up where it broke,
  /// as long as the object is still the same.
  /// - Returns: the object as it was read.
  @discardableResult
  public func download(_ location: S3Location, to path: String, note: String? = nil) throws -> S3Object {
    guard let object = try look(location) else {
      throw CloudError(
        .noObject, location: location.description, what: "there is no such object",
        advice: "See what is there with assay s3 ls s3://\(location.bucket)/.")
    }
    let temporary = path + ".\(ProcessInfo.processInfo.processIdentifier).part"
    guard FileManager.default.createFile(atPath: temporary, contents: nil),
      let file = FileHandle(forWritingAtPath: temporary)
    else {
      throw CloudError(
        .other, location: path, what: "it cannot be written", advice: "Check the path and your rights there.")
    }
    defer { try? FileManager.default.removeItem(atPath: temporary) }
    do {
      defer { try? file.close() }
      try read(object, note: note ?? "reading \(location.name)") { try file.write(contentsOf: $0) }
    }
    guard rename(temporary, path) == 0 else {
      throw CloudError(.other, location: path, what: "it cannot be written: \(String(cString: strerror(errno)))")
    }
    return object
  }

  /// Hands over the bytes of an object in order, each once. A connection that breaks after a good part of them does not
  /// count as a failure; one that brings a few bytes each time does, or there would be no end to it.
  public func read(_ object: S3Object, note: String, _ sink: (Data) throws -> Void) throws {
    var done = 0
    var failures = 0
    while done < object.size {
      var call = call("GET", object.bucket, object.key)
      if done > 0 { call.headers["range"] = "bytes=\(done)-" }
      if !object.tag.isEmpty { call.headers["if-match"] = object.tag }
      let before = done
      do {
        try withoutActuallyEscaping(sink) { sink in
          _ = try session.send(
            call, canceller,
            sink: { data in
              try sink(data)
              done += data.count
              context.report(Double(done) / Double(max(object.size, 1)), note)
            }, hasProgress: { done > before })
        }
        guard done >= object.size else {
          throw CloudError(
            .incomplete, location: object.location.description,
            what: "the answer broke off after \(done) of \(object.size) bytes")
        }
      } catch let error as CloudError where error.mayPass {
        failures = done - before >= min(object.size / 10, 1 << 20) && done > before ? 1 : failures + 1
        guard failures < session.settings.attempts else { throw error.after(attempts: failures) }
        try canceller.sleep(seconds: session.settings.backoff * Double.random(in: 0...1))
      }
    }
  }

  /// Writes a file to an object: at once, or in parts that go up side by side.
  /// - Returns: bytes.
  @discardableResult
  public func upload(_ path: String, to location: S3Location) throws -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let attributes, attributes[.type] as? FileAttributeType == .typeRegular,
      let size = (attributes[.size] as? NSNumber)?.intValue
    else {
      throw CloudError(.other, location: path, what: "there is no such file", advice: "Check the path.")
    }
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw CloudError(.other, location: path, what: "you may not read this file")
    }
    defer { try? file.close() }
    guard size > Self.partSize else {
      let data = try file.readToEnd() ?? Data()
      try put(data, to: location)
      return data.count
    }
    guard try mayChange("PUT", "\(location) in parts") else { return size }
    try uploadParts(path, size, location)
    return size
  }

  private func uploadParts(_ path: String, _ size: Int, _ location: S3Location) throws {
    // S3 takes ten thousand parts at most.
    let length = max(Self.partSize, (size / 9000 / (1 << 20) + 1) << 20)
    let count = (size + length - 1) / length
    let upload = try beginUpload(location)
    let tags = Mutex([String](repeating: "", count: count))
    let sent = Mutex(0)
    do {
      try inParallel(count, threads: 4) { part in
        let start = part * length
        let expected = min(length, size - start)
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        try file.seek(toOffset: UInt64(start))
        let data = try file.read(upToCount: expected) ?? Data()
        guard data.count == expected else {
          throw CloudError(.changed, location: path, what: "the file became shorter while it was read")
        }
        let tag = try uploadPart(data, part + 1, upload, location)
        tags.withLock { $0[part] = tag }
        let done = sent.withLock { total in
          total += data.count
          return total
        }
        context.report(Double(done) / Double(size), "writing \(location.name)")
      }
      try endUpload(tags.withLock { $0 }, upload, location)
    } catch {
      abandonUpload(upload, location)
      throw error
    }
  }
}
