import Dispatch
import Foundation
import Settings
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

extension PreferencesSource {
  /// The folders whose files it reads.
  var folders: [String] { [URL(fileURLWithPath: configFile).deletingLastPathComponent().path] + themeFolders }
}

/// Calls back a moment after a TOML file in one of some folders was written, moved there or removed. Costs nothing
/// meanwhile: the kernel tells (inotify); where there is no inotify, nothing is watched.
final class FileWatch {
  private let source: any DispatchSourceRead

  /// - Parameters:
  ///   - folders: those that do not exist are waited for in the folder above them.
  ///   - action: called on a queue of its own.
  init?(_ folders: [String], _ action: @escaping @Sendable () -> Void) {
    #if os(Linux)
      let descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
      guard descriptor >= 0 else { return nil }
      Self.watch(folders, descriptor)
      let queue = DispatchQueue(label: "assay settings")
      source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
      let pending = Pending()
      let names = Set(folders.map { URL(fileURLWithPath: $0).lastPathComponent })
      source.setEventHandler {
        let changed = Self.changes(descriptor)
        guard changed.contains(where: { $0.hasSuffix(".toml") || names.contains($0) }) else { return }
        // A folder that has just been made can be watched now.
        Self.watch(folders, descriptor)
        guard pending.begin() else { return }
        // Editors write in several steps: one reading for all of them.
        queue.asyncAfter(deadline: .now() + .milliseconds(40)) {
          pending.end()
          action()
        }
      }
      source.setCancelHandler { _ = Glibc.close(descriptor) }
      source.resume()
    #else
      return nil
    #endif
  }

  func close() { source.cancel() }

  /// Whether a reading is due already.
  private final class Pending: Sendable {
    private let isPending = Mutex(false)

    func begin() -> Bool {
      isPending.withLock { pending in
        defer { pending = true }
        return !pending
      }
    }

    func end() { isPending.withLock { $0 = false } }
  }

  #if os(Linux)
    private static func watch(_ folders: [String], _ descriptor: Int32) {
      let mask = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE)
      for folder in folders where inotify_add_watch(descriptor, folder, mask) < 0 {
        // Added to what is watched for already: the folder above may be one of the others.
        let made = UInt32(IN_CREATE | IN_MOVED_TO | IN_MASK_ADD)
        var above = URL(fileURLWithPath: folder).deletingLastPathComponent()
        while above.path != "/", inotify_add_watch(descriptor, above.path, made) < 0 {
          above.deleteLastPathComponent()
        }
      }
    }

    /// The names of what has changed.
    private static func changes(_ descriptor: Int32) -> [String] {
      var names: [String] = []
      var buffer = [UInt8](repeating: 0, count: 1 << 14)
      while true {
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count <= 0 { return names }
        var at = 0
        // struct inotify_event: wd, mask, cookie, len (32 bits each), then the name padded with zeros.
        while at + 16 <= count {
          let length = buffer[(at + 12)..<(at + 16)].reversed().reduce(0) { $0 << 8 | Int($1) }
          let name = buffer[min(count, at + 16)..<min(count, at + 16 + length)].prefix { $0 != 0 }
          names.append(String(decoding: name, as: UTF8.self))
          at += 16 + length
        }
      }
    }
  #endif
}
