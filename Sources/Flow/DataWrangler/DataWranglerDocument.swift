// The file of a SageMaker Data Wrangler flow as it is written: a list of nodes, each with an operator and its parameters.

/// A `.flow` file of Data Wrangler, version 1.
public struct DataWranglerDocument: Codable, Sendable, Equatable {
  public struct Input: Codable, Sendable, Equatable {
    public var name: String
    public var nodeID: String
    public var outputName: String

    enum CodingKeys: String, CodingKey {
      case name
      case nodeID = "node_id"
      case outputName = "output_name"
    }

    public init(name: String, nodeID: String, outputName: String = "default") {
      (self.name, self.nodeID, self.outputName) = (name, nodeID, outputName)
    }

    public init(from decoder: any Decoder) throws {
      let box = try decoder.container(keyedBy: CodingKeys.self)
      name = try box.decodeIfPresent(String.self, forKey: .name) ?? "df"
      nodeID = try box.decode(String.self, forKey: .nodeID)
      outputName = try box.decodeIfPresent(String.self, forKey: .outputName) ?? "default"
    }
  }

  public struct Output: Codable, Sendable, Equatable {
    public var name: String

    public init(_ name: String = "default") { self.name = name }
  }

  public struct Node: Codable, Sendable, Equatable {
    public var id: String
    /// SOURCE, TRANSFORM, VISUALIZATION, DESTINATION or DATASET.
    public var type: String
    /// Such as `sagemaker.spark.manage_columns_0.1`.
    public var operatorID: String
    public var name: String?
    public var parameters: Parameters
    public var trained: Parameters?
    public var inputs: [Input]
    public var outputs: [Output]

    enum CodingKeys: String, CodingKey {
      case type, name, parameters, inputs, outputs
      case id = "node_id"
      case operatorID = "operator"
      case trained = "trained_parameters"
    }

    public init(
      id: String, type: String, operatorID: String, name: String? = nil, parameters: Parameters = [:],
      trained: Parameters? = nil, inputs: [Input] = [], outputs: [Output] = [Output()]
    ) {
      (self.id, self.type, self.operatorID, self.name) = (id, type, operatorID, name)
      (self.parameters, self.trained, self.inputs, self.outputs) = (parameters, trained, inputs, outputs)
    }

    public init(from decoder: any Decoder) throws {
      let box = try decoder.container(keyedBy: CodingKeys.self)
      id = try box.decode(String.self, forKey: .id)
      type = try box.decodeIfPresent(String.self, forKey: .type) ?? "TRANSFORM"
      operatorID = try box.decode(String.self, forKey: .operatorID)
      name = try box.decodeIfPresent(String.self, forKey: .name)
      parameters = try box.decodeIfPresent(Parameters.self, forKey: .parameters) ?? [:]
      trained = try box.decodeIfPresent(Parameters.self, forKey: .trained)
      inputs = try box.decodeIfPresent([Input].self, forKey: .inputs) ?? []
      outputs = try box.decodeIfPresent([Output].self, forKey: .outputs) ?? [Output()]
    }

    /// The operator without its area and version: `manage_columns`.
    public var kind: String { Self.kind(operatorID) }

    static func kind(_ operatorID: String) -> String {
      var name = Substring(operatorID)
      if let mark = name.lastIndex(of: "_") {
        let version = name[name.index(after: mark)...]
        let isVersion = !version.isEmpty && version.allSatisfy { $0.isNumber || $0 == "." }
        if isVersion { name = name[..<mark] }
      }
      return name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? String(name)
    }
  }

  public var metadata: Parameters
  public var parameters: Parameter?
  public var nodes: [Node]

  public init(metadata: Parameters = ["version": 1, "disable_limits": false], nodes: [Node] = []) {
    (self.metadata, self.nodes) = (metadata, nodes)
  }
}

/// What a person should know of one step or analysis that comes from Data Wrangler or goes there.
public struct DataWranglerNote: Codable, Sendable, Equatable {
  public enum Weight: String, Codable, Sendable {
    /// Not done at all: the rows go on unchanged, or nothing is written.
    case missing
    /// Done, with results that may differ.
    case differs
    /// Good to know.
    case info
  }

  public var weight: Weight
  /// The step of the flow; nil where there is none.
  public var step: StepID?
  /// What the step, analysis or file is called.
  public var subject: String
  public var what: String
  public var why: String
  /// What to do about it; empty where there is nothing to do.
  public var advice: String

  public init(
    _ weight: Weight, step: StepID? = nil, _ subject: String, what: String, why: String = "", advice: String = ""
  ) {
    (self.weight, self.step, self.subject) = (weight, step, subject)
    (self.what, self.why, self.advice) = (what, why, advice)
  }

  /// One line: `s4 Custom code: is not run: Python needs Data Wrangler. Write it as SQL.`
  public var sentence: String {
    let head = [step?.rawValue, subject].compactMap { $0 }.joined(separator: " ")
    let reason = why.isEmpty ? "" : ": \(why)"
    return "\(head): \(what)\(reason)." + (advice.isEmpty ? "" : " \(advice).")
  }
}

/// An analysis or a destination of Data Wrangler: what hangs on a step and yields no rows.
public struct DataWranglerAttachment: Codable, Sendable, Equatable {
  public var step: StepID
  /// Such as `sagemaker.visualizations.histogram_0.1`.
  public var operatorID: String
  public var name: String?
  public var parameters: Parameters

  public init(step: StepID, operatorID: String, name: String? = nil, parameters: Parameters = [:]) {
    (self.step, self.operatorID, self.name, self.parameters) = (step, operatorID, name, parameters)
  }

  /// The operator without its area and version: `histogram`.
  public var kind: String { DataWranglerDocument.Node.kind(operatorID) }

  /// The person's name for it, or the operator's.
  public var title: String {
    if let name = parameters.text("name") ?? name { return name }
    return kind.replacing("_", with: " ").capitalizedFirst
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
