import Foundation

/// The copy of an unsaved flow that survives a crash: one file a process, removed when the flow is saved or the program
/// ends in order. A file whose process is gone is what a later start offers to restore.
public struct Autosave: Sendable {
  /// What is written.
  public struct Record: Codable, Sendable, Equatable {
    public var flow: FlowFile
    /// Where the flow was to be saved; nil when it never was.
    public var path: String?
    public var savedAt: Date

    public init(flow: FlowFile, path: String?, savedAt: Date) {
      self.flow = flow
      self.path = path
      self.savedAt = savedAt
    }
  }

  private let folder: String
  private let process: Int32

  public init(locations: Locations, process: Int32 = ProcessInfo.processInfo.processIdentifier) {
    folder = locations.autosaves
    self.process = process
  }

  private var path: String { "\(folder)/\(process).json" }

  public func write(_ record: Record) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try FlowFile.encoder.encode(record).write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  /// Forgets this process's copy.
  public func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// The newest copy that a process left behind when it died.
  public func orphan() -> (record: Record, file: String)? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    var newest: (record: Record, file: String)?
    for name in names where name.hasSuffix(".json") {
      guard let owner = Int32(name.dropLast(5)), owner != process, !Self.isAlive(owner) else { continue }
      let file = "\(folder)/\(name)"
      guard let data = try? Data(contentsOf: URL(fileURLWithPath: file)),
        let record = try? FlowFile.decoder.decode(Record.self, from: data)
      else { continue }
      if newest.map({ $0.record.savedAt < record.savedAt }) ?? true { newest = (record, file) }
    }
    return newest
  }

  /// Removes a copy that was restored or refused.
  public func discard(_ file: String) { try? FileManager.default.removeItem(atPath: file) }

  /// Signal 0 asks whether a process exists without touching it. One that has ended and whose parent has not asked how
  /// yet (a zombie) exists, but writes nothing any more.
  static func isAlive(_ process: Int32) -> Bool {
    guard kill(process, 0) == 0 || errno == EPERM else { return false }
    // `pid (name) state …`, where the name may hold anything.
    let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
    return status.lastIndex(of: ")").map { !status[$0...].hasPrefix(") Z") } ?? true
  }
}
