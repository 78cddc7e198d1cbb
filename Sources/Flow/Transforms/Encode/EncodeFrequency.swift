import Frame

/// Categories as how often they occur in the rows the step was fitted on.
public enum EncodeFrequency: Transform {
  public static let info = OperationInfo(
    "encode-frequency", .encode, "Encode by frequency", help: "Put in place of a category how frequent it is.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, fit: .category, help: "The columns to encode."),
      ParameterInfo(
        "measure", "Measure", .choice(["count", "share"]), initial: "count",
        help: "count: the number of rows. share: of the rows with a value, 0 to 1."),
      ParameterInfo(
        "unseen", "Unseen categories", .choice(["zero", "missing"]), initial: "zero",
        help: "What categories become that were not there at fitting. Missing values stay missing."),
      ParameterInfo(
        "suffix", "Suffix", .text, isOptional: true,
        help: "Writes into new columns of the old names with this suffix; replaces the columns where empty."),
    ])

  public static func learns(_ parameters: Parameters) -> Bool { true }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    var learned: [String: Parameter] = [:]
    for column in try call.columns(.category) {
      let found = try Categories.counted(column, call, reader)
      learned[column.name] = [
        "categories": .list(found.map { .text($0.name) }),
        "counts": .list(found.map { .number(Double($0.count)) }),
      ]
    }
    return Parameters(learned)
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let learned = try call.fitted()
    let isShare = call.parameters.text("measure") == "share"
    let type = isShare ? "DOUBLE" : "BIGINT"
    return try call.writing(
      try call.columns(.category).map { column in
        let figures = Parameters(learned?[column.name]?.record ?? [:])
        var values = figures.numbers("counts")
        let total = values.reduce(0, +)
        if isShare { values = values.map { $0 / total } }
        var sql = Categories(figures.texts("categories")).value(column, values)
        if call.parameters.text("unseen") != "missing" {
          sql = "CASE WHEN \(column.isMissing) THEN NULL ELSE coalesce(\(sql), 0) END"
        }
        return .init(column, "CAST(\(sql) AS \(type))", type: type)
      })
  }
}
