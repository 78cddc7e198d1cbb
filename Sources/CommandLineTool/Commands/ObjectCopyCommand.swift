import ArgumentParser
import Cloud
import Foundation

/// `assay s3 cp`.
struct ObjectCopyCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "cp", abstract: "Copy files to S3, objects to files, or objects to objects.",
    discussion: """
      assay s3 cp sales.csv s3://lake/raw/                     up, under its own name
      assay s3 cp s3://lake/raw/sales.csv sales.csv            down
      assay s3 cp s3://lake/raw/ folder/                       all below the prefix, into a folder
      assay s3 cp s3://lake/raw/a.csv s3://lake/old/a.csv      within S3, without a detour
      """)

  @Argument(help: "A file, or a location on S3.")
  var source: String

  @Argument(help: "Where to: a file, a folder, or a location on S3.")
  var target: String

  @OptionGroup var objects: ObjectOptions

  @Flag(help: "List the calls that would change something, and make none of them.")
  var dryRun = false

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var cloud: CloudOptions

  struct Report: Encodable {
    var copied: Int
    var bytes: Int
    var calls: [String]?
  }

  var obeysSettings: Bool { false }

  func run(_ headless: Headless) throws {
    let planned = dryRun ? PlannedCalls() : nil
    let client = S3Client(cloud.session(headless), context: headless.context, planned: planned)
    let report: Report
    switch (S3Location.isMeant(by: source), S3Location.isMeant(by: target)) {
    case (false, true): report = try up(client)
    case (true, false): report = try down(client)
    case (true, true): report = try across(client)
    case (false, false): throw UsageError("Neither \(source) nor \(target) is on S3: one must be s3://bucket/key.")
    }
    try headless.tell(report, planned, json: json, verb: "copied")
  }

  private func up(_ client: S3Client) throws -> Report {
    var place = try S3Location(target)
    if place.isPattern { throw UsageError("\(target): a target has no pattern.") }
    if place.isPrefix { place.key += URL(fileURLWithPath: source).lastPathComponent }
    return Report(copied: 1, bytes: try client.upload(source, to: place))
  }

  private func down(_ client: S3Client) throws -> Report {
    let place = try S3Location(source)
    let found = try client.objects(place, objects.selection).filter { !$0.key.hasSuffix("/") }
    let isOne = found.count == 1 && found[0].key == place.key
    if found.isEmpty { throw UsageError("\(source): no object is chosen by the options.") }
    for object in found {
      let path = try isOne ? fileTarget(object) : target + "/" + Self.relative(object.key, to: place)
      if dryRun { continue }
      try FileManager.default.createDirectory(
        at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
      try client.download(object.location, to: path)
    }
    return Report(copied: found.count, bytes: found.reduce(0) { $0 + $1.size })
  }

  private func fileTarget(_ object: S3Object) throws -> String {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: target, isDirectory: &isFolder)
    guard target.hasSuffix("/") || exists && isFolder.boolValue else { return target }
    return target + "/" + object.location.name
  }

  /// A key below a prefix as a path. Steps upwards would lead out of the folder.
  private static func relative(_ key: String, to place: S3Location) throws -> String {
    let prefix = place.isPattern ? KeyPattern(place.key).literalPrefix : place.key
    let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    let base = place.isPrefix ? place.key : place.isPattern ? folder : place.key + "/"
    return try S3Location(bucket: place.bucket, key: key).path(below: base)
  }

  private func across(_ client: S3Client) throws -> Report {
    let (from, to) = (try S3Location(source), try S3Location(target))
    if to.isPattern { throw UsageError("\(target): a target has no pattern.") }
    let found = try client.objects(from, objects.selection)
    let isOne = found.count == 1 && found[0].key == from.key
    for object in found {
      var place = to
      if isOne {
        if to.isPrefix { place.key += object.location.name }
      } else {
        place.key += (to.isPrefix ? "" : "/") + (try Self.relative(object.key, to: from))
      }
      try client.copy(object.location, to: place)
    }
    return Report(copied: found.count, bytes: found.reduce(0) { $0 + $1.size })
  }
}

extension Headless {
  /// Tells what was done, or what would be.
  func tell(_ report: ObjectCopyCommand.Report, _ planned: PlannedCalls?, json: Bool, verb: String) throws {
    var report = report
    if let planned { (report.copied, report.calls) = (0, planned.all) }
    if json { return try writeJSON(report) }
    if let planned {
      for call in planned.all { try console.write(call + "\n") }
      console.tell("dry run: \(counted(planned.all.count, "call")) would change something, none was made")
      return
    }
    console.tell("\(verb) \(counted(report.copied, "object")), \(sizeText(report.bytes))")
  }
}
