import Foundation
import ProgramDriver
import Testing

/// A server as a process of its own: the command line, signals, and what a container asks for.
@Suite(.serialized) struct ServeTests {
  private static let rows: String = {
    var text = "age,city,score,pay\n"
    for row in 0..<160 {
      let age = 20 + row * 7 % 40
      let city = ["Rome", "\"Os,lo\"", "Bern", ""][row % 4]
      text += "\(age),\(city),\(Double(row * 13 % 17) / 4),\(age + row * 5 % 9 > 42 ? "high" : "low")\n"
    }
    return text
  }()

  /// A folder with `train.csv` and `model`, made once.
  private static let trained: Result<TemporaryFolder, any Error> = Result {
    let folder = try TemporaryFolder()
    let file = try folder.file("train.csv", rows)
    let answer = try assay(
      "automl", file, "--target", "pay", "--max-candidates", "3", "--preset", "quick", "--seed", "1", "-o",
      folder.path("model"))
    guard answer.exitCode == 0 else { throw ProgramError(answer.error) }
    return folder
  }

  /// A running `assay serve`.
  private final class Running {
    let process = Process()
    private let errors = Pipe()
    let address: String

    init(_ arguments: [String], environment: [String: String] = [:]) throws {
      process.executableURL = URL(fileURLWithPath: try Program.built("assay"))
      process.arguments = ["serve"] + arguments
      process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
      process.standardError = errors
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      var said = ""
      while let data = try? errors.fileHandleForReading.read(upToCount: 1), !data.isEmpty {
        said += String(decoding: data, as: UTF8.self)
        if said.contains("Ctrl-C stops\n") { break }
      }
      guard let match = said.firstMatch(of: /http:\/\/[0-9.]+:[0-9]+/) else { throw ProgramError("it said: \(said)") }
      address = String(match.0).replacing("0.0.0.0", with: "127.0.0.1")
    }

    var port: Int { Int(address.split(separator: ":").last ?? "") ?? 0 }

    func ask(_ body: String, type: String = "text/csv", headers: [String: String] = [:]) throws -> HTTPResponse {
      try HTTPClient(port: port).ask(type: type, body: body, headers: headers)
    }

    /// Ends it by a signal; returns the status and the seconds that it took.
    func end(_ signal: Int32) -> (status: Int32, seconds: Double) {
      let start = Date()
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      return (process.terminationStatus, Date().timeIntervalSince(start))
    }
  }

  @Test(arguments: [SIGTERM, SIGINT]) func itSaysWhatPredictSaysAndEndsQuietly(_ signal: Int32) throws {
    let folder = try Self.trained.get()
    let served = try Running([folder.path("model"), "--port", "0", "--fields", "predicted_label,probabilities"])
    #expect(try HTTPClient(port: served.port).ask("GET", "/ping", type: nil).status == 200)
    let answer = try served.ask(Self.rows).body
    let predicted = try assay("predict", folder.path("model"), folder.path("train.csv"), "--proba")
    let expected = predicted.output.split(separator: "\n").dropFirst().map { line in
      let cells = line.split(separator: ",")
      return "\(cells[0]),\"[\(cells[1]), \(cells[2])]\""
    }
    #expect(answer.split(separator: "\n").map(String.init) == expected)
    let (status, seconds) = served.end(signal)
    #expect(status == 0 && seconds < 5)
  }

  @Test func withoutAModelItIsTheServerOfAContainer() throws {
    let folder = try Self.trained.get()
    let served = try Running(
      [],
      environment: [
        "SM_MODEL_DIR": folder.path("model"), "SAGEMAKER_BIND_TO_PORT": "0",
        "SAGEMAKER_INFERENCE_OUTPUT": "probability,predicted_label", "SAGEMAKER_BATCH": "true",
      ])
    let answer = try served.ask(
      #"{"instances":[{"features":[30,"Rome",1.5]}]}"#, type: "application/json"
    ).body
    #expect(
      answer.contains(/^\{"predictions":\[\{"probability":0\.\d+,"predicted_label":"(low|high)"\}\]\}\n$/), "\(answer)")
    #expect(served.end(SIGTERM).status == 0)
  }

  @Test func aTokenFileClosesTheDoor() throws {
    let folder = try Self.trained.get()
    let token = try folder.file("token", "sesame-sesame\n")
    let served = try Running([folder.path("model"), "--port", "0", "--token-file", token])
    #expect(try served.ask("30,Rome,1.5").status == 401)
    let answer = try served.ask("30,Rome,1.5", headers: ["Authorization": "Bearer sesame-sesame"]).body
    #expect(["low\n", "high\n"].contains(answer))
    _ = served.end(SIGTERM)
    let short = try folder.file("short", "abc\n")
    let refused = try assay("serve", folder.path("model"), "--port", "0", "--token-file", short)
    #expect(refused.exitCode == 1 && refused.error.contains("holds no token"))
  }

  @Test func wrongRequestsAreRefusedInOneSentence() throws {
    let folder = try Self.trained.get()
    #expect(try assay("serve", folder.path("nothing")).error.contains("there is no model in it"))
    #expect(try assay("serve", folder.path("model"), "--port", "70000").exitCode == 2)
    let field = try assay("serve", folder.path("model"), "--fields", "label")
    #expect(field.exitCode == 2 && field.error.contains("predicted_label, probability, probabilities, labels"))
  }

  @Test func aModelIsShownAndDescribed() throws {
    let folder = try Self.trained.get()
    let model = folder.path("model")
    let shown = try assay("model", "show", model, "--json").json()
    #expect(shown["problem"] as? String == "binary" && shown["target"] as? String == "pay")
    #expect((shown["features"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == ["age", "city", "score"])
    #expect((shown["training"] as? [String: Any])?["position"] as? Int == 1)
    let text = try assay("model", "show", model).output
    #expect(text.hasPrefix("binary classification of pay\nclasses: ") && text.contains("all as the manifest says"))
    let card = folder.path("CARD.md")
    #expect(try assay("model", "card", model, "-o", card).error == "wrote the card to \(card)\n")
    let lines = try folder.read("CARD.md")
    for heading in [
      "# Model of pay", "## How good it is", "## What it is made of", "## What it needs", "## How it was trained",
      "## Files",
    ] {
      #expect(lines.contains("\n" + heading + "\n") || lines.hasPrefix(heading + "\n"), "\(heading)")
    }
    let written = folder.path("card.json")
    #expect(try assay("model", "card", model, "-o", written).exitCode == 0)
    #expect(try assay("model", "card", model, "-o", folder.path("card.txt")).exitCode == 2)
    // A model with a changed byte is not shown at all.
    let damaged = folder.path("damaged")
    try FileManager.default.copyItem(atPath: model, toPath: damaged)
    let path = try #require(try folder.read("damaged/manifest.json").firstMatch(of: /"path":"([^"]+)"/)).1
    let tree = damaged + "/" + path
    var data = try Data(contentsOf: URL(fileURLWithPath: tree))
    data[data.count / 2] ^= 1
    try data.write(to: URL(fileURLWithPath: tree))
    let refused = try assay("model", "show", damaged)
    #expect(refused.exitCode == 1 && refused.error.contains("the model is damaged"))
  }

  @Test func aContainerFolderHoldsAllThatAnImageNeeds() throws {
    let folder = try Self.trained.get()
    let image = folder.path("image")
    let written = try Program.run(
      try Program.built("assay"), ["model", "container", folder.path("model"), "-o", image])
    #expect(written.status == .exited(0), "\(written.errorText)")
    let dockerfile = try folder.read("image/Dockerfile")
    #expect(dockerfile.contains("\nENTRYPOINT [\"/opt/assay/assay\"]\nCMD [\"serve\"]\n"))
    #expect(dockerfile.contains("COPY model /opt/ml/model\n"))
    let libraries = try FileManager.default.contentsOfDirectory(atPath: image + "/program/lib")
    for name in ["libduckdb.so", "lib_lightgbm.so", "libxgboost.so"] {
      #expect(libraries.contains { $0.hasPrefix(name) }, "\(name) is not among \(libraries.sorted())")
    }
    #expect(!libraries.contains { $0.hasPrefix("libc.so") })
    // The same program in its new place, as the image starts it.
    let served = Process()
    served.executableURL = URL(fileURLWithPath: image + "/program/assay")
    served.arguments = ["serve", "--log", image + "/log"]
    served.environment = [
      "LD_LIBRARY_PATH": image + "/program/lib", "LC_ALL": "C.UTF-8", "HOME": "/tmp", "SM_MODEL_DIR": image + "/model",
      "SAGEMAKER_BIND_TO_PORT": "18473",
    ]
    try served.run()
    defer {
      served.terminate()
      served.waitUntilExit()
    }
    var status = 0
    for _ in 0..<200 where status != 200 {
      usleep(50_000)
      status = (try? HTTPClient(port: 18_473).ask("GET", "/ping", type: nil).status) ?? 0
    }
    #expect(status == 200)
    #expect(try assay("model", "container", folder.path("model"), "-o", image).error.contains("it exists already"))
  }
}
