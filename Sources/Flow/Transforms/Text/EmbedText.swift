import Frame

/// Makes numbers of texts that say what they are about: the mean of the vectors of a text's words, or what an encoder
/// makes of it; all numbers of the vector, or the few directions in which the texts vary most.
///
/// The directions are learnt from the rows that the step is fitted on, and stay as they are for others. A missing text has
/// no numbers; a text of which no word is known has the vector 0.
public enum EmbedText: Transform {
  static let mostColumns = 1024

  public static let info = OperationInfo(
    "embed-text", .text, "Embed text",
    help: "Turn texts into numbers with word vectors or an encoder: texts about the same get numbers alike.",
    parameters: [
      ParameterInfo("column", "Column", .column, fit: .text, help: "The texts."),
      ParameterInfo(
        "model", "Vectors", .text,
        help:
          "A file of word vectors, a folder that a training of word vectors made, or the folder of an encoder, such "
          + "as all-MiniLM-L6-v2."),
      ParameterInfo(
        "words", "Words", .choice(["lowercase", "words", "whitespace"]), initial: "lowercase",
        help: "How texts are split for word vectors: as their training did it. An encoder splits texts itself."),
      ParameterInfo(
        "output", "Make", .choice(["components", "columns", "list"]), initial: "components",
        help: "components: the directions in which the texts vary most. columns: the vector's own numbers. list: one "
          + "column of all of them."),
      ParameterInfo(
        "components", "Components", .integer(1...200), initial: "8", when: .init("output", "components"),
        help: "How many; no more than the vectors have numbers."),
      ParameterInfo(
        "count", "Numbers", .integer(1...mostColumns), isOptional: true, when: .init("output", "columns"),
        help: "How many numbers of each vector, from its first on; empty for all."),
      ParameterInfo(
        "prefix", "Prefix", .text, isOptional: true,
        help: "Stands before 0, 1, 2…; the column's name and _ when empty."),
      ParameterInfo("drop", "Drop the text", .toggle, initial: "false", help: "Leaves the column of texts out."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    let path = parameters.text("model") ?? ""
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return "\(parameters.text("column") ?? "") by \(name)"
  }

  public static func learns(_ parameters: Parameters) -> Bool { true }

  /// The new columns as far as they are known: before the step has learnt, only those that are asked for by number.
  public static func outputs(_ call: TransformCall) throws -> [Column] {
    let column = try call.column(parameter: "column", .text)
    let prefix = call.parameters.text("prefix") ?? column.name + "_"
    if call.parameters.text("output") == "list" { return [Column(name: prefix + "vector", type: "DOUBLE[]")] }
    let isReduced = call.parameters.text("output") ?? "components" == "components"
    let wanted = isReduced ? call.parameters.integer("components") ?? 8 : call.parameters.integer("count")
    let dimensions = call.learned?.integer("dimensions")
    let count = min(wanted ?? dimensions ?? 0, dimensions ?? .max)
    guard count <= mostColumns else {
      throw call.invalid(
        "the vectors have \(count) numbers and a table takes \(mostColumns): say how many, or make components or a list"
      )
    }
    return (0..<count).map { Column(name: "\(prefix)\($0)", type: "DOUBLE") }
  }

  /// Columns alone: the rows are computed.
  public static func stage(_ call: TransformCall) throws -> TransformStage {
    if call.needsFit { throw call.invalid("vectors are computed, which SQL cannot say") }
    let column = try call.column(parameter: "column", .text)
    let outputs = try outputs(call)
    let text = SQL.identifier(column.name)
    // Stands for what is computed of the text, so that a column's way can be told.
    let items = outputs.map { output in
      TransformCall.Item(
        output.name, output.type == "DOUBLE" ? "CAST(length(\(text)) AS DOUBLE)" : "[CAST(length(\(text)) AS DOUBLE)]",
        type: output.type)
    }
    return try call.adding(items, dropping: dropped(call, column, outputs))
  }

  private static func dropped(_ call: TransformCall, _ column: Column, _ outputs: [Column]) -> [String] {
    call.parameters.flag("drop") && !outputs.isEmpty ? [column.name] : []
  }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    guard let scorer = reader.scorer else { throw call.invalid("there are no vectors to be had here") }
    return try scorer.learnEmbedding(call, reader)
  }

  public static var rows: (@Sendable (TransformCall, FitReader, _ table: String) throws -> Schema)? {
    { call, reader, table in
      guard let scorer = reader.scorer else { throw call.invalid("there are no vectors to be had here") }
      _ = try call.fitted()
      let column = try call.column(parameter: "column", .text)
      let outputs = try outputs(call)
      // Complains where a name is taken.
      let schema = try call.adding(
        outputs.map { .init($0.name, "NULL", type: $0.type) }, dropping: dropped(call, column, outputs)
      ).schema
      try scorer.embed(call, reader, into: table)
      return schema
    }
  }

  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    var facts: [(String, Parameter)] = [
      ("vectors", learned["model"] ?? .missing), ("numbers of a vector", learned["dimensions"] ?? .missing),
      ("texts", learned["texts"] ?? .missing), ("texts without a known word", learned["unknown"] ?? .missing),
    ]
    let examined = learned.number("examined") ?? 0
    if examined < learned.number("texts") ?? 0 { facts.append(("texts that were looked at", .number(examined))) }
    let sections = [FittedState.Section("", ["what", "value"], facts.map { [.text($0.0), $0.1] })]
    let variances = learned.numbers("variances")
    guard !variances.isEmpty, let total = learned.number("variance"), total > 0 else { return sections }
    let shares = variances.enumerated().map { place, variance -> [Parameter] in
      [.number(Double(place)), .number((1000 * variance / total).rounded() / 10)]
    }
    return sections + [FittedState.Section("Components", ["component", "% of the variance"], shares)]
  }
}
