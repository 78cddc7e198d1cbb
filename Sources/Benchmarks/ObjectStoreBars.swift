// What a profile of a Parquet file on an object store takes beside DuckDB's own shell on the same address.

import Foundation
import Frame
import ProgramDriver

extension Settings {
  /// The generated table as Parquet in a bucket of SeaweedFS, which bootstrap --with-tests fetches. ASSAY_DUCKDB_SHELL names
  /// DuckDB's shell of the same version (`pip install duckdb-cli==1.5.5`).
  func objectStoreBars() throws -> [Bar] {
    let rows = self.rows.max() ?? 5_000_000
    var bar = Bar(
      name: "profile_\(rows)_rows_on_s3", target: "at most 1.3 times the CPU of DuckDB's shell on the same address")
    guard LocalServer.areInstalled else {
      bar.notes.append(LocalServer.missing)
      return [bar]
    }
    let store = try LocalServer.objectStore.get()
    let credentials = [
      "AWS_ACCESS_KEY_ID": LocalServer.key, "AWS_SECRET_ACCESS_KEY": LocalServer.secret, "AWS_REGION": "us-east-1",
      "AWS_ENDPOINT_URL": store.address,
    ]
    let (file, url) = (try parquet(rows: rows), "s3://bench/orders.parquet")
    try upload(file, to: url, credentials)

    let repeats = max(3, min(repeats, 5))
    let local = try measure(assay, ["profile", file, "--json"], repeats: 1)
    bar.measured["local_cpu_seconds"] = local["cpu_seconds"]
    guard let shell = ProcessInfo.processInfo.environment["ASSAY_DUCKDB_SHELL"] else {
      bar.measured.merge(
        try measure(assay, ["profile", url, "--json"], repeats: repeats, environment: credentials)
      ) { $1 }
      bar.notes.append("ASSAY_DUCKDB_SHELL names no shell of DuckDB")
      return [bar]
    }
    let script = """
      LOAD \(SQL.text(try Self.remoteReader())); CREATE SECRET (TYPE s3, KEY_ID '\(LocalServer.key)',
      SECRET '\(LocalServer.secret)', REGION 'us-east-1', ENDPOINT '127.0.0.1:\(store.port)', URL_STYLE path, USE_SSL false);
      SUMMARIZE SELECT * FROM '\(url)';
      """
    // In turn, so that a noisy minute is everybody's.
    var (own, theirs): ([[String: Double]], [[String: Double]]) = ([], [])
    for _ in 0..<repeats {
      own.append(try measure(assay, ["profile", url, "--json"], repeats: 1, environment: credentials))
      theirs.append(try measure(shell, ["-unsigned", "-c", script], repeats: 1))
    }
    func median(_ runs: [[String: Double]]) -> [String: Double] {
      var all: [String: Double] = [:]
      for name in runs.first?.keys ?? [:].keys { all[name] = runs.compactMap { $0[name] }.median }
      return all
    }
    bar.measured.merge(median(own)) { $1 }
    bar.peers["duckdb shell, SUMMARIZE"] = median(theirs)
    if let own = bar.measured["cpu_seconds"], let theirs = median(theirs)["cpu_seconds"] {
      bar.measured["ratio"] = own / theirs
      bar.isMet = own <= 1.3 * theirs
    }
    return [bar]
  }

  private func parquet(rows: Int) throws -> String {
    let file = folder.appendingPathComponent("orders-\(rows).parquet").path
    if !FileManager.default.fileExists(atPath: file) {
      let source = try table(rows: rows)
      try Database().execute("COPY (SELECT * FROM read_csv(\(SQL.text(source)))) TO \(SQL.text(file))")
    }
    return file
  }

  private func upload(_ file: String, to url: String, _ environment: [String: String]) throws {
    let run = try Program.run(assay, ["s3", "cp", file, url], environment: environment, timeout: .seconds(300))
    guard run.status.isSuccess else { throw ProgramError("s3 cp: \(run.errorText.suffix(400))") }
  }

  /// The part of DuckDB that reads over the network, as bootstrap has put it beside the library.
  private static func remoteReader() throws -> String {
    let native = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent(".native/duckdb_extension_httpfs/extensions")
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: native.path)) ?? []
    guard let version = versions.first else { throw ProgramError("no httpfs in \(native.path): run bootstrap") }
    return native.appendingPathComponent("\(version)/httpfs.duckdb_extension").path
  }
}
