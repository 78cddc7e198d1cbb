import Fairness
import Foundation
import Frame

/// The bias part of an `analysis_config.json` of SageMaker Clarify.
///
/// A single number may be a value or a threshold there; the library decides by the column and its rows. Here a column of
/// reals has thresholds and any other has values, and `notes` says so where it matters.
public struct ClarifyConfig: Sendable, Equatable {
  public var spec: BiasSpec
  /// True where post-training metrics are asked for.
  public var wantsPredictions: Bool
  /// Scores above are positive.
  public var probabilityThreshold: Double?
  /// The classes in the order of the model's scores: of several scores the highest says the label.
  public var labelHeaders: [String]?
  /// What a reader has to know: what is decided here, and what is left out.
  public var notes: [String]

  /// Reads a file.
  /// - Parameter schema: the columns of the data, to tell values from thresholds, and numbers of columns from names.
  /// - Throws: `ClarifyConfigError`.
  public init(contentsOf path: String, schema: Schema) throws {
    guard let data = FileManager.default.contents(atPath: path) else { throw ClarifyConfigError.notFound(path) }
    do {
      try self.init(JSONDecoder().decode(File.self, from: data), schema: schema)
    } catch let error as ClarifyConfigError {
      throw ClarifyConfigError.unreadable(path, error.reason)
    } catch {
      throw ClarifyConfigError.unreadable(path, FlowFile.reason(error))
    }
  }

  /// A text or a number as JSON has it.
  enum Scalar: Decodable, Equatable {
    case text(String)
    case number(Double)

    init(from decoder: any Decoder) throws {
      let box = try decoder.singleValueContainer()
      if let flag = try? box.decode(Bool.self) {
        self = .text(flag ? "true" : "false")
      } else if let number = try? box.decode(Double.self) {
        self = .number(number)
      } else {
        self = .text(try box.decode(String.self))
      }
    }

    var number: Double? { if case .number(let number) = self { number } else { nil } }

    var text: String {
      switch self {
      case .text(let text): text
      case .number(let number): Int64(exactly: number).map { String($0) } ?? String(number)
      }
    }
  }

  /// One or several.
  struct Scalars: Decodable {
    var values: [Scalar]

    init(from decoder: any Decoder) throws {
      let box = try decoder.singleValueContainer()
      values = try (try? box.decode([Scalar].self)) ?? [box.decode(Scalar.self)]
    }
  }

  struct File: Decodable {
    struct Facet: Decodable {
      var column: Scalar
      var values: Scalars?

      private enum CodingKeys: String, CodingKey {
        case column = "name_or_index"
        case values = "value_or_threshold"
      }
    }

    struct Segment: Decodable {
      var column: Scalar
      var segments: [Scalars]

      private enum CodingKeys: String, CodingKey {
        case segments
        case column = "name_or_index"
      }
    }

    struct Predictor: Decodable {
      var labelHeaders: Scalars?

      private enum CodingKeys: String, CodingKey { case labelHeaders = "label_headers" }
    }

    struct Methods: Decodable {
      struct Bias: Decodable { var methods: Scalars? }

      var preTraining: Bias?
      var postTraining: Bias?

      private enum CodingKeys: String, CodingKey {
        case preTraining = "pre_training_bias"
        case postTraining = "post_training_bias"
      }
    }

    var headers: [String]?
    var label: Scalar?
    var positive: Scalars?
    var facets: [Facet]?
    var group: Scalar?
    var probabilityThreshold: Double?
    var predictedLabel: Scalar?
    var segments: [Segment]?
    var methods: Methods?
    var predictor: Predictor?

    private enum CodingKeys: String, CodingKey {
      case headers, label, methods, predictor
      case positive = "label_values_or_threshold"
      case facets = "facet"
      case group = "group_variable"
      case probabilityThreshold = "probability_threshold"
      case predictedLabel = "predicted_label"
      case segments = "segment"
    }
  }

  private init(_ file: File, schema: Schema) throws {
    let columns = ColumnLookup(headers: file.headers, schema: schema)
    guard let label = file.label else { throw ClarifyConfigError.invalid("it names no \"label\"") }
    guard let facets = file.facets, !facets.isEmpty else { throw ClarifyConfigError.invalid("it names no \"facet\"") }
    guard let positive = file.positive?.values, !positive.isEmpty else {
      throw ClarifyConfigError.invalid("it has no \"label_values_or_threshold\"")
    }
    var notes: [String] = []
    let target = columns.name(label)
    func thresholds(_ values: [Scalar], _ column: String) -> [Double]? {
      let numbers = values.compactMap(\.number)
      guard numbers.count == values.count, let kind = schema.column(named: column)?.kind else { return nil }
      if kind == .real { return numbers }
      if kind == .integer, values.count == 1 {
        notes.append(
          "\(column): \(values[0].text) is taken as a value, not a threshold; say --facet-kind or --label-threshold to "
            + "change that.")
      }
      return nil
    }
    let outcome: BiasSpec.Outcome =
      thresholds(positive, target).map { .above($0[0]) } ?? .values(positive.map(\.text))
    spec = BiasSpec(
      label: .init(column: target, positive: outcome),
      facets: facets.map { facet in
        let column = columns.name(facet.column)
        guard let values = facet.values?.values, !values.isEmpty else { return .init(column: column) }
        return .init(
          column: column, groups: thresholds(values, column).map { .above($0) } ?? .values(values.map(\.text)))
      })
    spec.group = file.group.map(columns.name)
    spec.segments = (file.segments ?? []).map { segment in
      .init(column: columns.name(segment.column), lists: segment.segments.map { $0.values.map(\.text) })
    }
    if let predicted = file.predictedLabel { spec.prediction = .label(column: columns.name(predicted)) }
    wantsPredictions = file.methods?.postTraining != nil
    probabilityThreshold = file.probabilityThreshold
    labelHeaders = file.predictor?.labelHeaders?.values.map(\.text)
    spec.metrics = try Self.metrics(file.methods)
    self.notes = notes
  }

  /// Nil for all; the metrics of stages that the file does not ask for are left out.
  private static func metrics(_ methods: File.Methods?) throws -> [BiasMetric]? {
    guard let methods, methods.preTraining != nil || methods.postTraining != nil else { return nil }
    func chosen(_ part: File.Methods.Bias?, _ all: [BiasMetric]) throws -> [BiasMetric] {
      guard let part else { return [] }
      guard let words = part.methods?.values.map(\.text), words != ["all"] else { return all }
      return try words.map { word in
        guard let metric = BiasMetric(name: word) else {
          throw ClarifyConfigError.invalid("\"\(word)\" is no bias metric")
        }
        return metric
      }
    }
    return try chosen(methods.preTraining, BiasMetric.preTraining)
      + chosen(methods.postTraining, BiasMetric.postTraining)
  }
}

/// Columns by name, or by number as CSV files without a header have them.
private struct ColumnLookup {
  let headers: [String]?
  let schema: Schema

  func name(_ given: ClarifyConfig.Scalar) -> String {
    let name = given.text
    if schema.column(named: name) != nil { return name }
    if let place = headers?.firstIndex(of: name), schema.indices.contains(place), headers?.count == schema.count {
      return schema[place].name
    }
    if let number = given.number, let place = Int(exactly: number), schema.indices.contains(place) {
      return schema[place].name
    }
    return name
  }
}

/// What can be wrong with a configuration of Clarify.
public enum ClarifyConfigError: Error, Equatable, Sendable, CustomStringConvertible {
  case notFound(String)
  case unreadable(String, String)
  case invalid(String)

  fileprivate var reason: String {
    switch self {
    case .notFound(let text), .invalid(let text), .unreadable(_, let text): text
    }
  }

  public var description: String {
    switch self {
    case .notFound(let path): "\(path): there is no such file. Name an analysis_config.json of SageMaker Clarify."
    case .unreadable(let path, let why): "\(path): cannot be read as a configuration of SageMaker Clarify: \(why)."
    case .invalid(let why): "The configuration of SageMaker Clarify: \(why)."
    }
  }
}
