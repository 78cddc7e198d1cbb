import ArgumentParser
import Cloud
import Foundation

/// `assay s3`.
struct ObjectStoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "s3", abstract: "List, copy, delete and write objects on S3.",
    discussion: """
      A location is s3://bucket/key for one object, with a slash at the end for all below it, or with *, ? or [a-z] for \
      all that fit. Every subcommand reads such a location too: assay profile s3://lake/sales/. Credentials, regions and \
      endpoints come from where the AWS tools have them (AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL_S3, ~/.aws).
      """,
    subcommands: [
      ObjectListCommand.self, ObjectCopyCommand.self, ObjectDeleteCommand.self, DatasetWriteCommand.self,
    ])
}

/// An object as JSON shows it.
struct ObjectLine: Encodable {
  let key: String
  let size: Int
  let modified: Date?
  let storageClass: String?

  init(_ object: S3Object) {
    (key, size) = (object.key, object.size)
    (modified, storageClass) = (object.modified, object.storageClass)
  }
}

/// `assay s3 ls`.
struct ObjectListCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls", abstract: "List buckets, or what is below a location.",
    discussion: """
      assay s3 ls                                  the buckets
      assay s3 ls s3://lake/sales/                 the objects and folders there
      assay s3 ls 's3://lake/sales/*.csv'          all that fit, however deep
      """)

  @Argument(help: "Where; without it the buckets are listed.")
  var location: String?

  @Flag(name: .shortAndLong, help: "All objects below, however deep.")
  var recursive = false

  @OptionGroup var objects: ObjectOptions

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var cloud: CloudOptions

  private struct Bucket: Encodable {
    let name: String
    let created: Date?
  }
  private struct Listing: Encodable {
    let bucket: String
    let prefixes: [String]
    let objects: [ObjectLine]
  }

  var obeysSettings: Bool { false }

  func run(_ headless: Headless) throws {
    let client = S3Client(cloud.session(headless), context: headless.context)
    guard let location else { return try listBuckets(client, headless) }
    let place = try S3Location(location)
    let selection = objects.selection
    var (prefixes, found, all): ([String], [S3Object], Int) = ([], [], 0)
    if place.isPrefix && !recursive {
      try client.eachPage(place.bucket, prefix: place.key, delimiter: "/") { page in
        prefixes += page.prefixes
        let objects = page.objects.filter { $0.key != place.key }
        all += objects.count
        found += objects.filter { selection.takes($0) }
      }
    } else {
      let objects = try client.objects(place)
      all = objects.count
      found = objects.filter { selection.takes($0) }
    }
    if json {
      return try headless.writeJSON(
        Listing(bucket: place.bucket, prefixes: prefixes, objects: found.map(ObjectLine.init)))
    }
    if prefixes.isEmpty && found.isEmpty {
      let what = "none of \(counted(all, "object")) at \(place) fits --suffix, --changed-from and --changed-until"
      headless.console.tell(all > 0 ? what : "nothing is below \(place)")
      return
    }
    var table = TextTable([
      .init(title: "changed (UTC)"), .init(title: "size", alignment: .right), .init(title: "key", limit: 1024),
    ])
    for prefix in prefixes { table.add(["", "folder", oneLine(prefix)]) }
    for object in found {
      table.add([object.modified.map(CivilDate.text) ?? "–", sizeText(object.size), oneLine(object.key)])
    }
    try headless.console.write(table.lines(width: nil).lines.joined(separator: "\n") + "\n")
    let total = found.reduce(0) { $0 + $1.size }
    let folders = prefixes.isEmpty ? "" : ", \(counted(prefixes.count, "folder"))"
    headless.console.tell("\(counted(found.count, "object"))\(folders), \(sizeText(total))")
  }

  private func listBuckets(_ client: S3Client, _ headless: Headless) throws {
    let buckets = try client.buckets()
    if json { return try headless.writeJSON(buckets.map { Bucket(name: $0.name, created: $0.created) }) }
    var table = TextTable([.init(title: "created (UTC)"), .init(title: "bucket", limit: 80)])
    for bucket in buckets { table.add([bucket.created.map(CivilDate.text) ?? "–", bucket.name]) }
    try headless.console.write(table.lines(width: nil).lines.joined(separator: "\n") + "\n")
  }
}
