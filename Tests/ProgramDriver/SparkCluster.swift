// A standalone cluster of the real Spark for tests: a master, two workers of one core each, and a Connect server, each a process
// of its own on loopback.

import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

public final class SparkCluster: Sendable {
  /// Where Connect listens.
  public let port: Int
  private let workerPorts: [Int]

  /// What `pip install pyspark` brings: Spark itself. Below the test servers.
  private static let home: String? = {
    guard let programs = LocalServer.programs else { return nil }
    let folder = URL(fileURLWithPath: programs).deletingLastPathComponent().appendingPathComponent("lib").path
    let places = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return places.map { "\(folder)/\($0)/site-packages/pyspark" }
      .first { FileManager.default.isExecutableFile(atPath: $0 + "/bin/spark-class") }
  }()

  private static let hasJava = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: $0 + "/java") }

  public static var isInstalled: Bool { home != nil && hasJava }

  /// Why a test that needs it is skipped.
  public static var missing: String {
    "no \(home == nil ? "pyspark" : "java") here: run Sources/Native/bootstrap --with-spark"
  }

  /// The cluster, started once. It is ready when Connect takes a connection.
  public static let shared = Result { try SparkCluster() }

  private init() throws {
    guard let home = Self.home else { throw ProgramError(Self.missing) }
    let folder = try TemporaryFolder()
    let ports = try LocalServer.freePorts(7)
    let master = "spark://127.0.0.1:\(ports[0])"
    port = ports[6]
    workerPorts = [ports[2], ports[4]]
    let environment = [
      "SPARK_HOME=\(home)", "SPARK_LOCAL_IP=127.0.0.1", "SPARK_NO_DAEMONIZE=1", "SPARK_LOCAL_DIRS=\(folder.url.path)",
    ]
    func start(_ program: String, _ arguments: [String], memory: String? = nil) throws {
      let given = environment + (memory.map { ["SPARK_DAEMON_MEMORY=\($0)"] } ?? [])
      try LocalServer.start("/usr/bin/env", given + ["\(home)/bin/\(program)"] + arguments, folder)
    }
    let deploy = "org.apache.spark.deploy"
    try start(
      "spark-class",
      ["\(deploy).master.Master", "--host", "127.0.0.1", "--port", "\(ports[0])", "--webui-port", "\(ports[1])"],
      memory: "256m")
    for place in [2, 4] {
      try start(
        "spark-class",
        [
          "\(deploy).worker.Worker", "--host", "127.0.0.1", "--port", "\(ports[place])", "--webui-port",
          "\(ports[place + 1])", "--cores", "1", "--memory", "600m", "--work-dir", folder.path("work\(place)"), master,
        ], memory: "256m")
    }
    let settings = [
      "spark.connect.grpc.binding.address=127.0.0.1", "spark.connect.grpc.binding.port=\(port)",
      "spark.driver.host=127.0.0.1", "spark.driver.bindAddress=127.0.0.1", "spark.ui.enabled=false",
      "spark.sql.warehouse.dir=\(folder.path("warehouse"))", "spark.executor.cores=1", "spark.executor.memory=512m",
    ]
    try start(
      "spark-submit",
      [
        "--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "--master", master, "--driver-memory",
        "600m",
      ]
        + settings.flatMap { ["--conf", $0] } + ["spark-internal"])
    let end = ContinuousClock.now + .seconds(120)
    while ContinuousClock.now < end {
      if (try? HTTPClient(port: port, seconds: 5)) != nil, executors().count == 2 { return }
      usleep(200_000)
    }
    let said = FileManager.default.contents(atPath: folder.path("error")) ?? Data()
    throw ProgramError("Spark did not come up; it said: \(String(decoding: said.suffix(2000), as: UTF8.self))")
  }

  /// The processes that run the tasks of the two workers, by the ports of those.
  public func executors() -> [pid_t] {
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return processes.compactMap { pid_t($0) }.filter { process in
      guard let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") else { return false }
      let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      return words.contains { $0.hasSuffix("CoarseGrainedExecutorBackend") }
        && workerPorts.contains { words.contains("spark://Worker@127.0.0.1:\($0)") }
    }
  }
}
