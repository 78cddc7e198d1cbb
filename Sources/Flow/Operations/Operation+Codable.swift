// The JSON form of operations: `{"type": "filter", "where": "age > 30"}`. Written by hand so that files stay readable
// and do not change when a Swift name does.

import Frame

extension Operation: Codable {
  private enum CodingKeys: String, CodingKey {
    case type, source, casts, condition = "where", columns, names, name, expression, keys, sample, rules
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let type = try container.decode(String.self, forKey: .type)
    guard let kind = Kind(rawValue: type) else {
      throw FlowError.unknownOperation(type)
    }
    if kind.transform != nil {
      var parameters = try Parameters(from: decoder)
      parameters[CodingKeys.type.rawValue] = nil
      self = .transform(TransformSpec(type, parameters))
      return
    }
    switch kind {
    case .source: self = .source(try container.decode(Source.self, forKey: .source))
    case .cast: self = .cast(try container.decode([Cast].self, forKey: .casts))
    case .filter: self = .filter(try container.decode(String.self, forKey: .condition))
    case .select: self = .select(try container.decode([String].self, forKey: .columns))
    case .drop: self = .drop(try container.decode([String].self, forKey: .columns))
    case .rename: self = .rename(try container.decode([Renaming].self, forKey: .names))
    case .derive:
      self = .derive(
        name: try container.decode(String.self, forKey: .name),
        expression: try container.decode(String.self, forKey: .expression))
    case .sort: self = .sort(try container.decode([SortKey].self, forKey: .keys))
    case .sample: self = .sample(try container.decode(Sampling.self, forKey: .sample))
    case .impute: self = .impute(try container.decode([ImputeRule].self, forKey: .rules))
    default: throw FlowError.unknownOperation(type)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind.rawValue, forKey: .type)
    switch self {
    case .source(let source): try container.encode(source, forKey: .source)
    case .cast(let casts): try container.encode(casts, forKey: .casts)
    case .filter(let condition): try container.encode(condition, forKey: .condition)
    case .select(let columns), .drop(let columns): try container.encode(columns, forKey: .columns)
    case .rename(let names): try container.encode(names, forKey: .names)
    case .derive(let name, let expression):
      try container.encode(name, forKey: .name)
      try container.encode(expression, forKey: .expression)
    case .sort(let keys): try container.encode(keys, forKey: .keys)
    case .sample(let sampling): try container.encode(sampling, forKey: .sample)
    case .impute(let rules): try container.encode(rules, forKey: .rules)
    case .transform(let spec):
      var names = encoder.container(keyedBy: ParameterKey.self)
      for (name, value) in spec.parameters.values { try names.encode(value, forKey: ParameterKey(name)) }
    }
  }
}

/// Any name of a parameter.
private struct ParameterKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension Sampling: Codable {
  private enum CodingKeys: String, CodingKey { case method, rows, fraction, column, seed }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let seed = try container.decodeIfPresent(UInt64.self, forKey: .seed) ?? 0
    let method = try container.decode(String.self, forKey: .method)
    switch method {
    case "first": self = .first(try container.decode(Int.self, forKey: .rows))
    case "random": self = .random(try container.decode(Int.self, forKey: .rows), seed: seed)
    case "fraction": self = .fraction(try container.decode(Double.self, forKey: .fraction), seed: seed)
    case "stratified":
      let column = try container.decode(String.self, forKey: .column)
      self = .stratified(try container.decode(Int.self, forKey: .rows), column: column, seed: seed)
    default: throw FlowError.unknownChoice(method, of: "sample method", known: Self.methods)
    }
  }

  static let methods = ["first", "random", "fraction", "stratified"]

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .first(let rows):
      try container.encode("first", forKey: .method)
      try container.encode(rows, forKey: .rows)
    case .random(let rows, let seed):
      try container.encode("random", forKey: .method)
      try container.encode(rows, forKey: .rows)
      try container.encode(seed, forKey: .seed)
    case .fraction(let share, let seed):
      try container.encode("fraction", forKey: .method)
      try container.encode(share, forKey: .fraction)
      try container.encode(seed, forKey: .seed)
    case .stratified(let rows, let column, let seed):
      try container.encode("stratified", forKey: .method)
      try container.encode(rows, forKey: .rows)
      try container.encode(column, forKey: .column)
      try container.encode(seed, forKey: .seed)
    }
  }
}

extension ImputeRule: Codable {
  private enum CodingKeys: String, CodingKey { case column, strategy, value }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let column = try container.decode(String.self, forKey: .column)
    let name = try container.decode(String.self, forKey: .strategy)
    switch name {
    case "mean": self.init(column, .mean)
    case "median": self.init(column, .median)
    case "mode": self.init(column, .mode)
    case "constant": self.init(column, .constant(try container.decode(Value.self, forKey: .value)))
    default: throw FlowError.unknownChoice(name, of: "impute strategy", known: Self.strategies)
    }
  }

  static let strategies = ["mean", "median", "mode", "constant"]

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(column, forKey: .column)
    try container.encode(strategy.name, forKey: .strategy)
    if case .constant(let value) = strategy { try container.encode(value, forKey: .value) }
  }
}
