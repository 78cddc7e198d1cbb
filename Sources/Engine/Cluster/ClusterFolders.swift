import Frame
import Jobs

extension RemotePlaces {
  /// The databases of the cluster as folders: below it `spark:sales` lists the tables of one.
  public static let cluster = "spark:"

  /// True for a folder of the cluster.
  public static func isCluster(_ folder: String) -> Bool { folder.hasPrefix(cluster) }
}

extension Engine {
  /// What is in a folder of the cluster, by name: databases, or the tables of one. Asks the network.
  /// - Throws: `ClusterError`, `SparkError`.
  public func clusterEntries(of folder: String) throws -> [RemotePlaces.Entry] {
    let nodes = try nodes()
    guard let cluster = nodes.cluster else { throw ClusterError.noCluster(folder) }
    guard folder != RemotePlaces.cluster else {
      let found = try nodes.database.ask(cluster, "SHOW DATABASES", SilentContext())
      return (0..<found.rowCount).map { .init(name: found.text($0, 0) ?? "", isFolder: true, size: nil) }
    }
    let address = try TableAddress(folder)
    let found = try nodes.database.ask(cluster, "SHOW TABLES IN \(address.sql)", SilentContext())
    let names = found.schema.map { $0.name.lowercased() }
    guard let name = names.firstIndex(of: "tablename") ?? names.firstIndex(of: "name") else { return [] }
    // A view of the session is in no database.
    let temporary = names.firstIndex(of: "istemporary")
    return (0..<found.rowCount).filter { row in temporary.map { found.value(row, $0) != .bool(true) } ?? true }.map {
      .init(name: found.text($0, name) ?? "", isFolder: false, size: nil)
    }
  }
}
