import ArgumentParser
import Cloud
import Foundation
import Jobs

/// `assay s3 rm`.
struct ObjectDeleteCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Delete an object, or all below a prefix after asking.",
    discussion: """
      One key is deleted at once. Several objects, below a prefix or by a pattern, are counted first, and you are asked; \
      --yes answers beforehand.
      """)

  @Argument(help: "What: s3://bucket/key, s3://bucket/prefix/, or a pattern.")
  var location: String

  @OptionGroup var objects: ObjectOptions

  @Flag(name: .shortAndLong, help: "Delete without asking.")
  var yes = false

  @Flag(help: "List the calls that would change something, and make none of them.")
  var dryRun = false

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var cloud: CloudOptions

  var obeysSettings: Bool { false }

  func run(_ headless: Headless) throws {
    let planned = dryRun ? PlannedCalls() : nil
    let client = S3Client(cloud.session(headless), context: headless.context, planned: planned)
    let place = try S3Location(location)
    let found = try client.objects(place, objects.selection)
    let bytes = found.reduce(0) { $0 + $1.size }
    let isOne = found.count == 1 && found[0].key == place.key
    if !isOne, !dryRun, !yes, !found.isEmpty {
      let question = "delete \(counted(found.count, "object")) (\(sizeText(bytes))) at \(place)"
      guard headless.console.inputIsTerminal else {
        throw UsageError("This would \(question): nobody is there to ask. Add --yes, or look first with --dry-run.")
      }
      let asked = "\(question.prefix(1).uppercased() + question.dropFirst())? [y/N] "
      guard try headless.console.ask(asked, headless.context) else {
        headless.console.tell("nothing was deleted")
        return
      }
    }
    try client.delete(found.map(\.key), in: place.bucket)
    if json {
      return try headless.writeJSON(Deleted(deleted: dryRun ? 0 : found.count, bytes: bytes, calls: planned?.all))
    }
    let report = ObjectCopyCommand.Report(copied: found.count, bytes: bytes)
    try headless.tell(report, planned, json: false, verb: "deleted")
  }

  private struct Deleted: Encodable {
    let deleted: Int
    /// Of the objects that are meant.
    let bytes: Int
    let calls: [String]?
  }
}

extension Console {
  var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }

  /// True for an answer that begins with y. A cancel ends the wait, which reading a line would not.
  /// - Throws: `JobCancelled`.
  func ask(_ question: String, _ context: any JobContext) throws -> Bool {
    draw(question)
    var answer: [UInt8] = []
    while true {
      do {
        try context.checkCancelled()
      } catch {
        draw("\n")
        throw error
      }
      var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      guard poll(&input, 1, 50) > 0 else { continue }
      var byte: UInt8 = 0
      let count = read(STDIN_FILENO, &byte, 1)
      if count < 0, errno == EINTR { continue }
      guard count == 1, byte != UInt8(ascii: "\n") else { break }
      answer.append(byte)
    }
    let text = String(decoding: answer, as: UTF8.self).trimmingCharacters(in: .whitespaces)
    return text.lowercased().hasPrefix("y")
  }
}
