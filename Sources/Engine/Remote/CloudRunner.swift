import Cloud
import Foundation
import Frame
import Jobs

/// Asks S3, the Glue catalogue and Athena for what a job wants.
struct CloudRunner {
  let session: CloudSession
  /// Where results and what was asked are kept.
  let locations: Locations
  let context: any JobContext
  /// Columns and rows of a source.
  let extent: (Source) throws -> (columns: Int, rows: Int)

  func run(_ spec: CloudSpec) throws -> CloudAnswer {
    switch spec {
    case .list(let place, let next):
      do {
        return .listed(try list(place, next))
      } catch let error as CloudError {
        return .refused(CloudRefusal(error))
      }
    case .measure(let place): return .measured(try keys(below: place).amount)
    case .delete(let place, let counted, let isDryRun): return try delete(place, counted, isDryRun)
    case .download(let place, let path): return try download(place, to: path)
    case .athena(let query): return .athena(try run(query))
    case .estimate(let query): return .estimated(try estimate(query))
    case .catalogue(let database): return .catalogue(database: database, try catalogue(database))
    case .history: return .history(AthenaHistory(locations).read())
    // The engine does these itself.
    case .statement, .publish: return .planned([])
    case .upload(let path, let place, let replaces): return try upload(path, to: place, replaces)
    }
  }

  var store: S3Client { S3Client(session, context: context) }
  private var glue: GlueClient { GlueClient(session, context: context) }

  // MARK: Listing

  private func list(_ place: CloudPlace, _ next: String?) throws -> CloudListing {
    switch place {
    case .buckets:
      let entries = try store.buckets().map { bucket in
        CloudEntry(
          .bucket, bucket.name, place: .objects(bucket: bucket.name, prefix: ""), modified: bucket.created)
      }
      return CloudListing(entries: entries, next: nil)
    case .objects(let bucket, let prefix): return try objects(bucket, prefix, next)
    case .object: return CloudListing(entries: [], next: nil)
    case .databases:
      let page = try glue.databasePage(next: next)
      let entries = page.items.map { database in
        CloudEntry(
          .database, database.Name, place: .tables(database: database.Name), detail: database.Description ?? "")
      }
      return CloudListing(entries: entries, next: page.next)
    case .tables(let database):
      let page = try glue.tablePage(database, next: next)
      return CloudListing(entries: page.items.map { CloudEntry($0, in: database) }, next: page.next)
    case .table(let database, let name): return CloudListing(entries: try columns(database, name), next: nil)
    case .partitions(let database, let table): return try partitions(database, table, next)
    }
  }

  private func objects(_ bucket: String, _ prefix: String, _ next: String?) throws -> CloudListing {
    let page = try store.list(bucket, prefix: prefix, delimiter: "/", next: next)
    let folders = page.prefixes.map { folder in
      CloudEntry(
        .prefix, String(folder.dropFirst(prefix.count)), place: .objects(bucket: bucket, prefix: folder),
        source: "s3://\(bucket)/\(folder)")
    }
    // The mark of the folder itself is no object in it.
    let objects = page.objects.filter { $0.key != prefix }.map { object in
      CloudEntry(
        .object, String(object.key.dropFirst(prefix.count)), place: .object(bucket: bucket, key: object.key),
        source: object.location.description, size: object.size, modified: object.modified,
        detail: object.storageClass ?? "")
    }
    return CloudListing(entries: folders + objects, next: page.next)
  }

  private func columns(_ database: String, _ name: String) throws -> [CloudEntry] {
    let table = try glue.table(database, name)
    let location = table.StorageDescriptor?.Location ?? ""
    let isHere = S3Location.isMeant(by: location)
    var entries = [
      CloudEntry(
        .location, location.isEmpty ? "no location" : location, source: isHere ? location.endingInSlash : nil,
        detail: table.format.rawValue)
    ]
    entries += (table.StorageDescriptor?.Columns ?? []).map { CloudEntry(.column, $0.Name, detail: $0.Type ?? "") }
    let keys = table.PartitionKeys ?? []
    entries += keys.map { CloudEntry(.key, $0.Name, detail: ($0.Type ?? "") + ", partitions") }
    if !keys.isEmpty {
      entries.append(CloudEntry(.partitions, "partitions", place: .partitions(database: database, table: name)))
    }
    return entries
  }

  private func partitions(_ database: String, _ table: String, _ next: String?) throws -> CloudListing {
    let keys = try glue.table(database, table).PartitionKeys ?? []
    let page = try glue.partitionPage(database, table, next: next)
    let entries = page.items.map { partition in
      let parts = zip(keys, partition.Values ?? []).map { "\($0.Name)=\($1)" }
      let location = partition.StorageDescriptor?.Location ?? ""
      return CloudEntry(
        .partition, parts.joined(separator: "/"),
        source: S3Location.isMeant(by: location) ? location.endingInSlash : nil, detail: location)
    }
    return CloudListing(entries: entries, next: page.next)
  }

  // MARK: Objects

  /// Keys in one bucket, and how much they are.
  private struct Keys {
    var bucket: String
    var base = ""
    var keys: [(key: String, size: Int)] = []
    var amount: CloudAmount { CloudAmount(objects: keys.count, bytes: keys.reduce(0) { $0 + $1.size }) }
  }

  /// One object, or all below a prefix, marks of folders too.
  private func keys(below place: CloudPlace) throws -> Keys {
    switch place {
    case .object(let bucket, let key):
      guard let object = try store.look(S3Location(bucket: bucket, key: key)) else {
        throw CloudError(
          .noObject, location: place.address, what: "there is no such object", advice: "List its folder again.")
      }
      let folder = key.lastIndex(of: "/").map { String(key[...$0]) } ?? ""
      return Keys(bucket: bucket, base: folder, keys: [(key, object.size)])
    case .objects(let bucket, let prefix):
      var found = Keys(bucket: bucket, base: prefix)
      try store.eachPage(bucket, prefix: prefix) { page in
        try context.checkCancelled()
        found.keys += page.objects.map { ($0.key, $0.size) }
      }
      return found
    case .buckets, .databases, .tables, .table, .partitions:
      throw CloudError(.usage, location: place.address, what: "this is no place of objects", advice: "Choose a bucket.")
    }
  }

  private func delete(_ place: CloudPlace, _ counted: CloudAmount?, _ isDryRun: Bool) throws -> CloudAnswer {
    let found = try keys(below: place)
    if let counted, counted != found.amount {
      throw CloudError(
        .changed, location: place.address,
        what:
          "nothing was deleted: \(found.amount.objects.grouped) objects are here now, \(counted.objects.grouped) were counted",
        advice: "Look again, and ask once more.")
    }
    let planned = isDryRun ? PlannedCalls() : nil
    let client = S3Client(session, context: context, planned: planned)
    try client.delete(found.keys.map(\.key), in: found.bucket)
    if let planned { return .planned(planned.all + found.keys.map { "  s3://\(found.bucket)/\($0.key)" }) }
    return .deleted(found.amount)
  }

  private func download(_ place: CloudPlace, to path: String) throws -> CloudAnswer {
    let found = try keys(below: place)
    if case .object(let bucket, let key) = place {
      try store.download(S3Location(bucket: bucket, key: key), to: path)
      return .downloaded(found.amount, path: path)
    }
    let objects = found.keys.filter { !$0.key.hasSuffix("/") }
    // Nothing is written where one of them cannot be.
    let targets = try objects.map { object in
      try path + "/" + S3Location(bucket: found.bucket, key: object.key).path(below: found.base)
    }
    let bytes = max(1, objects.reduce(0) { $0 + $1.size })
    var done = 0
    for (number, object) in objects.enumerated() {
      try context.checkCancelled()
      let target = targets[number]
      let share = Double(done) / Double(bytes)...Double(done + object.size) / Double(bytes)
      done += object.size
      try FileManager.default.createDirectory(
        at: URL(fileURLWithPath: target).deletingLastPathComponent(), withIntermediateDirectories: true)
      try S3Client(session, context: PartContext(of: context, share)).download(
        S3Location(bucket: found.bucket, key: object.key), to: target,
        note: "\((number + 1).grouped) of \(objects.count.grouped): \(object.key)")
    }
    return .downloaded(CloudAmount(objects: objects.count, bytes: done), path: path)
  }

  private func upload(_ path: String, to place: CloudPlace, _ replaces: Bool) throws -> CloudAnswer {
    guard case .objects(let bucket, let prefix) = place else {
      throw CloudError(
        .usage, location: place.address, what: "this is no place for objects", advice: "Choose a bucket.")
    }
    let name = URL(fileURLWithPath: path).lastPathComponent
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw CloudError(.other, location: path, what: "there is no such file", advice: "Check the path.")
    }
    var files = [(path: path, key: prefix + name)]
    if isFolder.boolValue {
      files = (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).sorted()
        .map { (path + "/" + $0, prefix + name + "/" + $0) }
        .filter { FileManager.default.isRegularFile($0.0) }
    }
    var amount = CloudAmount()
    for file in files {
      try context.checkCancelled()
      let target = S3Location(bucket: bucket, key: file.key)
      if !replaces, try store.look(target) != nil {
        throw CloudError(
          .conflict, location: target.description, what: "there is such an object already",
          advice: amount.objects > 0 ? "\(amount.objects.grouped) of \(files.count.grouped) files are there now." : nil)
      }
      amount.bytes += try store.upload(file.path, to: target)
      amount.objects += 1
    }
    return .uploaded(amount)
  }
}

extension CloudEntry {
  /// A table, with what reads it: nothing where its files are elsewhere or in a format that assay does not read.
  fileprivate init(_ table: GlueTable, in database: String) {
    let place = CloudPlace.table(database: database, name: table.Name)
    let isView = table.TableType == "VIRTUAL_VIEW"
    let isReadable =
      !isView && table.format != .other && S3Location.isMeant(by: table.StorageDescriptor?.Location ?? "")
    let columns = (table.StorageDescriptor?.Columns ?? []).count + (table.PartitionKeys ?? []).count
    self.init(
      .table, table.Name, place: place, source: isReadable ? place.address : nil,
      detail: isView ? "view" : "\(table.format.rawValue)×\(columns)")
  }
}

extension String {
  fileprivate var endingInSlash: String { hasSuffix("/") ? self : self + "/" }
}

extension FileManager {
  fileprivate func isRegularFile(_ path: String) -> Bool {
    (try? attributesOfItem(atPath: path))?[.type] as? FileAttributeType == .typeRegular
  }
}
