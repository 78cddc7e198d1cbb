// What a served model answers, beside the same model behind FastAPI (where ASSAY_PEERS names a Python that has fastapi, uvicorn
// and lightgbm). The load is wrk's: 64 connections that each ask again as soon as they are answered, one row of CSV at a time.

import Foundation
import ProgramDriver

/// A server in a process of its own.
private final class Served {
  let process = Process()
  let port: Int

  init(_ executable: String, _ arguments: [String], environment: [String: String], port: Int) throws {
    self.port = port
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  /// Waits until it answers.
  func awaitReady() throws {
    for _ in 0..<600 {
      if !process.isRunning { throw ProgramError("the server has ended with \(process.terminationStatus)") }
      if (try? HTTPClient(port: port).ask("GET", "/ping", type: nil).status) == 200 { return }
      usleep(100_000)
    }
    throw ProgramError("the server does not answer")
  }

  func stop() {
    process.terminate()
    process.waitUntilExit()
  }

  /// The process and those that it has started.
  private var family: [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    let own = process.processIdentifier
    let children = names.compactMap { Int32($0) }.filter { id in
      Self.fields(id).map { $0.count > 1 && Int32($0[1]) == own } ?? false
    }
    return [own] + children
  }

  /// The fields of /proc/ID/stat after the name: the state, the parent, ….
  private static func fields(_ id: Int32) -> [Substring]? {
    guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
      let end = text.lastIndex(of: ")")
    else { return nil }
    return text[text.index(after: end)...].split(separator: " ")
  }

  /// CPU seconds so far.
  var cpuSeconds: Double {
    let ticks = family.compactMap { Self.fields($0) }.reduce(0.0) { sum, fields in
      sum + (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)
    }
    return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  var residentMegabytes: Double {
    let pages = family.compactMap { Self.fields($0) }.reduce(0.0) { $0 + (Double($1[21]) ?? 0) }
    return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1e6
  }
}

extension Settings {
  private static let script = """
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "text/csv"
    local file = io.open(os.getenv("ROW"))
    wrk.body = file:read("a")
    """ + figures

  /// What wrk prints in the end.
  private static let figures = """

    done = function(summary, latency)
      local errors = summary.errors
      io.write(string.format("\\nfigures %d %d %f %f %d\\n", summary.requests, summary.duration,
        latency:percentile(50), latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
    end
    """

  /// The peer: the boosters of the folds, and what the recipe does, in Python.
  private static let peer = """
    import csv, io, json, math, os
    import lightgbm, numpy
    from fastapi import FastAPI, Request, Response

    folder = os.environ["MODEL"]
    manifest = json.load(open(folder + "/manifest.json"))
    columns = manifest["schema"]["columns"]
    levels = [{name: code for code, name in enumerate(column["content"]["levels"]["_0"])}
              if "levels" in column["content"] else None for column in columns]
    experts = []
    for member in manifest["members"]:
        for fold in member["folds"]:
            recipe = json.load(open(folder + "/" + fold["recipe"]["path"]))
            maps = [column["codes"]["_0"] if "codes" in column else None for column in recipe["columns"]]
            booster = lightgbm.Booster(model_file=folder + "/" + fold["files"][0]["path"])
            experts.append((member["weight"] / len(member["folds"]), maps, booster))
    app = FastAPI()

    @app.get("/ping")
    def ping(): return Response()

    @app.post("/invocations")
    async def invocations(request: Request):
        rows = list(csv.reader(io.StringIO((await request.body()).decode())))
        total = numpy.zeros(len(rows))
        for weight, maps, booster in experts:
            x = numpy.full((len(rows), len(columns)), math.nan)
            for r, row in enumerate(rows):
                for c, cell in enumerate(row):
                    if cell == "": continue
                    if levels[c] is None: x[r, c] = float(cell)
                    else:
                        code = maps[c][levels[c].get(cell, len(levels[c]))]
                        if code >= 0: x[r, c] = code
            total += weight * booster.predict(x, num_threads=1)
        power = 1 / manifest["temperature"]
        total = total ** power / (total ** power + (1 - total) ** power)
        names = [manifest["classes"][int(p >= manifest["threshold"])] for p in total]
        return Response("\\n".join(names) + "\\n", media_type="text/csv")
    """

  func servingBars() throws -> [Bar] {
    let folder = self.folder.appendingPathComponent("serving").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let model = folder + "/model"
    if !FileManager.default.fileExists(atPath: model + "/manifest.json") {
      // The first candidate is LightGBM on codes: what the peer can do too.
      _ = try measure(
        assay,
        [
          "automl", samples + "/census.csv", "--target", "income", "--metric", "auc", "--preset", "quick",
          "--max-candidates", "1", "-o", model,
        ], repeats: 1)
    }
    let row = try Self.row(model, source: samples + "/census.csv", assay: assay, folder: folder)
    try Data(Self.script.utf8).write(to: URL(fileURLWithPath: folder + "/ask.lua"))
    try Data(Self.figures.utf8).write(to: URL(fileURLWithPath: folder + "/ping.lua"))
    try Data(row.utf8).write(to: URL(fileURLWithPath: folder + "/row.csv"))
    try Data(Self.peer.utf8).write(to: URL(fileURLWithPath: folder + "/peer.py"))

    var bar = Bar(name: "serving_1_row_64_connections", target: "p99 below 5 ms, 20 times the throughput of FastAPI")
    let served = try Served(
      assay, ["serve", model, "--port", "18471", "--log", "none"], environment: [:], port: 18_471)
    defer { served.stop() }
    try served.awaitReady()
    bar.measured = try load(served, folder, seconds: 10)
    // No model runs for a ping: its slowest are those of the machine.
    let pings = try load(served, folder, path: "ping", seconds: 10)
    bar.measured["p99_of_pings_milliseconds"] = pings["p99_milliseconds"]
    if let python {
      do {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let peer = try Served(
          python,
          [
            "-m", "uvicorn", "peer:app", "--app-dir", folder, "--port", "18472", "--workers", "\(cores)", "--log-level",
            "error",
          ],
          environment: ["MODEL": model], port: 18_472)
        defer { peer.stop() }
        try peer.awaitReady()
        bar.peers["FastAPI, a worker a core"] = try load(peer, folder, seconds: 10)
      } catch {
        bar.notes.append("\(error)")
      }
    }
    if let peer = bar.peers.values.first {
      bar.measured["times_the_peer"] = ratio(bar.measured, peer, "requests_per_second")
      // What holds where other work takes a part of the processors.
      bar.measured["times_less_cpu_than_the_peer"] = ratio(peer, bar.measured, "cpu_microseconds_per_request")
    }
    let isFast = bar.measured["p99_milliseconds"].map { $0 < 5 }
    bar.isMet = isFast.map { $0 && (bar.measured["times_the_peer"] ?? 20) >= 20 }
    return [bar, try soakBar(served, folder), try ensembleBar(folder)]
  }

  private func ratio(_ one: [String: Double], _ other: [String: Double], _ figure: String) -> Double? {
    one[figure].flatMap { value in other[figure].map { value / $0 } }
  }

  private func soakBar(_ served: Served, _ folder: String) throws -> Bar {
    var soak = Bar(name: "serving_soak", target: "no growth of memory over \(Int(soakSeconds)) s under full load")
    _ = try load(served, folder, seconds: 5)
    let before = served.residentMegabytes
    soak.measured = try load(served, folder, seconds: soakSeconds)
    let after = served.residentMegabytes
    soak.measured["megabytes_before"] = before
    soak.measured["megabytes_after"] = after
    soak.measured["growth_megabytes"] = after - before
    soak.isMet = after < before * 1.03 + 2
    return soak
  }

  /// A large ensemble: what a run of 20 s ends with.
  private func ensembleBar(_ folder: String) throws -> Bar {
    let model = folder + "/ensemble"
    if !FileManager.default.fileExists(atPath: model + "/manifest.json") {
      _ = try measure(
        assay,
        [
          "automl", samples + "/census.csv", "--target", "income", "--metric", "auc", "--time-limit", "20", "-o", model,
        ],
        repeats: 1)
    }
    var bar = Bar(name: "serving_ensemble_64_connections", target: "the ensemble of a run of 20 s, one row a request")
    let served = try Served(
      assay, ["serve", model, "--port", "18473", "--log", "none"], environment: [:], port: 18_473)
    defer { served.stop() }
    try served.awaitReady()
    bar.measured = try load(served, folder, seconds: 10)
    return bar
  }

  private func load(
    _ served: Served, _ folder: String, path: String = "invocations", seconds: Double
  ) throws -> [String: Double] {
    let cpu = served.cpuSeconds
    let run = try Program.run(
      "wrk",
      [
        "-t1", "-c64", "-d\(Int(seconds))s", "-s", folder + (path == "ping" ? "/ping.lua" : "/ask.lua"),
        "http://127.0.0.1:\(served.port)/\(path)",
      ],
      environment: ["ROW": folder + "/row.csv"], timeout: .seconds(seconds + 60))
    guard let line = run.text.split(separator: "\n").last(where: { $0.hasPrefix("figures ") }) else {
      throw ProgramError("wrk: \(run.errorText) \(run.text)")
    }
    let figures = line.split(separator: " ").dropFirst().compactMap { Double($0) }
    return [
      "requests_per_second": figures[0] / (figures[1] / 1e6), "p50_milliseconds": figures[2] / 1000,
      "p99_milliseconds": figures[3] / 1000, "errors": figures[4],
      "cpu_microseconds_per_request": (served.cpuSeconds - cpu) / figures[0] * 1e6,
    ]
  }

  /// A row of the source as the model wants it without a header.
  private static func row(_ model: String, source: String, assay: String, folder: String) throws -> String {
    let shown = try Program.run(assay, ["model", "show", model, "--json"])
    let card = try JSONSerialization.jsonObject(with: shown.output) as? [String: Any] ?? [:]
    let names = (card["features"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
    let columns = names.map { "\"" + $0.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }.joined(separator: ", ")
    let rows = try Program.run(assay, ["query", source, "SELECT \(columns) FROM data LIMIT 1"])
    guard rows.status.isSuccess else { throw ProgramError(rows.errorText) }
    return rows.text.split(separator: "\n").dropFirst().map { $0 + "\n" }.joined()
  }
}
