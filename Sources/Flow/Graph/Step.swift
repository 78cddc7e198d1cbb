// One node of a flow: what it does, what it reads, and what it has learnt from the data.

import Frame

/// A step of a flow.
public struct Step: Sendable, Equatable, Identifiable {
  public let id: StepID
  /// The steps that this one reads: none for a source, several for a join.
  public var inputs: [StepID]
  public var operation: Operation
  /// A disabled step hands its input on unchanged.
  public var isEnabled: Bool
  /// What the user calls the step; `nil` shows the operation's title.
  public var name: String?
  public var note: String?
  /// Statistics learnt from the input, keyed by column: kept until refit, so that the same flow gives the same result on other rows.
  public var fitted: [String: Value]?
  /// What a catalogued transform has learnt from its input, kept in the same way.
  public var learned: Parameters?
  /// The rows that it has learnt from, and when; nil where that was not kept.
  public var fitting: Fitting?
  /// How another program's file says the step, where that cannot be told from what it does; gone once it is changed.
  public var origin: Parameters?

  public init(
    id: StepID, inputs: [StepID] = [], operation: Operation, isEnabled: Bool = true, name: String? = nil,
    note: String? = nil, fitted: [String: Value]? = nil, learned: Parameters? = nil,
    fitting: Fitting? = nil, origin: Parameters? = nil
  ) {
    self.id = id
    self.inputs = inputs
    self.operation = operation
    self.isEnabled = isEnabled
    self.name = name
    self.note = note
    self.fitted = fitted
    self.learned = learned
    self.fitting = fitting
    self.origin = origin
  }

  /// The user's name for the step, or the operation's title.
  public var title: String { name ?? operation.title }
}

extension Step: Codable {
  private enum CodingKeys: String, CodingKey {
    case id, inputs, operation, enabled, name, note, fitted, learned, fitting, origin
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(StepID.self, forKey: .id)
    inputs = try container.decodeIfPresent([StepID].self, forKey: .inputs) ?? []
    operation = try container.decode(Operation.self, forKey: .operation)
    isEnabled = try container.decodeIfPresent(Bool.self, forKey: .enabled) ?? true
    name = try container.decodeIfPresent(String.self, forKey: .name)
    note = try container.decodeIfPresent(String.self, forKey: .note)
    fitted = try container.decodeIfPresent([String: Value].self, forKey: .fitted)
    learned = try container.decodeIfPresent(Parameters.self, forKey: .learned)
    fitting = try container.decodeIfPresent(Fitting.self, forKey: .fitting)
    origin = try container.decodeIfPresent(Parameters.self, forKey: .origin)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    if !inputs.isEmpty { try container.encode(inputs, forKey: .inputs) }
    try container.encode(operation, forKey: .operation)
    if !isEnabled { try container.encode(false, forKey: .enabled) }
    try container.encodeIfPresent(name, forKey: .name)
    try container.encodeIfPresent(note, forKey: .note)
    try container.encodeIfPresent(fitted, forKey: .fitted)
    try container.encodeIfPresent(learned, forKey: .learned)
    try container.encodeIfPresent(fitting, forKey: .fitting)
    try container.encodeIfPresent(origin, forKey: .origin)
  }
}
