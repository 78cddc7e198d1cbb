// What transforms of texts and tables have learnt, as tables.

extension Vectorise {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    let about = FittedState.Section([
      ("texts", learned["texts"] ?? .missing),
      ("terms", .number(Double(learned.texts("terms").count))),
    ])
    let (terms, counts, idf) = (learned.texts("terms"), learned.numbers("counts"), learned.numbers("idf"))
    guard !terms.isEmpty else {
      let weights = idf.enumerated().map { place, weight -> [Parameter] in [.number(Double(place)), .number(weight)] }
      return [.init([("texts", learned["texts"] ?? .missing)]), .init("Buckets", ["bucket", "IDF"], weights)]
    }
    let rows = terms.enumerated().map { place, term -> [Parameter] in
      var row: [Parameter] = [.text(term)]
      if !counts.isEmpty { row.append(counts.indices.contains(place) ? .number(counts[place]) : .missing) }
      if !idf.isEmpty { row.append(idf.indices.contains(place) ? .number(idf[place]) : .missing) }
      return row
    }
    let headings = ["term"] + (counts.isEmpty ? [] : ["texts with it"]) + (idf.isEmpty ? [] : ["IDF"])
    return [about, FittedState.Section("Vocabulary", headings, rows)]
  }
}

extension ParseValues {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    let rows = learned.byColumn(parameters).map { column, value -> [Parameter] in
      let figures = Parameters(value.record ?? [:])
      let formats = figures.texts("formats").joined(separator: " or ")
      return [
        .text(column), .text(formats.isEmpty ? "–" : formats), figures["texts"] ?? .missing,
        figures["unreadable"] ?? .missing,
      ]
    }
    return [FittedState.Section("", ["column", "format", "texts", "unreadable"], rows)]
  }
}

extension Pivot {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    let column = parameters.text("column") ?? "value"
    return [.init("", ["value of \(column) that is a column"], learned.texts("values").map { [.text($0)] })]
  }
}

extension DropMissingColumns {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    let dropped = learned.texts("dropped")
    return [.init("", ["column that is dropped"], (dropped.isEmpty ? ["(none)"] : dropped).map { [.text($0)] })]
  }
}

extension Unnest {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    let keys = learned.rows("keys").map { [$0["key"] ?? .missing, $0["type"] ?? .missing] }
    let rest = learned["unreadable"].map { [FittedState.Section([("texts without an object", $0)])] } ?? []
    return [.init("", ["key", "type"], keys)] + rest
  }
}

extension Explode {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    let rest = learned["unreadable"].map { [("texts without an array", $0)] } ?? []
    return [.init([("type of the elements", learned["type"] ?? .missing)] + rest)]
  }
}

extension CustomSQL {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    let columns = learned.rows("columns").map { [$0["name"] ?? .missing, $0["type"] ?? .missing] }
    return [.init("", ["column", "type"], columns)]
  }
}

extension Split {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    [.init([("different values of \(parameters.text("stratify") ?? "the column")", learned["groups"] ?? .missing)])]
  }
}

extension Flatten {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    [.init([("columns", learned["length"] ?? .missing)])]
  }
}

extension SplitText {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    [.init([("most parts of a text", learned["parts"] ?? .missing)])]
  }
}

extension StandardiseLength {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    [.init([("rows of each series", learned["length"] ?? .missing)])]
  }
}

extension ValidateTimestamps {
  public static func sections(_ parameters: Parameters, learned: Parameters) -> [FittedState.Section] {
    [.init([("rows without a valid time", learned["invalid"] ?? .missing)])]
  }
}
