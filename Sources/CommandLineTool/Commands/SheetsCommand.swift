import ArgumentParser
import Engine
import Frame

/// `assay sheets`.
struct SheetsCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "sheets", abstract: "The sheets of an Excel workbook.",
    discussion: """
      Any of them is a source: assay query book.xlsx --sheet Sales --range B3:F200 'SELECT * FROM data'.
      """)

  @Argument(help: "A workbook (.xlsx, .xlsm); - is standard input, s3://bucket/key is on S3.")
  var source: String

  @Flag(help: "Print JSON.")
  var json = false

  func run(_ headless: Headless) throws {
    let output = try headless.engine(.none).run(.sheets(Source(location: source)), context: headless.context)
    guard case .sheets(let names) = output else { return }
    if json { return try headless.writeJSON(names) }
    for name in names { try headless.console.write(oneLine(name) + "\n") }
  }
}
