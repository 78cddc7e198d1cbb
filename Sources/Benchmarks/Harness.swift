// What every bar is measured and reported with.

import Foundation
import ProgramDriver

/// One bar: what was asked for, what was measured, and what others take for the same.
struct Bar: Encodable {
  let name: String
  /// The figures that the bar demands, in words.
  let target: String
  /// Figures by name; a name ends in its unit.
  var measured: [String: Double] = [:]
  /// The same figures of other programs, by program.
  var peers: [String: [String: Double]] = [:]
  var isMet: Bool?
  /// Why something could not be measured.
  var notes: [String] = []

  private enum CodingKeys: String, CodingKey {
    case name, target, measured, peers
    case isMet = "met"
    case notes
  }
}

extension [Double] {
  /// The value that a fraction of the others are below: linear between neighbours (type 7 of Hyndman and Fan, 1996).
  func quantile(_ fraction: Double) -> Double {
    guard let last = indices.last else { return .nan }
    let sorted = self.sorted()
    let position = fraction * Double(last)
    let low = Int(position)
    return sorted[low] + (sorted[Swift.min(low + 1, last)] - sorted[low]) * (position - Double(low))
  }

  var median: Double { quantile(0.5) }
}

/// Where things are, and how long to measure.
struct Settings {
  /// The release binary.
  var assay: String
  /// Holds the generated tables; they are made once.
  var folder: URL
  var repeats = 5
  var scrollSeconds = 60.0
  /// How long a server is under load.
  var soakSeconds = 120.0
  /// The checkout's sample data.
  var samples: String
  /// The whole census of 39,073 rows, where there is one.
  var census: String?
  /// A folder of tables that are split into train.csv and test.csv, where there is one.
  var tabular: String?
  /// Python with polars, pandas and VisiData, where there is one.
  var python: String?
  /// Rows of the table that smclarify reads too; the larger one has ten times as many.
  var biasRows = 1_000_000
  /// Rows that one process and two workers learn from.
  var workerRows = 1_000_000
  /// Rows that the workers of Spark make and count.
  var clusterRows = 50_000_000
  /// Rows of the smaller and the larger generated table.
  var rows = [1_000_000, 5_000_000]

  /// VisiData beside that Python.
  var visidata: String? {
    let path = python.map { URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("vd").path }
    return path.flatMap { FileManager.default.isExecutableFile(atPath: $0) ? $0 : nil }
  }

  /// The path of the generated table of `rows` rows, written first where it is missing.
  func table(rows: Int) throws -> String {
    let path = folder.appendingPathComponent("orders-\(rows).csv").path
    if FileManager.default.fileExists(atPath: path) { return path }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    log("writing \(path)")
    try GeneratedData.writeCSV(rows: rows, to: path + ".part")
    try FileManager.default.moveItem(atPath: path + ".part", toPath: path)
    return path
  }
}

/// Says what is going on, on stderr: stdout is for the JSON.
func log(_ text: String) {
  FileHandle.standardError.write(Data("benchmarks: \(text)\n".utf8))
}

/// The median wall, CPU and memory of some runs of a program without a terminal.
func measure(
  _ executable: String, _ arguments: [String], repeats: Int, environment: [String: String] = [:],
  timeout: Duration = .seconds(300)
) throws -> [String: Double] {
  var runs: [ProgramResult] = []
  for _ in 0..<repeats {
    let run = try Program.run(executable, arguments, environment: environment, timeout: timeout)
    guard run.status.isSuccess else { throw ProgramError("\(executable): \(run.errorText.suffix(400))") }
    runs.append(run)
  }
  return [
    "wall_seconds": runs.map(\.wallSeconds).median,
    "cpu_seconds": runs.map(\.use.cpuSeconds).median,
    "peak_megabytes": runs.map { Double($0.use.peakResidentBytes) / 1e6 }.median,
  ]
}
