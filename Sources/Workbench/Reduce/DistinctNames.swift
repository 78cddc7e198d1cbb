import Foundation

/// Names for paths in a list: the last part alone where no other path ends with the same, and as many folders before it as tell
/// the paths apart. O(paths · parts).
///
/// - Parameters:
///   - paths: files or URLs.
///   - key: the same for two paths that lead to the same place; those keep the same name.
func distinctNames(_ paths: [String], key: (String) -> String = absolutePath) -> [String] {
  let parts = paths.map { key($0).split(separator: "/").map(String.init) }
  var counts = parts.map { min(1, $0.count) }
  func name(_ index: Int) -> String { parts[index].suffix(counts[index]).joined(separator: "/") }
  while true {
    let groups = Dictionary(grouping: parts.indices, by: name).values
    let alike = groups.filter { Set($0.map { parts[$0] }).count > 1 }.joined().filter { counts[$0] < parts[$0].count }
    if alike.isEmpty { return paths.indices.map { parts[$0].isEmpty ? paths[$0] : name($0) } }
    for index in alike { counts[index] += 1 }
  }
}
