import ArgumentParser
import Cloud
import Foundation

/// `assay s3 cp`.
struct ObjectCopyCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "cp", abstract: "Copy files to S3, objects to files, or objects to objects.",
    discussion: """
      assay s3 cp sales.csv s3://lake/raw/                     up, under its own name
      assay s3 cp folder s3://lake/raw/                        all in a folder, below raw/folder/
      assay s3 cp s3://lake/raw/sales.csv sales.csv            down
      assay s3 cp s3://lake/raw/ folder/                       all below the prefix, into a folder
      assay s3 cp s3://lake/raw/a.csv s3://lake/old/a.csv      within S3, without a detour
      assay s3 cp s3://lake/raw/a.csv -                        to standard output; - s3://lake/a.csv takes standard input
      """)

  @Argument(help: "A file, a folder, - for standard input, or a location on S3.")
  var source: String

  @Argument(help: "Where to: a file, a folder, - for standard output, or a location on S3.")
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
    case (false, true): report = try up(client, headless)
    case (true, false):
      if target == "-" { return try toOutput(client, headless) }
      report = try down(client)
    case (true, true): report = try across(client)
    case (false, false): throw UsageError("Neither \(source) nor \(target) is on S3: one must be s3://bucket/key.")
    }
    try headless.tell(report, planned, json: json, verb: "copied")
  }

  private func up(_ client: S3Client, _ headless: Headless) throws -> Report {
    var place = try S3Location(target)
    if place.isPattern { throw UsageError("\(target): a target has no pattern.") }
    if source == "-" { return try fromInput(client, to: place) }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: source, isDirectory: &isFolder), isFolder.boolValue {
      return try upFolder(client, to: place, headless)
    }
    if place.isPrefix { place.key += URL(fileURLWithPath: source).lastPathComponent }
    return Report(copied: 1, bytes: try client.upload(source, to: place))
  }

  /// All files in a folder: below a prefix under its name, else in place of the key.
  private func upFolder(_ client: S3Client, to place: S3Location, _ headless: Headless) throws -> Report {
    let folder = URL(fileURLWithPath: source).standardizedFileURL
    let base = place.isPrefix ? place.key + folder.lastPathComponent : place.key
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted().filter { name in
      let kind = try? FileManager.default.attributesOfItem(atPath: folder.path + "/" + name)[.type]
      return kind as? FileAttributeType == .typeRegular
    }
    if names.isEmpty { throw UsageError("\(source): no file is in this folder.") }
    var report = Report(copied: 0, bytes: 0)
    for name in names {
      try headless.context.checkCancelled()
      let target = S3Location(bucket: place.bucket, key: base + "/" + name)
      report.bytes += try client.upload(folder.path + "/" + name, to: target)
      report.copied += 1
    }
    return report
  }

  /// What comes on standard input, kept in a file until its end is there: S3 wants to know the size first.
  private func fromInput(_ client: S3Client, to place: S3Location) throws -> Report {
    if place.isPrefix { throw UsageError("\(target): standard input has no name. Add one: s3://bucket/key.") }
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID().uuidString)")
    guard FileManager.default.createFile(atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600])
    else { throw OutputError(location: file.path, code: errno) }
    defer { try? FileManager.default.removeItem(at: file) }
    let writer = try FileHandle(forWritingTo: file)
    while let data = try FileHandle.standardInput.read(upToCount: 1 << 20), !data.isEmpty {
      try writer.write(contentsOf: data)
    }
    try writer.close()
    return Report(copied: 1, bytes: try client.upload(file.path, to: place))
  }

  private func toOutput(_ client: S3Client, _ headless: Headless) throws {
    if json { throw UsageError("--json and - would both go to standard output: leave one away.") }
    let place = try S3Location(source)
    guard !place.isPrefix, !place.isPattern, let object = try client.look(place) else {
      throw UsageError("\(source): one object goes to standard output, and this names none.")
    }
    if dryRun { return }
    try client.read(object, note: "reading \(place.name)") { try headless.console.write(Array($0)) }
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
