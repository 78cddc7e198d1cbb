// Measures what assay promises and prints JSON.
//
//   swift run -c release Benchmarks [BAR…] [--repeats N] [--scroll-seconds N] [--soak-seconds N] [--folder DIR] [--census FILE] [--bias-rows N]
//     [--tabular DIR] [--worker-rows N] [--cluster-rows N]
//
// BAR is a word of: screens, last-row, profile, frequency, flow, quality, bias, looks, chart-data, keys, charts, start, load, quick-model,
// scroll, bytes, shap, shap-memory, automl, embed, search, serving, workers, cluster, object-store; none
// means all.
// Needs the release binary of assay beside this one. The generated tables (about 2 GB) stay in --folder, by default in the system's
// temporary folder. ASSAY_PEERS names a Python that has polars, pandas, VisiData, xgboost, shap and fasttreeshap, measured for comparison; for bias one
// that has smclarify 0.5, pandas 2.0.3, numpy 1.24.4 and pyarrow 14.0.2; for embed one that has gensim; for serving one that has fastapi,
// uvicorn, numpy and lightgbm, and wrk along the path. ASSAY_TEXTS names the folder of texts for embed and search. ASSAY_BENCH_SPARK names two clusters
// of Spark for cluster, sc://HOST:PORT of one worker and sc://HOST:PORT of two. ASSAY_DUCKDB_SHELL names DuckDB's shell for object-store.

import Foundation
import ProgramDriver

let bars: [(name: String, measure: (Settings) throws -> [Bar])] = [
  ("start", { [try $0.startBar()] }),
  ("screens", { settings in try settings.rows.map { try settings.firstScreenBar(rows: $0) } }),
  ("last-row", { settings in try settings.rows.map { try settings.lastRowBar(rows: $0) } }),
  ("profile", { settings in try settings.rows.map { try settings.profileBar(rows: $0) } }),
  ("frequency", { settings in try (settings.rows + [10_000_000]).map { try settings.frequencyBar(rows: $0) } }),
  ("quick-model", { [try $0.quickModelBar()] }),
  ("flow", { try $0.flowBars(rows: $0.rows[1]) }),
  ("quality", { [try $0.qualityBar(rows: $0.rows[0])] }),
  ("bias", { try $0.biasBars() }),
  ("looks", { try $0.lookBars(rows: 10_000_000) }),
  ("chart-data", { try $0.chartBars(rows: 10_000_000) }),
  ("keys", { [try $0.keyBar()] }),
  ("charts", { [try $0.chartKeyBar()] }),
  ("load", { settings in [try settings.loadBar(rows: settings.rows[0])] }),
  ("scroll", { [try $0.scrollBar()] }),
  ("bytes", { [try $0.bytesBar()] }),
  ("shap", { try $0.shapBars() }),
  ("shap-memory", { try $0.shapMemoryBars() }),
  ("automl", { try $0.automlBars() }),
  ("embed", { try $0.embedBars() }),
  ("search", { try $0.searchBars() }),
  ("serving", { try $0.servingBars() }),
  ("workers", { try $0.workerBars() }),
  ("cluster", { try $0.clusterBars() }),
  ("object-store", { try $0.objectStoreBars() }),
]

@MainActor func run(_ arguments: [String]) throws {
  if arguments.first == "--duckdb" {
    guard arguments.count == 3, let work = DuckDBPeer(rawValue: arguments[1]) else {
      throw ProgramError("--duckdb wants summarize, count or frequency, and a file")
    }
    return try work.run(on: arguments[2])
  }
  if arguments.first == "--flow-by-hand" {
    guard arguments.count == 3 else { throw ProgramError("--flow-by-hand wants a file and where the rows go") }
    return try TenSteps.byHand(over: arguments[1], to: arguments[2])
  }
  let checkout = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
  var settings = Settings(
    assay: try Program.built("assay"),
    folder: FileManager.default.temporaryDirectory.appendingPathComponent("assay-benchmarks"),
    samples: checkout + "/sample-data", python: ProcessInfo.processInfo.environment["ASSAY_PEERS"])
  var chosen: Set<String> = []
  var rest = arguments[...]
  while let word = rest.popFirst() {
    func value() throws -> String {
      guard let value = rest.popFirst() else { throw ProgramError("\(word) wants a value") }
      return value
    }
    func number() throws -> Double {
      guard let number = Double(try value()), number > 0 else { throw ProgramError("\(word) wants a number") }
      return number
    }
    switch word {
    case "--repeats": settings.repeats = Int(try number())
    case "--scroll-seconds": settings.scrollSeconds = try number()
    case "--soak-seconds": settings.soakSeconds = try number()
    case "--folder": settings.folder = URL(fileURLWithPath: try value())
    case "--census": settings.census = try value()
    case "--bias-rows": settings.biasRows = Int(try number())
    case "--tabular": settings.tabular = try value()
    case "--worker-rows": settings.workerRows = Int(try number())
    case "--cluster-rows": settings.clusterRows = Int(try number())
    case let name where bars.contains { $0.name == name }: chosen.insert(name)
    default: throw ProgramError("no bar or option \(word); there are: \(bars.map(\.name).joined(separator: ", "))")
    }
  }

  var results: [Bar] = []
  for bar in bars where chosen.isEmpty || chosen.contains(bar.name) {
    log(bar.name)
    do {
      results += try bar.measure(settings)
    } catch {
      results.append(Bar(name: bar.name, target: "", notes: ["\(error)"]))
    }
  }
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  print(String(decoding: try encoder.encode(results), as: UTF8.self))
}

do {
  try run(Array(CommandLine.arguments.dropFirst()))
} catch {
  log("\(error)")
  exit(1)
}
