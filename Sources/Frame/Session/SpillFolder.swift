import Foundation

/// The folders that this program's databases spill to, in the system's temporary folder: one a process, and some with a name
/// after its number.
enum SpillFolder {
  private static let stem = "assay-spill-"
  /// How long the folder of another process is left alone. Its number may be of a container that shares the folder.
  private static let rest: TimeInterval = 86_400

  /// That of this process. The first call removes those of processes that were killed a day ago or more.
  static let path: String = {
    removeLeft(in: NSTemporaryDirectory())
    return NSTemporaryDirectory() + stem + String(ProcessInfo.processInfo.processIdentifier)
  }()

  /// Removes the folders of processes that are no more.
  static func removeLeft(in folder: String, now: Date = Date()) {
    let files = FileManager.default
    for name in (try? files.contentsOfDirectory(atPath: folder)) ?? [] where name.hasPrefix(stem) {
      let path = (folder as NSString).appendingPathComponent(name)
      guard let process = pid_t(name.dropFirst(stem.count).prefix { $0 != "." }), kill(process, 0) != 0, errno == ESRCH,
        let changed = try? files.attributesOfItem(atPath: path)[.modificationDate] as? Date,
        now.timeIntervalSince(changed) > rest
      else { continue }
      try? files.removeItem(atPath: path)
    }
  }
}
