import Dispatch
import Engine
import Foundation
import Synchronization

/// Reads and writes small files off the main thread, in order, and keeps the actions that come of it.
final class OutsideWork: Sendable {
  private let queue = DispatchQueue(label: "assay files")
  private let actions = Mutex<[Action]>([])
  private let wake: @Sendable () -> Void

  init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

  func run(_ work: @escaping @Sendable () -> Action?) {
    queue.async { [self] in
      guard let action = work() else { return }
      actions.withLock { $0.append(action) }
      wake()
    }
  }

  func drain() -> [Action] {
    actions.withLock { actions in
      defer { actions = [] }
      return actions
    }
  }

  /// Returns when everything asked for so far is done: before the process ends.
  func wait() { queue.sync {} }
}

extension FolderListing {
  /// File endings that assay opens.
  static let endings = [
    ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx", ".xlsm", ".fwf", ".txt", ".dat", ".flow",
    ".assay", ".csv.gz", ".tsv.gz", ".json.gz", ".jsonl.gz", ".fwf.gz", ".txt.gz",
  ]

  /// Lists a place on S3: buckets, or what is below a prefix that can be opened.
  init(asking folder: String) {
    do {
      let found = try RemotePlaces.entries(of: folder).filter { entry in
        entry.isFolder || Self.endings.contains(where: entry.name.lowercased().hasSuffix)
      }
      let entries = found.map { Entry(name: $0.name, isFolder: $0.isFolder, size: $0.size) }
      self.init(
        folder: folder,
        entries: entries.sorted {
          ($0.isFolder ? 1 : 0, $0.name.lowercased()) < ($1.isFolder ? 1 : 0, $1.name.lowercased())
        })
    } catch {
      self.init(folder: folder, entries: [], error: "\(error)")
    }
  }

  /// Lists the cluster: databases, or the tables of one.
  init(asking folder: String, _ engine: Engine) {
    do {
      let entries = try engine.clusterEntries(of: folder).map { Entry(name: $0.name, isFolder: $0.isFolder, size: nil) }
      self.init(folder: folder, entries: entries.sorted { $0.name.lowercased() < $1.name.lowercased() })
    } catch {
      self.init(folder: folder, entries: [], error: "\(error)")
    }
  }

  /// Lists the folders and the files that can be opened, by name.
  init(reading folder: String) {
    let manager = FileManager.default
    do {
      let names = try manager.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }
      var entries: [Entry] = []
      for name in names.prefix(20_000) {
        var isFolder: ObjCBool = false
        let path = folder == "/" ? "/" + name : folder + "/" + name
        guard manager.fileExists(atPath: path, isDirectory: &isFolder) else { continue }
        if isFolder.boolValue {
          entries.append(Entry(name: name, isFolder: true, size: nil))
        } else if Self.endings.contains(where: name.lowercased().hasSuffix) {
          let size = (try? manager.attributesOfItem(atPath: path)[.size] as? NSNumber)?.intValue
          entries.append(Entry(name: name, isFolder: false, size: size))
        }
      }
      entries.sort { ($0.isFolder ? 1 : 0, $0.name.lowercased()) < ($1.isFolder ? 1 : 0, $1.name.lowercased()) }
      self.init(folder: folder, entries: entries)
    } catch {
      self.init(folder: folder, entries: [], error: "\(folder) cannot be listed: \(error.localizedDescription)")
    }
  }
}
