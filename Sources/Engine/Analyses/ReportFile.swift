import Foundation
import Plot

/// What can be wrong with the file of a report.
public enum ReportFileError: Error, Equatable, Sendable, CustomStringConvertible {
  case unknownEnding(String)
  case notWritten(String, String)

  public var description: String {
    switch self {
    case .unknownEnding(let path):
      "\(path): the ending says how a report is written: .md, .json or .txt; .svg, .png or .pdf for its charts."
    case .notWritten(let path, let why): "\(path): could not be written (\(why))."
    }
  }
}

/// A result that is told in words and charts.
public protocol WrittenReport: Encodable {
  /// The report as lines of plain text.
  var lines: [String] { get }
  var markdown: String { get }
  var charts: [(title: String, chart: Chart)] { get }
}

extension InsightResult: WrittenReport {}
extension BiasResult: WrittenReport {}

extension WrittenReport {
  /// Writes the report, or its charts, as the ending says. Of several charts the second stands in `name-2.svg`.
  /// - Returns: the paths that were written.
  /// - Throws: `ReportFileError`, or `ChartFileError` of a picture.
  @discardableResult
  public func write(to path: String, title: String, options: ChartFileOptions = ChartFileOptions()) throws -> [String] {
    let url = URL(fileURLWithPath: path)
    switch url.pathExtension.lowercased() {
    case "md", "markdown": try writeText("# \(title)\n\n" + markdown, to: url)
    case "txt": try writeText(([title, ""] + lines).joined(separator: "\n") + "\n", to: url)
    case "json":
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
      try writeText(String(decoding: try encoder.encode(self), as: UTF8.self) + "\n", to: url)
    case "svg", "png", "pdf":
      var paths: [String] = []
      for (index, picture) in charts.enumerated() {
        let stem = url.deletingPathExtension().path + (index == 0 ? "" : "-\(index + 1)")
        let file = stem + "." + url.pathExtension
        try picture.chart.write(to: file, options: options)
        paths.append(file)
      }
      return paths
    default: throw ReportFileError.unknownEnding(path)
    }
    return [path]
  }

  private func writeText(_ text: String, to url: URL) throws {
    do {
      try Data(text.utf8).write(to: url, options: .atomic)
    } catch {
      throw ReportFileError.notWritten(url.path, error.localizedDescription)
    }
  }
}
