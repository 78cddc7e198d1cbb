import Engine
import Frame

/// Paths as text: what the file dialog does to them without touching a disk.
enum FilePaths {
  /// What stands for all buckets of S3; a bucket is `s3://lake`, a prefix in it `s3://lake/sales`.
  static let remote = "s3://"

  /// What stands for the databases of the cluster; one is `spark:sales`, a table in it `spark:sales.orders`.
  static let cluster = RemotePlaces.cluster

  /// The folder above: of `.` it is `..`, of `/` itself.
  static func parent(of folder: String) -> String {
    if folder.hasPrefix(remote) {
      guard let slash = folder.dropFirst(remote.count).lastIndex(of: "/") else {
        return folder == remote ? "." : remote
      }
      return String(folder[..<slash])
    }
    if folder.hasPrefix(cluster) { return folder == cluster ? "." : cluster }
    let trimmed = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    if trimmed == "/" { return "/" }
    if trimmed == "." || trimmed.isEmpty { return ".." }
    let parts = trimmed.split(separator: "/", omittingEmptySubsequences: false)
    if parts.last == ".." { return trimmed + "/.." }
    let rest = parts.dropLast().joined(separator: "/")
    return rest.isEmpty ? (trimmed.hasPrefix("/") ? "/" : ".") : rest
  }

  /// The full path of what is named from `folder`; standard input and addresses stay as they are.
  static func absolute(_ path: String, in folder: String) -> String {
    path == "-" || path.hasPrefix("/") || Source.isElsewhere(path) ? path : joined(folder, path)
  }

  /// A source whose places are named from `folder`.
  static func absolute(_ source: Source, in folder: String) -> Source {
    var source = source
    source.location = absolute(source.location, in: folder)
    source.also = source.also.map { absolute($0, in: folder) }
    return source
  }

  /// A name inside a folder.
  static func joined(_ folder: String, _ name: String) -> String {
    if folder.hasPrefix(cluster) {
      return folder + (folder == cluster ? "" : ".") + TableAddress.part(name)
    }
    return folder == "." ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// A typed path as the folder that it speaks of and the beginning of a name in it; nil when it names no folder.
  static func split(_ text: String) -> (folder: String, name: String)? {
    if text == "~" || text == ".." || text == "." { return (expanded(text), "") }
    if text.hasPrefix(remote) {
      let rest = text.dropFirst(remote.count)
      guard let slash = rest.lastIndex(of: "/") else { return (remote, String(rest)) }
      return (remote + rest[..<slash], String(rest[rest.index(after: slash)...]))
    }
    if text.hasPrefix(cluster) {
      let rest = text.dropFirst(cluster.count)
      guard let dot = rest.lastIndex(of: ".") else { return (cluster, String(rest)) }
      return (cluster + rest[..<dot], String(rest[rest.index(after: dot)...]))
    }
    // Other addresses name no folder that can be listed.
    if text.contains("://") { return nil }
    guard let slash = text.lastIndex(of: "/") else { return nil }
    let folder = slash == text.startIndex ? "/" : String(text[..<slash])
    return (expanded(folder), String(text[text.index(after: slash)...]))
  }

  /// What kind of file it is, by its ending.
  static func kind(_ name: String) -> String {
    if name.hasPrefix(cluster) { return "table" }
    let lower = name.lowercased()
    let isPacked = lower.hasSuffix(".gz")
    let plain = isPacked ? String(lower.dropLast(3)) : lower
    let ending = plain.split(separator: ".").last.map(String.init) ?? ""
    let kind =
      ending == "flow" ? "flow" : ending == "assay" ? "session" : ending == "ndjson" ? "JSONL" : ending.uppercased()
    return isPacked ? kind + " gzip" : kind
  }
}
