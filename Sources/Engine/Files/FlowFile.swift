import Flow
import Foundation

/// A data flow as it is edited and as it is kept on disk: the steps, and the analyses with their results.
///
/// The file is JSON with a version. Results stand in it, so that opening a flow shows them without computing anything.
public struct FlowFile: Codable, Sendable, Equatable {
  /// The version that this program writes.
  public static let currentVersion = 1

  public var version: Int
  public var name: String
  public var graph: FlowGraph
  public var analyses: [Analysis]
  /// The column that models predict, when the user has set one.
  public var target: String?
  /// Analyses and destinations of Data Wrangler that assay has not: kept for its file.
  public var attachments: [DataWranglerAttachment] = []
  /// What came of the file where it was one of Data Wrangler; not saved.
  public var reading: DataWranglerReading?
  /// The next id of an analysis.
  private var nextAnalysis: Int

  public init(name: String = "untitled", graph: FlowGraph = FlowGraph(), analyses: [Analysis] = []) {
    version = Self.currentVersion
    self.name = name
    self.graph = graph
    self.analyses = analyses
    nextAnalysis = (analyses.map(\.id).max() ?? 0) + 1
  }

  private enum CodingKeys: String, CodingKey { case version, name, graph, analyses, target, attachments, nextAnalysis }

  public init(from decoder: any Decoder) throws {
    let box = try decoder.container(keyedBy: CodingKeys.self)
    version = try box.decode(Int.self, forKey: .version)
    name = try box.decode(String.self, forKey: .name)
    graph = try box.decode(FlowGraph.self, forKey: .graph)
    analyses = try box.decode([Analysis].self, forKey: .analyses)
    target = try box.decodeIfPresent(String.self, forKey: .target)
    attachments = try box.decodeIfPresent([DataWranglerAttachment].self, forKey: .attachments) ?? []
    nextAnalysis = try box.decode(Int.self, forKey: .nextAnalysis)
  }

  public func encode(to encoder: any Encoder) throws {
    var box = encoder.container(keyedBy: CodingKeys.self)
    try box.encode(version, forKey: .version)
    try box.encode(name, forKey: .name)
    try box.encode(graph, forKey: .graph)
    try box.encode(analyses, forKey: .analyses)
    try box.encodeIfPresent(target, forKey: .target)
    if !attachments.isEmpty { try box.encode(attachments, forKey: .attachments) }
    try box.encode(nextAnalysis, forKey: .nextAnalysis)
  }

  /// Adds an analysis and returns its id.
  /// - Parameter id: nil takes the next one that is free.
  @discardableResult
  public mutating func add(_ spec: AnalysisSpec, name: String? = nil, on node: StepID, id: Int? = nil) -> Int {
    let id = id ?? nextAnalysis
    nextAnalysis = max(nextAnalysis, id + 1)
    analyses.append(Analysis(id: id, name: name ?? spec.defaultName, node: node, spec: spec))
    return id
  }

  public subscript(analysis id: Int) -> Analysis? {
    get { analyses.first { $0.id == id } }
    set {
      guard let index = analyses.firstIndex(where: { $0.id == id }) else { return }
      if let newValue { analyses[index] = newValue } else { analyses.remove(at: index) }
    }
  }

  /// The analyses of one step, in the order in which they were added.
  public func analyses(of node: StepID) -> [Analysis] { analyses.filter { $0.node == node } }
}

/// What can be wrong with a `.flow` file.
public enum FlowFileError: Error, Equatable, Sendable, CustomStringConvertible {
  case notFound(String)
  case unreadable(String, String)
  case notAFlow(String, String)
  case notImported(String, String)
  case newer(String, Int)
  case notWritten(String, String)

  public var description: String {
    switch self {
    case .notFound(let path): "\(path): there is no such file. Check the path, or open a dataset to begin a new flow."
    case .unreadable(let path, let why): "\(path): cannot be read (\(why))."
    case .notAFlow(let path, let why):
      "\(path): is not a flow of assay (\(why)). A flow is the JSON file that assay saves with ^S, or one of Data Wrangler."
    case .notImported(let path, let why): "\(path): cannot be read as a flow of Data Wrangler (\(why))."
    case .newer(let path, let version):
      "\(path): was saved by a newer assay (format \(version); this one reads up to \(FlowFile.currentVersion))."
    case .notWritten(let path, let why): "\(path): could not be saved (\(why)). The flow in memory is unchanged."
    }
  }
}

extension FlowFile {
  /// Reads a flow: a file of assay, or one of Data Wrangler (`reading` says then what came of it).
  /// - Throws: `FlowFileError`.
  public init(contentsOf path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else { throw FlowFileError.notFound(path) }
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw FlowFileError.unreadable(path, Self.reason(error))
    }
    if let imported = try Self.dataWrangler(data, path: path) {
      self = imported
      return
    }
    struct Header: Decodable { let version: Int? }
    if let header = try? JSONDecoder().decode(Header.self, from: data), let version = header.version,
      version > Self.currentVersion
    {
      throw FlowFileError.newer(path, version)
    }
    do {
      self = try Self.decoder.decode(FlowFile.self, from: data)
    } catch {
      throw FlowFileError.notAFlow(path, Self.reason(error))
    }
  }

  /// Writes the flow to a file beside `path` and renames it, so that a crash or a full disk leaves the old one whole.
  /// - Throws: `FlowFileError.notWritten`.
  public func write(to path: String) throws {
    do {
      let data = try Self.encoder.encode(self)
      let url = URL(fileURLWithPath: path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try data.write(to: url, options: .atomic)
    } catch {
      throw FlowFileError.notWritten(path, Self.reason(error))
    }
  }

  static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return encoder
  }

  static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return decoder
  }

  static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "it has no \"\(key.stringValue)\""
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "it is not valid JSON"
        : context.codingPath.map(\.stringValue).joined(separator: ".") + ": "
          + context.debugDescription
    case let error as CocoaError where error.code == .fileWriteOutOfSpace: "the disk is full"
    case let error as CocoaError where error.code == .fileWriteNoPermission || error.code == .fileReadNoPermission:
      "permission denied"
    case let error as FlowError: error.description
    default: (error as NSError).localizedDescription
    }
  }
}
