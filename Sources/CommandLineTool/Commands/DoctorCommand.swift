import ArgumentParser
import Engine
import Foundation
import Frame
import Grid
import Learn
import Settings

/// `assay doctor`.
struct DoctorCommand: HeadlessCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Show versions of the native libraries, what the terminal can do, and how many threads run.")

  @Flag(help: "Print JSON.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Write the glyph set that the ruler shows to be whole into config.toml: auto, braille, block or ascii."))
  var setGlyphs: GlyphChoice?

  func run(_ headless: Headless) throws {
    if let setGlyphs { return try keep(setGlyphs, headless) }
    let report = DoctorReport(headless.console, headless.surroundings)
    if json {
      try headless.writeJSON(report)
    } else {
      try headless.console.write(report.lines.joined(separator: "\n") + "\n")
    }
    if let missing = report.libraries.first(where: { $0.problem != nil }) {
      throw MissingLibrary(description: "\(missing.name): \(missing.problem ?? "") Run Sources/Native/bootstrap.")
    }
  }

  private func keep(_ glyphs: GlyphChoice, _ headless: Headless) throws {
    let path = Locations(environment: headless.surroundings.environment).configFile
    try ConfigFile.write(["glyphs": glyphs.rawValue], to: path)
    headless.console.tell("assay: \(path): glyphs = \"\(glyphs.rawValue)\"")
    let settings = headless.console.settings["glyphs"]
    if case .variable(let name) = settings.origin {
      headless.console.tell("assay: note: \(name) is set to \(settings.text) and wins over the file")
    }
  }

  private struct MissingLibrary: Error, CustomStringConvertible { let description: String }
}

/// What `assay doctor` finds.
struct DoctorReport: Encodable {
  struct Library: Encodable {
    let name: String
    var version: String?
    var detail: String?
    var problem: String?
  }

  struct Terminal: Encodable {
    let type: String
    let isTerminal: Bool
    let columns: Int?
    let rows: Int?
    /// Colours by terminfo; nil where there is no entry.
    let colors: Int?
    /// Colours that assay would use: 2, 16, 256 or 16,777,216.
    let colorsUsed: Int
    let glyphs: String
    let locale: String
  }

  struct OpenMP: Encodable {
    /// What the run-time says about itself, in the running process.
    var waitPolicy: String?
    var spinCount: String?
    var waitsPassively: Bool?
    /// The variable in the environment of the process.
    var environment: String?
    var problem: String?
  }

  let assay: String
  let libraries: [Library]
  let terminal: Terminal
  let processors: Int
  let threads: Int
  let memory: Int
  let openmp: OpenMP
  let locations: [String: String]

  init(_ console: Console, _ surroundings: Surroundings) {
    assay = assayVersion
    let environment = surroundings.environment
    let library = surroundings.terminalLibrary()
    libraries = [Self.duckDB, Self.lightGBM, Self.xgboost, Self.ncurses(library), Self.utf8proc]
    let settings = console.settings
    let depth = console.environment.colorDepth(option: settings.color, terminfo: library?.colors)
    terminal = Terminal(
      type: console.environment.type, isTerminal: console.outputIsTerminal, columns: console.size?.width,
      rows: console.size?.height, colors: library?.colors, colorsUsed: Self.colors(depth),
      glyphs: (settings.glyphs ?? console.environment.glyphs).rawValue,
      locale: ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? "")
    processors = ProcessInfo.processInfo.processorCount
    threads = settings.threads ?? ProcessInfo.processInfo.activeProcessorCount
    memory = settings.memory ?? DatabaseOptions.defaultMemoryLimit
    openmp = Self.openMP
    let places = Locations(environment: environment)
    locations = ["config": places.configFile, "themes": places.themes, "state": places.state, "cache": places.cache]
  }

  // MARK: Libraries

  private static var duckDB: Library {
    var library = Library(name: "DuckDB", version: Database.libraryVersion)
    do {
      let found = try Database().query("SELECT source_id FROM pragma_version()")
      library.detail = found.isEmpty ? nil : found.text(0, 0).map { "source_id \($0)" }
    } catch {
      library.problem = "\(error)"
    }
    return library
  }

  private static var lightGBM: Library { boosting("LightGBM", LightGBM.versionText) }

  private static var xgboost: Library { boosting("XGBoost", XGBoost.versionText) }

  private static func boosting(_ name: String, _ version: () throws -> String) -> Library {
    do {
      let text = try version()
      let parts = text.split(separator: " ", maxSplits: 1)
      let place = parts.dropFirst().first.map { String($0.drop { $0 == "(" }.prefix { $0 != ")" }) }
      return Library(name: name, version: parts.first.map(String.init), detail: place)
    } catch {
      return Library(name: name, problem: "\(error)")
    }
  }

  private static func ncurses(_ library: Surroundings.TerminalLibrary?) -> Library {
    Library(name: "ncurses", version: library?.version)
  }

  private static var utf8proc: Library { Library(name: "utf8proc", version: TextWidth.libraryVersion) }

  private static var openMP: OpenMP {
    var report = OpenMP(environment: getenv("OMP_WAIT_POLICY").map { String(cString: $0) })
    do {
      let settings = try LightGBM.openMPSettings()
      report.waitPolicy = settings.values["OMP_WAIT_POLICY"]
      report.spinCount = settings.values["GOMP_SPINCOUNT"]
      report.waitsPassively = settings.waitsPassively
      // Loading the library may set the variable first.
      report.environment = getenv("OMP_WAIT_POLICY").map { String(cString: $0) }
    } catch {
      report.problem = "\(error)"
    }
    return report
  }

  private static func colors(_ depth: ColorDepth) -> Int {
    switch depth {
    case .mono: 2
    case .ansi16: 16
    case .indexed256: 256
    case .direct: 1 << 24
    }
  }

  private enum CodingKeys: String, CodingKey {
    case assay, libraries, terminal, processors, threads, openmp, locations
    case memory = "memory_limit"
  }
}

extension DoctorReport.Terminal {
  private enum CodingKeys: String, CodingKey {
    case type, columns, rows, colors, glyphs, locale
    case isTerminal = "is_terminal"
    case colorsUsed = "colors_used"
  }
}

extension DoctorReport.OpenMP {
  private enum CodingKeys: String, CodingKey {
    case environment, problem
    case waitPolicy = "wait_policy"
    case spinCount = "spin_count"
    case waitsPassively = "waits_passively"
  }
}
